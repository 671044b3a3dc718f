#include "analysis/subject_words.hpp"
#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace chat_centre::analysis {

subject subject_of(std::string_view text) {
    static const lexicon list{english_subject_words(), arabic_subject_words()};
    std::vector<double> score(subjects.size(), 0);
    std::vector<quoted> found(subjects.size());
    for (const auto& c : clauses_of(text))
        for (const auto& h : list.find(c)) {
            if (h.what->weight == 0) continue;
            const auto which = static_cast<std::size_t>(h.what->tag);
            if (h.what->tag == complaints && negated(c, h.at)) continue;
            score[which] += h.what->weight;
            found[which].add(c, h);
        }
    const auto best = std::max_element(score.begin(), score.end()); // of equals the first: see subjects
    subject s;
    if (*best <= 0) {
        s.because = "no department's words";
        return s;
    }
    const auto which = static_cast<std::size_t>(best - score.begin());
    double all = 0;
    for (const double v : score) all += v;
    s.department = subjects[which].department;
    s.category = subjects[which].category;
    // One word alone is a hint (0.6), several that agree are as good as certain.
    const double weight = 1 - 1 / (1 + 1.5 * *best);
    s.confidence = std::round(weight * (*best / all) * 100) / 100;
    s.because = found[which].text();
    return s;
}

} // namespace chat_centre::analysis
