#pragma once
// Keeps the search index up with what happens: follows the event log for messages and conversations, and looks once a
// second which contacts and tickets have changed. A thread of its own with one connection; of several processes one
// works at a time. What it has stored and how far it is are one transaction, so a crash repeats nothing.

#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace chat_centre::search {

// How long to leave the database alone after a batch. Normally what happens is found within half a second; in a flood
// of messages the index takes a tenth of one core and falls behind, and catches up when it is over.
struct batch_facts {
    std::int64_t left = 0;        // events still to be indexed
    double events_per_second = 0; // that arrived since the batch before
    std::chrono::milliseconds took{0};
};
std::chrono::milliseconds pause_after(const batch_facts& f);

class indexer {
public:
    explicit indexer(db::settings s);
    ~indexer();
    void start();
    void notice(const event::entries& batch); // any thread: there is something new
    void stop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::search
