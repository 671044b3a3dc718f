#pragma once
// Supervisors in a live conversation: who looks on silently, and who writes beside the colleague who has it.

#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <mutex>
#include <set>
#include <utility>

namespace chat_centre::quality {

// Silent watchers in memory, because the sockets ask for every "viewing". Any thread.
class silent_watchers {
public:
    void load(db::tx& t);
    void receive(const event::entries& batch); // from the relay: what other processes changed, too
    void set(std::int64_t conversation, std::int64_t staff, bool watching);
    bool contains(std::int64_t conversation, std::int64_t staff) const;

private:
    mutable std::mutex mutex_;
    std::set<std::pair<std::int64_t, std::int64_t>> watching_; // conversation, staff
};

// With whom this supervisor writes in the conversation: the colleague who has it; 0 when they have not joined.
std::int64_t joined_with(db::tx& t, std::int64_t conversation, std::int64_t staff);

} // namespace chat_centre::quality
