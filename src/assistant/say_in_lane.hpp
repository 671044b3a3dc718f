#pragma once
// Storing what the assistant says: many at a time, because the append lane stores what waits together.

#include <chat_centre/conversation/append_lane.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::assistant {

enum class stored : std::uint8_t {
    yes,
    refused
}; // refused: somebody took the turn, or another answer was stored

// The answer to an event "assistant.call" as a message for the lane; its id derives from the event, and it is marked as
// the reply to the customer's message `seq`.
conversation::incoming message_for(std::int64_t event, std::int64_t conversation, int seq,
                                   conversation::speaker role, std::string sender, std::string text);

// In the order given; blocks. Throws error 503 when the lane is full or the database away: what was stored meanwhile is
// not stored again by another attempt.
std::vector<stored> say_all(conversation::append_lane& lane, std::vector<conversation::incoming> messages);

} // namespace chat_centre::assistant
