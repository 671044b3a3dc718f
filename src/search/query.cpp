#include "search/query.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::search {
namespace {

constexpr std::size_t most_words = 10;
constexpr std::size_t longest_word = 60; // as search_vector cuts them
constexpr std::int64_t most_named = 64;  // segments: the marks of more would cost more than they save
constexpr std::int64_t rare = 32;        // documents in a span
const std::string thing = "=";           // stands before the words of things in the index (migration 0016)

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

std::string all_of(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& p : parts) out += (out.empty() ? "" : " & ") + p;
    return out;
}

// A term by any of its words; `mark` stands before each of them.
std::string to_tsquery(const term& t, const std::string& mark) {
    // Named words are looked up in the span only; a beginning has the lists of all its words read to the end.
    std::vector<std::string> ways{lexeme(mark + t.word) + (t.prefix && t.longer.empty() ? ":*" : "")};
    for (const auto& w : t.longer)
        if (w != t.word) ways.push_back(lexeme(mark + w));
    for (const auto& f : t.forms)
        if (f != t.word) ways.push_back(lexeme(mark + f));
    for (const auto& f : t.typos) ways.push_back(lexeme(mark + f));
    if (!t.spoken.empty()) {
        std::vector<std::string> spoken;
        spoken.reserve(t.spoken.size());
        for (const auto& s : t.spoken) spoken.push_back(lexeme(mark + s));
        ways.push_back("(" + all_of(spoken) + ")");
    }
    return any_of(ways);
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
            out.push_back({word, prefix, {}, {}, {}, {}});
    }
    return out;
}

std::vector<std::string> with_and_without_article(const std::string& word) {
    constexpr std::size_t letter = 2; // bytes
    constexpr std::size_t shortest = 3 * letter;
    if (word.empty() || static_cast<unsigned char>(word[0]) < 0xD8 ||
        static_cast<unsigned char>(word[0]) > 0xDB)
        return {};
    std::string_view bare = word;
    for (const std::string_view front : {"وال", "بال", "كال", "فال", "ال", "لل"})
        if (bare.starts_with(front) && bare.size() >= front.size() + shortest) {
            bare.remove_prefix(front.size());
            break;
        }
    if (bare.size() < shortest || bare.starts_with("ال")) return {}; // "إلى" has no article
    std::vector<std::string> out;
    for (const std::string_view front : {"", "ال", "وال", "بال", "لل"}) {
        auto form = std::string(front).append(bare);
        if (form != word) out.push_back(std::move(form));
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

std::int64_t segments_in(const span& s) {
    return ((s.before - 1) >> segment_bits) - (s.from >> segment_bits) + 1;
}

span next_span(std::int64_t before, const progress& p) {
    const std::int64_t newest = std::max<std::int64_t>(before - 1, 0) >> segment_bits;
    std::int64_t segments = 1;
    if (p.segments > 0) segments = p.judged < rare ? newest + 1 : 16 * p.segments;
    if (p.judged > 0) segments = std::clamp<std::int64_t>(p.left * p.segments / p.judged, 1, segments);
    return {std::max<std::int64_t>(newest - segments + 1, 0) << segment_bits, before};
}

bool worth_reading(const progress& p) {
    return p.segments == 0 || p.judged * 16 > p.segments << segment_bits;
}

question ask(const std::vector<term>& terms, const std::vector<int>& kinds,
             const std::vector<std::string>& filters, bool read_broad) {
    question out;
    std::vector<std::string> in_messages, in_things, marks;
    for (auto t : terms) {
        const bool read = read_broad && t.broad;
        if (read) {
            t.longer.clear();
            out.also = any_of({to_tsquery(t, ""), to_tsquery(t, thing)});
            continue;
        }
        in_messages.push_back(to_tsquery(t, ""));
        in_things.push_back(to_tsquery(t, thing));
    }
    for (const auto& f : filters) in_things.push_back(lexeme(thing + cut(f)));
    for (const int k : kinds) {
        if (k != 2) marks.push_back(lexeme("~k" + std::to_string(k)));
        if (k == 2) out.messages = in_messages.empty() ? lexeme("~k2") : all_of(in_messages);
    }
    if (marks.empty()) return out;
    constexpr std::size_t every_thing = 4;
    if (marks.size() < every_thing || in_things.empty()) in_things.push_back(any_of(marks));
    out.things = all_of(in_things);
    return out;
}

std::optional<std::string> marks_of(const span& within) {
    if (segments_in(within) > most_named) return std::nullopt;
    std::string out;
    for (auto s = within.from >> segment_bits; s <= (within.before - 1) >> segment_bits; ++s)
        out += (out.empty() ? "" : " | ") + lexeme("~s" + std::to_string(s));
    return out;
}

} // namespace chat_centre::search
