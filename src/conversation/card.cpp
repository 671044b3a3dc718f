#include "conversation/card.hpp"

#include <chat_centre/base/matter.hpp>
#include <chat_centre/base/staff_text.hpp>

#include <algorithm>

namespace chat_centre::conversation {
namespace {

constexpr std::size_t most_pairs = 12;
constexpr std::size_t longest_quote = 160; // bytes of the issue in the recommended action

bool asks(std::string_view text) {
    return text.find('?') != std::string_view::npos || text.find("؟") != std::string_view::npos;
}

// The paragraph that asks: an answer may stand before "Is there anything else?".
std::string question_in(const std::string& text) {
    std::string_view rest = text;
    while (true) {
        const auto gap = rest.rfind("\n\n");
        const auto last = gap == std::string_view::npos ? rest : rest.substr(gap + 2);
        if (asks(last) || gap == std::string_view::npos) return std::string(last);
        rest = rest.substr(0, gap);
    }
}

std::string quoted_issue(const std::string& text) {
    std::size_t cut = std::min(text.size(), longest_quote);
    while (cut > 0 && cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return "“" + text.substr(0, cut) + (cut < text.size() ? "…”" : "”");
}

} // namespace

json handover_card(const row& c, const std::vector<stored_message>& latest, const card_judges& judges) {
    json asked = json::array();
    std::string last_word; // the customer's
    std::string matter;
    for (std::size_t i = 0; i < latest.size(); ++i) {
        const auto& m = latest[i];
        // What they said up to the handover; later words are the conversation, not its cause.
        if (m.role == speaker::user && (!c.handover_at || m.received_at <= *c.handover_at)) {
            last_word = m.text;
            if (names_matter(m.text) && !(judges.asks_person && judges.asks_person(m.text))) matter = m.text;
        }
        if (m.role != speaker::ai || !asks(m.text) || judges.answers.contains(m.seq)) continue;
        json answer = nullptr;
        // Who asks back has not answered.
        if (i + 1 < latest.size() && latest[i + 1].role == speaker::user && !asks(latest[i + 1].text))
            answer = latest[i + 1].text;
        asked.push_back({{"question", question_in(m.text)}, {"answer", std::move(answer)}});
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
    if (matter.empty()) matter = last_word;
    if (!matter.empty()) card["issue"] = matter;
    const auto say = [&card](const std::string& name, const std::string& english) {
        card[name] = english;
        card[name + "_ar"] = in_arabic(english);
    };
    if (c.handover_reason) say("finding", *c.handover_reason);
    if (c.status != "pending") return card;
    const bool urgent = c.priority == "emergency" || c.priority == "high";
    const std::string now = urgent ? "Take over now" : "Take over";
    if (matter.empty() || matter == last_word)
        say("recommended_action", now + (urgent ? ", say who you are, and answer the last message first."
                                                : ", say who you are, and answer the last message."));
    else
        say("recommended_action", now + ", say who you are, and answer: " + quoted_issue(matter));
    return card;
}

} // namespace chat_centre::conversation
