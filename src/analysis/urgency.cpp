#include "analysis/urgency_words.hpp"
#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace chat_centre::analysis {
namespace {

bool stands(const clause& c, const hit& h) {
    const auto tag = h.what->tag;
    return tag == fixed || !negated(c, h.at);
}

} // namespace

std::string_view to_string(severity s) {
    switch (s) {
    case severity::low: return "low";
    case severity::medium: return "medium";
    case severity::high: return "high";
    case severity::critical: return "critical";
    }
    return "low";
}

urgency urgency_of(std::string_view text) {
    static const lexicon list{english_urgency_words(), arabic_urgency_words()};
    urgency u;
    int worst = 0;
    quoted why;
    quoted calm;
    for (const auto& c : clauses_of(text))
        for (const auto& h : list.find(c)) {
            if (h.what->weight == 0 || !stands(c, h)) continue;
            if (h.what->weight < 0) {
                u.patient = true;
                calm.add(c, h);
                continue;
            }
            const int level = static_cast<int>(h.what->weight);
            if (level > worst) why = {}; // only the words that decide are named
            worst = std::max(worst, level);
            if (level == worst) why.add(c, h);
        }
    // A text that is badly angry is no ordinary complaint, even without a word that says how bad it is.
    const mood m = mood_of(text);
    constexpr double furious = -0.92;
    u.level = static_cast<severity>(worst);
    if (u.level < severity::high && m.score <= furious) {
        u.level = severity::high;
        u.because = "very angry: " + m.because;
    } else {
        u.because = why.text();
    }
    if (u.level > severity::medium) u.patient = false;
    if (u.patient) u.because = (u.because.empty() ? "" : u.because + "; ") + "may wait: " + calm.text();
    return u;
}

bool may_be_critical(std::string_view text, std::string_view folded) {
    static const std::vector<term> worst = [] {
        std::vector<term> out;
        for (const auto list : {english_urgency_words(), arabic_urgency_words()})
            std::copy_if(list.begin(), list.end(), std::back_inserter(out),
                         [](const term& t) { return t.weight >= critical; });
        return out;
    }();
    static const lexicon list{std::span<const term>(worst)};
    if (!list.may_find(folded)) return false;
    const auto clauses = clauses_of(text);
    return std::any_of(clauses.begin(), clauses.end(), [](const clause& c) { return !list.find(c).empty(); });
}

std::string_view priority_of(const urgency& u) {
    switch (u.level) {
    case severity::critical: return "emergency";
    case severity::high: return "high";
    case severity::medium:
    case severity::low: return u.patient ? "low" : "normal";
    }
    return "normal";
}

} // namespace chat_centre::analysis
