#pragma once
// One socket's subscriptions, and which events each still owes it. Pure.
//
// A subscription brings every event after `since` that its topic carries. An event reaches a socket once, however
// many of its topics carry it; after a resume the same rule decides what the replay brings and what the held
// events bring, so that nothing is missing and nothing comes twice.

#include "topic.hpp"

#include <cstdint>
#include <vector>

namespace chat_centre::realtime {

struct subscription {
    topic what;
    std::int64_t since = 0; // everything after it is brought, by replay or live
    std::int64_t from = 0;  // live: everything after it is still owed
};

class subscriptions {
public:
    const std::vector<subscription>& list() const { return list_; }
    bool has(const topic& t) const;
    void set(const topic& t, std::int64_t since, std::int64_t from); // adds it, or changes it
    bool remove(const topic& t);
    void clear() { list_.clear(); }

    // A live (or held) event is sent when some subscription owes it.
    bool owes(const event::entry& e, std::int64_t staff) const;

    // A replayed event is sent when one of the topics asked for carries it and none of the others does after its
    // `since`: that one has brought it, or it is held.
    bool replays(const std::vector<topic>& asked, const event::entry& e, std::int64_t staff) const;

private:
    std::vector<subscription> list_;
};

// How far a replay must go. `since` is what the client has seen; `target` the newest event that had been handed
// out when holding began: everything after it is held.
class replay_range {
public:
    replay_range(std::int64_t since, std::int64_t target) : reached_(since), target_(target) {}

    std::int64_t after() const { return reached_; } // where the next page starts
    bool done() const { return reached_ >= target_; }
    // False when a page brings no progress: the log no longer has what is missing.
    bool advance(std::int64_t page_reached);

private:
    std::int64_t reached_;
    std::int64_t target_;
};

} // namespace chat_centre::realtime
