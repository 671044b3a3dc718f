#include "conversation/card.hpp"

#include <chat_centre/base/staff_text.hpp>

namespace chat_centre::conversation {
namespace {

bool asks(const std::string& text) {
    return text.find('?') != std::string::npos || text.find("؟") != std::string::npos;
}

constexpr std::size_t most_pairs = 12;

} // namespace

json handover_card(const row& c, const std::vector<stored_message>& latest) {
    json asked = json::array();
    std::string last_word; // the customer's
    for (std::size_t i = 0; i < latest.size(); ++i) {
        const auto& m = latest[i];
        // What they said up to the handover; later words are the conversation, not its cause.
        if (m.role == speaker::user && (!c.handover_at || m.received_at <= *c.handover_at))
            last_word = m.text;
        if (m.role != speaker::ai || !asks(m.text)) continue;
        json answer = nullptr;
        if (i + 1 < latest.size() && latest[i + 1].role == speaker::user) answer = latest[i + 1].text;
        asked.push_back({{"question", m.text}, {"answer", std::move(answer)}});
    }
    while (asked.size() > most_pairs) asked.erase(asked.begin());

    json card = {{"status", c.status == "pending"  ? "ready_for_staff"
                            : c.handler == "staff" ? "with_staff"
                                                   : "none"},
                 {"issue", nullptr},
                 {"finding", nullptr},
                 {"finding_ar", nullptr},
                 {"recommended_action", nullptr},
                 {"recommended_action_ar", nullptr},
                 {"asked", std::move(asked)}};
    if (!last_word.empty()) card["issue"] = last_word;
    const auto say = [&card](const std::string& name, const std::string& english) {
        card[name] = english;
        card[name + "_ar"] = in_arabic(english);
    };
    if (c.handover_reason) say("finding", *c.handover_reason);
    if (c.status == "pending")
        say("recommended_action", c.priority == "emergency" || c.priority == "high"
                                      ? "Take over now, say who you are, and answer the last message first."
                                      : "Take over, say who you are, and answer the last message.");
    return card;
}

} // namespace chat_centre::conversation
