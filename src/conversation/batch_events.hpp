#pragma once
// What others are told of a message that a batch stores.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/conversation/message.hpp>

#include <string>
#include <vector>

namespace chat_centre::conversation {

event::entry message_event(const stored_message& s, const row& c, time_point now);

// handover.requested for the desk, and the alert with its text in both languages.
void add_handover_events(std::vector<event::entry>& to, const incoming& m, const row& c, time_point now);

// For whoever acts upon words (routing); an event of its own, so that nobody need read every message.
event::entry heard_event(const row& c, const std::string& text, time_point now);

} // namespace chat_centre::conversation
