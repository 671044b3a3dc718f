#include <chat_centre/assistant/handover.hpp>

#include "assistant/person.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat_centre::assistant {
namespace {

using conversation::handover_signal;
using conversation::speaker;

struct phrase {
    std::string_view text; // as fold_text leaves it
    double confidence;
    bool urgent = false;
};

// The customer asks: document 003's list, and what is not a wish and a person (those are found by person.hpp).
constexpr std::array customer_phrases{
    phrase{"speak to human", 0.95},
    phrase{"speak to a human", 0.95},
    phrase{"speak with a human", 0.95},
    phrase{"talk to human", 0.95},
    phrase{"talk to a human", 0.95},
    phrase{"connect to human", 0.95},
    phrase{"connect to a human", 0.95},
    phrase{"connect me to human", 0.95},
    phrase{"connect me to a human", 0.95},
    phrase{"human agent", 0.95},
    phrase{"customer service", 0.9},
    phrase{"live agent", 0.95},
    phrase{"live person", 0.95},
    phrase{"real person", 0.95},
    phrase{"real human", 0.95},
    phrase{"actual person", 0.95},
    phrase{"actual human", 0.95},
    phrase{"transfer me", 0.85},
    phrase{"call me back", 0.75},
    phrase{"urgent help", 0.85, true},
    phrase{"this is urgent", 0.85, true},
    phrase{"its urgent", 0.85, true},
    phrase{"very urgent", 0.85, true},
    phrase{"need immediate assistance", 0.85, true},
    phrase{"immediate assistance", 0.8, true},
    phrase{"immediate help", 0.8, true},
    phrase{"its an emergency", 0.9, true},
    phrase{"this is an emergency", 0.9, true},
    phrase{"problem with my delivery", 0.75},
    phrase{"problem with my order", 0.75},
    phrase{"my order is late", 0.75},
    phrase{"report an issue", 0.75},
    phrase{"report a problem", 0.75},
    phrase{"make a complaint", 0.75},
    phrase{"file a complaint", 0.75},
    // Arabic, folded: alef without hamza, ha for ta marbuta, ya for alef maqsura.
    phrase{"احد الموظفين", 0.85},
    phrase{"خدمه العملاء", 0.9},
    phrase{"شخص حقيقي", 0.95},
    phrase{"موظف حقيقي", 0.95},
    phrase{"انسان حقيقي", 0.95},
    phrase{"ممثل خدمه", 0.95},
    phrase{"حولني", 0.85},
    phrase{"حولوني", 0.85},
    phrase{"وصلني ب", 0.8},
    phrase{"مساعده عاجله", 0.85, true},
    phrase{"الامر عاجل", 0.85, true},
    phrase{"حاله طارئه", 0.9, true},
    phrase{"طارئ", 0.8, true},
    phrase{"مشكله في التوصيل", 0.75},
    phrase{"مشكله في التسليم", 0.75},
    phrase{"مشكله في طلبي", 0.75},
    phrase{"طلبي متاخر", 0.75},
    phrase{"تقديم شكوي", 0.75},
};

// The assistant announces it.
constexpr std::array assistant_phrases{
    phrase{"let me connect you", 0.95},
    phrase{"ill connect you", 0.95},
    phrase{"i will connect you", 0.95},
    phrase{"connecting you with", 0.95},
    phrase{"connecting you to", 0.95},
    phrase{"let me transfer you", 0.95},
    phrase{"ill transfer you", 0.95},
    phrase{"i will transfer you", 0.95},
    phrase{"transferring you to", 0.95},
    phrase{"hand you over to", 0.95},
    phrase{"ساحولك", 0.95},
    phrase{"سوف احولك", 0.95},
    phrase{"ساوصلك", 0.95},
    phrase{"دعني اوصلك", 0.95},
    phrase{"سيتم تحويلك", 0.95},
};

constexpr std::array<std::string_view, 17> negations{
    " dont ",   " not ",   " no ",      " never ",      " without ",     " stop ",
    " doesnt ", " didnt ", " wouldnt ", " instead of ", " rather than ", " لا ",
    " ليس ",    " لست ",   " بدون ",    " لم ",         " لن "};

// Text cut at its punctuation: "No, I want a human" denies nothing of what comes after the comma.
std::vector<std::string_view> clauses(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto two = text.substr(i, 2);
        const bool arabic =
            two == "\u060C" || two == "\u061B" || two == "\u061F"; // comma, semicolon, question mark
        if (!arabic && std::string_view(".,;:!?()").find(text[i]) == std::string_view::npos) continue;
        out.push_back(text.substr(from, i - from));
        if (arabic) ++i;
        from = i + 1;
    }
    out.push_back(text.substr(from));
    return out;
}

// Where a new thought begins without punctuation: "it is not working i need a human". Not in "i dont think i need".
std::string_view last_thought(std::string_view before) {
    const auto subject = before.rfind(" i ");
    if (subject == std::string_view::npos) return before;
    const auto head = before.substr(0, subject);
    if (head.ends_with(" think") || head.ends_with(" believe") || head.ends_with(" feel")) return before;
    return before.substr(subject + 2);
}

// A negation counts when it stands in the same breath: at most a few words before the phrase.
bool negated(std::string_view folded, std::size_t phrase_at) {
    std::size_t from = phrase_at;
    for (int words = 0; from > 0 && words < 5; ++words) {
        const auto space = folded.rfind(' ', from - 1);
        from = space == std::string_view::npos ? 0 : space;
    }
    const auto before = last_thought(folded.substr(from, phrase_at - from));
    return std::any_of(negations.begin(), negations.end(),
                       [before](std::string_view n) { return before.find(n) != std::string_view::npos; });
}

// Whole words; the end of an Arabic word is left open for its suffixes.
std::size_t find_phrase(std::string_view folded, std::string_view wanted) {
    const bool arabic = static_cast<unsigned char>(wanted.front()) >= 0x80;
    for (std::size_t at = folded.find(wanted); at != std::string_view::npos; at = folded.find(wanted, at + 1)) {
        const bool starts = at > 0 && folded[at - 1] == ' ';
        const bool ends = arabic || folded[at + wanted.size()] == ' ';
        if (starts && ends) return at;
    }
    return std::string_view::npos;
}

// Which phrases a text may hold, by the first four bytes of its words: almost always none, so almost always nothing
// is searched for. Every message passes here before it is stored.
class phrase_index {
public:
    template <std::size_t N>
    explicit phrase_index(const std::array<phrase, N>& phrases) : phrases_(phrases) {
        for (std::size_t i = 0; i < N; ++i) by_start_[start_of(phrases[i].text)].push_back(i);
    }

    // In the order of the list: of two equally good phrases the first is named.
    std::vector<const phrase*> found_in(std::string_view folded) const {
        std::vector<std::size_t> at;
        for (std::size_t i = 1; i + bytes <= folded.size(); ++i) {
            if (folded[i - 1] != ' ') continue;
            if (const auto it = by_start_.find(start_of(folded.substr(i))); it != by_start_.end())
                at.insert(at.end(), it->second.begin(), it->second.end());
        }
        std::sort(at.begin(), at.end());
        at.erase(std::unique(at.begin(), at.end()), at.end());
        std::vector<const phrase*> out;
        out.reserve(at.size());
        for (const auto i : at) out.push_back(&phrases_[i]);
        return out;
    }

private:
    static constexpr std::size_t bytes = 4; // no phrase is shorter
    static std::uint32_t start_of(std::string_view text) {
        std::uint32_t key = 0;
        std::memcpy(&key, text.data(), bytes);
        return key;
    }

    std::span<const phrase> phrases_;
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_start_;
};

} // namespace

std::optional<handover_signal> detect_handover(std::string_view text, speaker role,
                                               const handover_settings& settings) {
    if (!settings.enabled || (role != speaker::user && role != speaker::ai)) return std::nullopt;
    static const phrase_index customers(customer_phrases);
    static const phrase_index assistants(assistant_phrases);
    struct finding {
        std::string text;
        double confidence = 0;
    };
    finding best;
    finding declined;
    bool urgent = false;
    const auto found = [&](const std::string& folded, std::size_t at, std::string_view words,
                           double confidence) {
        const bool no = negated(folded, at);
        auto& known = no ? declined : best;
        // Of what is negated the first is named, of the rest the surest.
        if (no ? known.text.empty() : confidence > known.confidence) known = {std::string(words), confidence};
        return !no;
    };
    for (const auto clause : clauses(text)) {
        const std::string folded = fold_text(clause);
        for (const auto* p : (role == speaker::user ? customers : assistants).found_in(folded))
            if (const auto at = find_phrase(folded, p->text); at != std::string::npos)
                urgent = (found(folded, at, p->text, p->confidence) && p->urgent) || urgent;
        if (role == speaker::user)
            if (const auto wish = find_person_wish(folded))
                found(folded, wish->at, wish->text, wish->confidence);
    }

    handover_signal s;
    if (!best.text.empty()) {
        s.confidence = best.confidence;
        s.needed = best.confidence >= settings.threshold;
        s.urgent = urgent;
        s.reason = std::string(role == speaker::user ? "The customer said: " : "The assistant said: ") + "“" +
                   best.text + "”";
        return s;
    }
    if (declined.text.empty()) return std::nullopt;
    s.needed = false;
    s.confidence = 1.0 - declined.confidence;
    s.reason = "Named but negated: “" + declined.text + "”";
    return s;
}

} // namespace chat_centre::assistant
