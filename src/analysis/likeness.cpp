#include <chat_centre/analysis/likeness.hpp>

#include "analysis/features.hpp"

#include <algorithm>
#include <cmath>

namespace chat_centre::analysis {

sketch sketch_of(std::string_view text) {
    sketch s;
    plain_words(fold_text(text)).each([&s](std::uint64_t hash, int weight) {
        s.emplace_back(static_cast<std::uint32_t>(hash >> 32U), static_cast<float>(weight));
    });
    std::sort(s.begin(), s.end());
    s.erase(std::unique(s.begin(), s.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
            s.end());
    float squares = 0;
    for (const auto& f : s) squares += f.second * f.second;
    for (auto& f : s) f.second /= std::sqrt(squares);
    return s;
}

double likeness(const sketch& a, const sketch& b) {
    double sum = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (i->first == j->first)
            sum += static_cast<double>(i++->second) * static_cast<double>(j++->second);
        else if (i->first < j->first)
            ++i;
        else
            ++j;
    }
    return std::min(sum, 1.0);
}

} // namespace chat_centre::analysis
