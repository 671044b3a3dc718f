#include "search/snippet.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cmath>

namespace chat_centre::search {
namespace {

constexpr std::size_t lead = 60;     // bytes before the first mark, about
constexpr std::size_t longest = 240; // bytes in all, about; Arabic letters have two
constexpr double as_form = 0.8;
constexpr double as_typo = 0.5;

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// How well a word of the text answers a term; 0: not at all.
double fit(const std::string& word, const term& t) {
    if (word == t.word) return 1.0;
    if ((t.prefix && word.starts_with(t.word)) || has(t.forms, word) || has(t.spoken, word)) return as_form;
    return has(t.typos, word) ? as_typo : 0.0;
}

// Not inside a character.
std::size_t boundary(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    return std::min(at, text.size());
}

void append_line(std::string& out, std::string_view piece) {
    for (const char c : piece) out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
}

} // namespace

snippet make_snippet(std::string_view text, const std::vector<term>& terms) {
    struct mark {
        std::size_t begin, end;
    };
    std::vector<mark> marks;
    std::vector<double> found(terms.size(), 0.0);
    for (const auto& w : fold_words(text)) {
        double best = 0.0;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            const double f = fit(w.folded, terms[i]);
            found[i] = std::max(found[i], f);
            best = std::max(best, f);
        }
        if (best > 0.0) marks.push_back({w.begin, w.end});
    }
    snippet out;
    for (const double f : found) out.score += f / static_cast<double>(terms.size());
    out.score = std::round(out.score * 100) / 100;

    const std::size_t first = marks.empty() ? 0 : marks.front().begin;
    std::size_t from = first > lead ? boundary(text, first - lead) : 0;
    if (from > 0) // whole words only
        if (const auto space = text.find(' ', from); space < first) from = space + 1;
    std::size_t to = boundary(text, std::min(text.size(), from + longest));
    if (from > 0) out.text = "…";
    std::size_t at = from;
    for (const auto& m : marks) {
        if (m.begin < at || m.end > to) continue;
        append_line(out.text, text.substr(at, m.begin - at));
        out.text += "[[" + std::string(text.substr(m.begin, m.end - m.begin)) + "]]";
        at = m.end;
    }
    append_line(out.text, text.substr(at, to > at ? to - at : 0));
    if (to < text.size()) out.text += "…";
    return out;
}

} // namespace chat_centre::search
