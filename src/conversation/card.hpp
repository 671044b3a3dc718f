#pragma once
// The handover card: what a colleague needs to know before the first word (000/45-49).

#include <chat_centre/conversation/conversation.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace chat_centre::conversation {

struct card_judges {
    std::set<int> answers; // by seq: what the assistant said to answer, whatever question marks are in it
    std::function<bool(const std::string& text)> asks_person; // may be empty
};

// {status, issue, finding, recommended_action, asked: [{question, answer}]}, with finding_ar and recommended_action_ar,
// from the conversation's latest messages. The issue is the last thing that the customer said of their matter before the
// handover: "yes", a number, or that they want a person is none.
json handover_card(const row& c, const std::vector<stored_message>& latest, const card_judges& judges = {});

} // namespace chat_centre::conversation
