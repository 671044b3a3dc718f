#pragma once
// How to reach PostgreSQL, and a single connection for a thread that keeps one for itself.

#include <chat_centre/db/tx.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace chat_centre::db {

struct settings {
    std::string url; // libpq connection string or URI
    std::string application_name = "chat-centre";
    std::chrono::milliseconds statement_timeout{5000}; // 0: none
    std::chrono::milliseconds lock_timeout{2000};      // 0: none
    bool synchronous_commit =
        true; // invariant 1: off only where what a power cut takes is done again (index, followers)
    // For sessions whose every statement finds a few rows by their keys. A plan made while a table was young and
    // without statistics reads all of it, and a prepared statement keeps that plan while the table grows.
    bool always_use_indexes = false;
};

// A connection of its own for one long-lived thread (the append lane, the relay). Not thread-safe. A broken one is
// made again by the next call, with its settings, statements and channels.
class connection {
public:
    virtual ~connection() = default;
    // BEGIN, work, COMMIT; reconnects first when the connection is broken. Work is never run twice.
    // Throws failure, connection_lost, or what work throws (after ROLLBACK).
    virtual void transact(const std::function<void(tx&)>& work) = 0;
    // Work without BEGIN: every statement is a transaction of its own. Reconnects first when the connection is known to
    // be broken. Throws like transact(); connection_lost leaves open whether the last statement was committed.
    virtual void autocommit(const std::function<void(tx&)>& work) = 0;
    virtual void listen(const std::string& channel) = 0; // throws connection_lost
    // Waits for a notification at most this long; true when one came, or when the connection had to be made again
    // first, since notifications may have been missed meanwhile. Throws connection_lost.
    virtual bool wait_notification(std::chrono::milliseconds limit) = 0;
    // The payload of the newest notification; "" when none came since the connection was made.
    virtual std::string notification() const = 0;
};
std::unique_ptr<connection> connect(const settings& s); // throws connection_lost

} // namespace chat_centre::db
