#include "analysis/mood_words.hpp"
#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/models.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace chat_centre::analysis {
namespace {

struct sign {
    std::string_view text;
    double weight;
};
constexpr std::array signs{sign{"😀", 2},  sign{"😃", 2},  sign{"😊", 2},  sign{"🙂", 1},  sign{"😍", 3},
                           sign{"❤", 2},   sign{"👍", 2},  sign{"🙏", 1},  sign{"🎉", 2},  sign{":)", 1},
                           sign{":-)", 1}, sign{"😡", -3}, sign{"😠", -3}, sign{"🤬", -3}, sign{"😢", -2},
                           sign{"😭", -2}, sign{"😞", -2}, sign{"👎", -2}, sign{"🙁", -1}, sign{"💔", -2},
                           sign{":(", -1}, sign{":-(", -1}};

// What a denial leaves of a word: "not good" is bad, but where something bad is not, nothing much is said.
constexpr double denied_good = -0.75;
constexpr double denied_bad = -0.2;
// "The clinic was good, but they never called": what comes after the turn is what is meant.
constexpr double before_turn = 0.55;
constexpr double after_turn = 1.4;
// A question speaks of a thing more than it judges it: "Is there a problem with my order?"
constexpr double in_question = 0.6;

constexpr double softness = 5; // the larger, the more words it takes to get near -1 or 1
constexpr double from_neutral = 0.2;

double weight_of(const clause& c, const hit& h) {
    double w = h.what->weight * emphasis(c, h);
    if (h.what->tag != fixed && negated(c, h.at)) w *= w > 0 ? denied_good : denied_bad;
    return c.question && h.what->tag != fixed ? w * in_question : w;
}

// What no word gives away, the model may. It is asked only then, because words can be named as a reason.
mood mood_by_model(std::string_view text) {
    constexpr double sure = 0.6;
    mood m;
    const auto guess = model_of(task::sentiment).best(text);
    if (guess.probability < sure || guess.label == "neutral") return m;
    m.guessed = true;
    m.label = guess.label;
    m.score = std::round((guess.label == "positive" ? 1 : -1) * guess.probability * 50) / 100;
    m.because = guess.label == "positive" ? "reads well on the whole" : "reads badly on the whole";
    return m;
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

} // namespace

mood mood_of(std::string_view text) {
    static const lexicon list{english_mood_words(), arabic_mood_words()};
    const auto clauses = clauses_of(text);
    const bool turned =
        std::any_of(clauses.begin(), clauses.end(), [](const clause& c) { return c.after_turn; });
    double sum = 0;
    quoted good;
    quoted bad;
    for (const auto& c : clauses)
        for (const auto& h : list.find(c)) {
            const double w = weight_of(c, h);
            if (w == 0) continue;
            sum += w * (!turned ? 1 : c.after_turn ? after_turn : before_turn);
            (w > 0 ? good : bad).add(c, h);
        }
    for (const auto& s : signs)
        sum += s.weight * static_cast<double>(std::min<std::size_t>(count(text, s.text), 2));
    if (sum == 0 && good.empty() && bad.empty() && !clauses.empty()) return mood_by_model(text);
    // An exclamation mark says the same louder.
    const auto marks = static_cast<double>(std::min<std::size_t>(count(text, "!"), 3));
    sum *= 1 + marks * 0.08;

    mood m;
    m.score = std::round(sum / std::sqrt(sum * sum + softness) * 100) / 100;
    if (m.score == 0) m.score = 0; // no minus zero
    m.label = m.score >= from_neutral ? "positive" : m.score <= -from_neutral ? "negative" : "neutral";
    if (!good.empty()) m.because = "speaks well: " + good.text();
    if (!bad.empty()) m.because += (m.because.empty() ? "" : "; ") + ("speaks badly: " + bad.text());
    return m;
}

} // namespace chat_centre::analysis
