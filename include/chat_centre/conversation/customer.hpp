#pragma once
// A customer's own side of a conversation, for channels that speak for them. Database threads only.

#include <chat_centre/conversation/conversation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

// The conversation that this customer's next message would go on in; nullopt when that would begin a new one.
std::optional<row> open_conversation_of(db::tx& t, const std::string& channel, const std::string& user_id);

// What was said to the customer since they wrote last, oldest first, at most the `limit` newest.
std::vector<stored_message> unanswered_by_customer(db::tx& t, std::int64_t conversation, int limit);

// The customer's judgement of a message; a later one takes the place of the first. Throws 404.
void judge_message(db::tx& t, std::int64_t conversation, int seq, bool liked, time_point now);

} // namespace chat_centre::conversation
