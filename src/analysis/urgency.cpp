#include "analysis/urgency_scene.hpp"
#include "analysis/urgency_words.hpp"
#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace chat_centre::analysis {
namespace {

bool stands(const clause& c, const hit& h) { return (h.what->tag & fixed) != 0 || !negated(c, h.at); }

danger danger_of(int tag) {
    if ((tag & self) != 0) return danger::self;
    return (tag & outage) != 0 ? danger::none : danger::life;
}

// What makes a text as bad as it is: only the words that decide are named.
struct worst_of {
    double level = 0;
    danger whom = danger::none;
    quoted why;

    void take(const clause& c, const hit& h, double how_bad, danger who) {
        if (how_bad < level) return;
        if (how_bad > level) *this = {how_bad, danger::none, {}};
        if (how_bad >= critical) whom = std::max(whom, who);
        why.add(c, h);
    }
};

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
    worst_of worst;
    quoted calm;
    const auto clauses = clauses_of(text);
    const scene around(clauses);
    for (std::size_t i = 0; i < clauses.size(); ++i)
        for (const auto& h : list.find(clauses[i])) {
            if (h.what->weight == 0 || !stands(clauses[i], h)) continue;
            if (h.what->weight < 0) {
                u.patient = true;
                calm.add(clauses[i], h);
            } else if (around.holds(i, h)) {
                worst.take(clauses[i], h, h.what->weight, danger_of(h.what->tag));
            }
        }
    for (const auto& s : around.pieces()) worst.take(clauses[s.clause], s.where, s.level, danger::life);
    // A text that is badly angry is no ordinary complaint, even without a word that says how bad it is.
    const mood m = mood_of(text);
    constexpr double furious = -0.92;
    u.level = static_cast<severity>(static_cast<int>(worst.level));
    u.whom = worst.whom;
    if (u.level < severity::high && m.score <= furious) {
        u.level = severity::high;
        u.because = "very angry: " + m.because;
    } else {
        u.because = worst.why.text();
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
    const bool in_pieces = scene::may_have_pieces(folded);
    const bool in_one = list.may_find(folded);
    if (!in_pieces && !in_one) return false;
    const auto clauses = clauses_of(text);
    return std::any_of(clauses.begin(), clauses.end(), [&](const clause& c) {
        return (in_one && !list.find(c).empty()) || (in_pieces && scene::has_piece(c));
    });
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
