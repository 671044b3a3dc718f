#pragma once
// The handover card: what a colleague needs to know before the first word (000/45-49).

#include <chat_centre/conversation/conversation.hpp>

#include <vector>

namespace chat_centre::conversation {

// {status, issue, finding, recommended_action, asked: [{question, answer}]}, with finding_ar and recommended_action_ar, from the conversation's latest messages.
json handover_card(const row& c, const std::vector<stored_message>& latest);

} // namespace chat_centre::conversation
