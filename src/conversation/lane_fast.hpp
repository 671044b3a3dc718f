#pragma once
// The short way of a batch that only adds messages to open conversations, which is nearly every batch: one statement to
// look, one to store, instead of seven round trips under locks. Each round trip waits for two busy processes to be
// scheduled, so their number, not their work, is what limits one lane.

#include "conversation/batch.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>

#include <optional>
#include <vector>

namespace chat_centre::conversation {

// The plan, stored and committed, its events numbered. nullopt, and nothing stored, when the batch needs more than
// that or a conversation changed in between: take the way under locks. Throws connection_lost when it is unknown
// whether the batch was committed.
std::optional<plan> store_at_once(db::connection& c, const std::vector<incoming>& items,
                                  const clock_source& clock);

} // namespace chat_centre::conversation
