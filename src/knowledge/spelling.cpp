#include "knowledge/spelling.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::knowledge {
namespace {

constexpr std::size_t longest = 40; // letters

// Letters added, dropped, changed or swapped with their neighbour; `most` + 1 when there are more.
int mistakes(const std::u32string& a, const std::u32string& b, int most) {
    const auto n = static_cast<int>(a.size());
    const auto m = static_cast<int>(b.size());
    if (std::abs(n - m) > most) return most + 1;
    std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int same = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + same});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return std::min(d[a.size()][b.size()], most + 1);
}

} // namespace

std::u32string letters_of_word(std::string_view utf8) {
    std::u32string out;
    while (!utf8.empty() && out.size() < longest) out.push_back(next_code_point(utf8));
    return out;
}

std::vector<std::uint64_t> trigrams_of(const std::u32string& word) {
    const std::u32string padded = U" " + word + U" ";
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i + 2 < padded.size(); ++i)
        out.push_back(std::uint64_t{padded[i]} << 42U | std::uint64_t{padded[i + 1]} << 21U | padded[i + 2]);
    return out;
}

double likelihood(const std::u32string& typed, const std::u32string& known) {
    if (typed == known) return 1;
    const auto shorter = std::min(typed.size(), known.size());
    const auto longer = std::max(typed.size(), known.size());
    if (shorter < 4) return 0;
    const int most = longer >= 8 ? 2 : 1;
    const int wrong = mistakes(typed, known, most);
    // The first letter is rarely mistaken.
    if (wrong <= most) return 1 - 0.12 * wrong - (typed[0] == known[0] ? 0 : 0.15) - (longer <= 4 ? 0.15 : 0);
    // Another form of the word: a longer ending.
    if (longer - shorter <= 4 && shorter >= 5 && typed.compare(0, shorter, known, 0, shorter) == 0)
        return 0.7;
    return 0;
}

} // namespace chat_centre::knowledge
