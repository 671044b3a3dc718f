#pragma once

#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace chat_centre::channel {

// Event "message.delivery": whoever shows the conversation learns what became of a message on its way to the customer.
// state: waiting, sent, dead or dropped. nullopt: there is no such conversation. The caller appends it.
std::optional<event::entry> delivery_notice(db::tx& t, std::int64_t conversation, int seq,
                                            const std::string& message_id, const char* state,
                                            const std::string& why, time_point now);

} // namespace chat_centre::channel
