#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/models.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <utility>

namespace chat_centre::analysis {
namespace {

// Phrases that only sound like a word of some category; in them it is not found.
constexpr std::array<term, 3> no_subject{
    {{"critical of", 0, -1}, {"free of charge", 0, -1}, {"علي حساب", 0, -1}}};

// What makes a text a complaint about something is more than the something, and only that may be denied: "no complaint",
// but "I cannot log in" is about signing in all the same.
constexpr std::string_view deniable = "complaints";

// As the lexicon takes it: folded, without the spaces around it, the open end kept. "" when nothing is left.
std::string folded_keyword(std::string_view text) {
    const bool open_end = text.ends_with('*');
    std::string folded = fold_text(open_end ? text.substr(0, text.size() - 1) : text);
    while (!folded.empty() && folded.back() == ' ') folded.pop_back();
    folded.erase(0, folded.find_first_not_of(' ') == std::string::npos ? folded.size()
                                                                       : folded.find_first_not_of(' '));
    if (!folded.empty() && open_end) folded += '*';
    return folded;
}

double default_weight(std::string_view folded) { return folded.find(' ') == std::string_view::npos ? 2 : 3; }

} // namespace

struct subject_finder::lists {
    std::vector<subject_words> categories;
    std::deque<std::string> texts; // of the terms; a deque does not move them
    std::vector<term> terms;
    std::unique_ptr<lexicon> found_by;
};

subject_finder::subject_finder(std::vector<subject_words> categories) : lists_(std::make_unique<lists>()) {
    lists_->categories = std::move(categories);
    for (std::size_t i = 0; i < lists_->categories.size(); ++i)
        for (const auto& k : lists_->categories[i].keywords) {
            std::string folded = folded_keyword(k.text);
            if (folded.empty()) continue;
            const double weight = k.weight > 0 ? k.weight : default_weight(folded);
            lists_->texts.push_back(std::move(folded));
            lists_->terms.push_back({lists_->texts.back(), weight, static_cast<int>(i)});
        }
    lists_->found_by =
        std::make_unique<lexicon>(std::initializer_list<std::span<const term>>{lists_->terms, no_subject});
}

subject_finder::subject_finder(subject_finder&&) noexcept = default;
subject_finder& subject_finder::operator=(subject_finder&&) noexcept = default;
subject_finder::~subject_finder() = default;

subject subject_finder::find(std::string_view whole_text) const {
    const std::string text = without_addresses(whole_text); // john@example.com is no example
    const auto& categories = lists_->categories;
    std::vector<double> score(categories.size(), 0);
    std::vector<quoted> found(categories.size());
    for (const auto& c : clauses_of(text))
        for (const auto& h : lists_->found_by->find_of_each_tag(c)) {
            if (h.what->tag < 0) continue;
            const auto which = static_cast<std::size_t>(h.what->tag);
            if (categories[which].category == deniable && negated(c, h.at)) continue;
            score[which] += h.what->weight;
            found[which].add(c, h);
        }
    const mood felt = mood_of(text);
    for (std::size_t i = 0; i < categories.size(); ++i)
        if (categories[i].category == deniable && !felt.guessed && felt.label == "positive") score[i] = 0;
    subject s;
    const auto best = std::max_element(score.begin(), score.end()); // of equals the first
    if (best == score.end() || *best <= 0) {
        // No word gives it away: the model may, if what it names is still a category.
        constexpr double sure = 0.6;
        constexpr double worth = 0.6; // of a word
        const auto guess = model_of(task::category).best(text);
        const auto named = std::find_if(categories.begin(), categories.end(),
                                        [&guess](const auto& c) { return c.category == guess.label; });
        s.because = "no category's words";
        if (guess.probability < sure || named == categories.end()) return s;
        // "Not bad" and "he was great" sound like complaints to it.
        if (named->category == deniable && !felt.guessed && felt.score > 0) return s;
        if (!named->department.empty()) s.department = named->department;
        s.category = named->category;
        s.confidence = std::round(guess.probability * worth * 100) / 100;
        s.because = "reads so on the whole";
        return s;
    }
    auto which = static_cast<std::size_t>(best - score.begin());
    // Who is angry about what is broken does not want to buy.
    if (categories[which].category == "sales" && !felt.guessed && felt.label == "negative" &&
        urgency_of(text).level >= severity::medium)
        for (std::size_t i = 0; i < categories.size(); ++i)
            if (categories[i].category == deniable) {
                which = i;
                score[i] = std::max(score[i], *best);
                if (found[i].empty()) s.because = felt.because;
            }
    double all = 0;
    double same_department = 0;
    for (std::size_t i = 0; i < score.size(); ++i) {
        all += score[i];
        if (categories[i].department == categories[which].department) same_department += score[i];
    }
    if (!categories[which].department.empty()) s.department = categories[which].department;
    s.category = categories[which].category;
    // One word alone is a hint (0.6), several that agree are as good as certain.
    const double weight = 1 - 1 / (1 + 1.5 * *best);
    s.confidence = std::round(weight * (same_department / all) * 100) / 100;
    if (s.because.empty()) s.because = found[which].text();
    return s;
}

} // namespace chat_centre::analysis
