#pragma once
// The short way of a batch that only adds messages to open conversations, which is nearly every batch: one statement to
// store it, and before that one to look when the conversations are not remembered, instead of seven round trips under
// locks. Each round trip waits for two busy processes to be scheduled, so their number, not their work, is what limits
// one lane.
//
// What is remembered may be out of date: the storing statement refuses the batch when a conversation has another
// version or a message is there already. Nothing but success is concluded from memory.

#include "conversation/batch.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace chat_centre::conversation {

// For the lane's thread only. `clock` outlives it.
class short_way {
public:
    explicit short_way(const clock_source& clock) : clock_(clock) {}

    // The plan, stored and committed, its events numbered. nullopt, and nothing stored, when the batch needs more than
    // that or something changed in between: take the way under locks. Throws connection_lost when it is unknown
    // whether the batch was committed.
    // `notify`: wake the relays of other processes, too.
    std::optional<plan> store(db::connection& c, const std::vector<incoming>& items, bool notify);
    // After the way under locks: what it may have changed.
    void forget(const std::vector<incoming>& items, const plan& p);

private:
    std::optional<facts> recall(const std::vector<incoming>& items);
    std::optional<facts> peek(db::connection& c, const std::vector<incoming>& items);
    void remember(plan& p, const std::vector<incoming>& items, bool looked_up);

    const clock_source& clock_;
    std::unordered_map<std::int64_t, row> rows_; // as last seen, without the names of department and staff
    std::map<thread_key, std::int64_t> threads_;
    int look_first_ = 0; // batches still to be looked up after a refusal: retries come in swarms
};

} // namespace chat_centre::conversation
