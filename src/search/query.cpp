#include "search/query.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::search {
namespace {

constexpr std::size_t most_words = 10;
constexpr std::size_t longest_word = 60;        // as search_vector cuts them
constexpr std::int64_t most_segments_named = 8; // with more, reading their marks costs more than it saves

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string cut(const std::string& word) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (!continues(word[i]) && ++count > longest_word) return word.substr(0, i);
    return word;
}

bool is_phone(std::string_view typed) {
    const auto digits =
        std::count_if(typed.begin(), typed.end(), [](unsigned char c) { return std::isdigit(c); });
    return digits >= 7 && typed.find_first_not_of("0123456789 +-().") == std::string_view::npos;
}

std::vector<char32_t> code_points(std::string_view utf8) {
    std::vector<char32_t> out;
    for (const char c : utf8)
        if (continues(c) && !out.empty())
            out.back() = out.back() << 6U | (static_cast<unsigned char>(c) & 0x3FU);
        else
            out.push_back(static_cast<unsigned char>(c));
    return out;
}

// A folded word holds neither quotes nor backslashes, but this is no place to rely on that.
std::string lexeme(std::string_view word) {
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'' || c == '\\') out.push_back(c);
        out.push_back(c);
    }
    return out + "'";
}

std::string any_of(const std::vector<std::string>& words) {
    std::string out = "(";
    for (const auto& w : words) out += (out.size() == 1 ? "" : " | ") + w;
    return out + ")";
}

} // namespace

std::vector<term> parse(std::string_view typed) {
    std::vector<term> out;
    auto words = fold_words(typed);
    if (words.size() > most_words) words.resize(most_words);
    if (is_phone(typed)) {
        term t;
        t.prefix = true;
        for (const auto& w : words) {
            t.word += w.folded;
            t.spoken.push_back(w.folded);
        }
        constexpr std::size_t national = 9;
        if (t.word.size() > national) t.forms.push_back(t.word.substr(t.word.size() - national));
        if (t.spoken.size() == 1) t.spoken.clear();
        return {t};
    }
    for (const auto& w : words) {
        const std::string word = cut(w.folded);
        const bool last = &w == &words.back();
        const auto same = std::find_if(out.begin(), out.end(), [&](const term& t) { return t.word == word; });
        const bool prefix = last && count_characters(word) > 1;
        if (same != out.end())
            same->prefix = same->prefix || prefix;
        else
            out.push_back({word, prefix, {}, {}, {}});
    }
    return out;
}

int distance(std::string_view a, std::string_view b, int most) {
    const auto x = code_points(a);
    const auto y = code_points(b);
    const auto n = static_cast<int>(x.size());
    const auto m = static_cast<int>(y.size());
    if (std::abs(n - m) > most) return most + 1;
    std::vector<std::vector<int>> d(x.size() + 1, std::vector<int>(y.size() + 1));
    for (int i = 0; i <= n; ++i) d[i][0] = i;
    for (int j = 0; j <= m; ++j) d[0][j] = j;
    for (int i = 1; i <= n; ++i)
        for (int j = 1; j <= m; ++j) {
            const int change = x[i - 1] == y[j - 1] ? 0 : 1;
            int best = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                best = std::min(best, d[i - 2][j - 2] + 1);
            d[i][j] = best;
        }
    return std::min(d[n][m], most + 1);
}

int forgiven(std::size_t characters) { return characters < 4 ? 0 : characters < 8 ? 1 : 2; }

bool is_typo_of(std::string_view typed, std::string_view known) {
    const int most = forgiven(count_characters(typed));
    return most > 0 && distance(typed, known, most) <= most;
}

span next_span(std::int64_t before, int step) {
    const std::int64_t newest = std::max<std::int64_t>(before - 1, 0) >> segment_bits;
    const std::int64_t segments = std::int64_t{2} << std::min(2 * step, 40);
    const std::int64_t oldest = std::max<std::int64_t>(newest - segments + 1, 0);
    return {oldest << segment_bits, before};
}

std::string to_tsquery(const std::vector<term>& terms, const std::vector<int>& kinds, const span* within) {
    std::string out;
    for (const auto& t : terms) {
        std::vector<std::string> ways{lexeme(t.word) + (t.prefix ? ":*" : "")};
        for (const auto& f : t.forms)
            if (f != t.word) ways.push_back(lexeme(f));
        for (const auto& f : t.typos) ways.push_back(lexeme(f));
        if (!t.spoken.empty()) {
            std::string all;
            for (const auto& s : t.spoken) all += (all.empty() ? "(" : " & ") + lexeme(s);
            ways.push_back(all + ")");
        }
        out += (out.empty() ? "" : " & ") + any_of(ways);
    }
    std::vector<std::string> marks;
    if (kinds.size() < 4) {
        for (const int k : kinds) marks.push_back(lexeme("~k" + std::to_string(k)));
        out += " & " + any_of(marks);
    }
    // Without messages the mark of the kind leaves little; those of segments would only cost.
    const bool messages = std::find(kinds.begin(), kinds.end(), 2) != kinds.end();
    if (within == nullptr || !messages) return out;
    const std::int64_t oldest = within->from >> segment_bits;
    const std::int64_t newest = (within->before - 1) >> segment_bits;
    if (newest - oldest >= most_segments_named) return out;
    marks.clear();
    for (auto s = oldest; s <= newest; ++s) marks.push_back(lexeme("~s" + std::to_string(s)));
    return out + " & " + any_of(marks);
}

} // namespace chat_centre::search
