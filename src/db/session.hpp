#pragma once
// One server session: connecting, statements, errors. The only part that knows libpqxx. Used by one thread at a time.

#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat_centre::db {

class session {
public:
    explicit session(settings s);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // Throws connection_lost. Settings and channels are in force afterwards; statements are prepared on first use.
    void open();
    void close() noexcept;
    bool is_open() const noexcept;
    int server_version() const; // 150003 for 15.3; the session must be open

    // Opens first when needed. A connection that broke while it was idle shows here, where nothing has been done yet:
    // it is made again, once.
    void begin();
    // Throws failure (not committed) or connection_lost (committed or not: unknown).
    void commit();
    void rollback() noexcept; // closes the connection when that fails

    // All three throw failure or connection_lost, and close the connection with the latter.
    rows run(const query& q, const params& p);
    std::int64_t affected() const noexcept { return affected_; }
    void script(const std::string& sql); // outside begin()..commit() too

    void listen(const std::string& channel);
    bool wait_notification(std::chrono::milliseconds limit); // the session must be open
    std::string notification() const; // what the newest one said; "" when none came since open()

private:
    struct wire; // libpqxx's connection and transaction
    void apply_settings();
    void subscribe(const std::string& channel);
    const std::string& prepared(const query& q);

    settings settings_;
    std::unique_ptr<wire> wire_;
    struct statement {
        std::string name;
        std::string_view text;
    };
    std::unordered_map<std::string_view, statement> statements_; // prepared on this connection
    std::vector<std::string> channels_;
    std::int64_t affected_ = 0;
};

} // namespace chat_centre::db
