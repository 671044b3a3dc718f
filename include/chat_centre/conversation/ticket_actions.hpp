#pragma once
// What answering or resolving a ticket does to its conversation, inside the ticket's transaction. The events are added to
// `events`, which the caller appends as its last statement. Database threads only.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

// The caller of `r` gets the conversation, unless they have it. Throws 409 naming the colleague who has it, or when it is
// closed.
void take_to_answer(db::tx& t, const http::request& r, std::int64_t id, time_point now,
                    std::vector<event::entry>& events);

// Resolves it if nobody waits in vain for that: it is the caller's, or it waits for anybody. A chat of somebody else, or
// with the assistant, stays as it is: false.
bool resolve_with_ticket(db::tx& t, const http::request& r, std::int64_t id,
                         const std::optional<std::string>& resolution, time_point now,
                         std::vector<event::entry>& events);

} // namespace chat_centre::conversation
