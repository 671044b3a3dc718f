#include "analysis/words.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::analysis {
namespace {

using namespace std::string_view_literals;

std::vector<std::string_view> split(std::string_view folded) {
    std::vector<std::string_view> out;
    while (!folded.empty()) {
        const auto space = folded.find(' ');
        if (space != 0) out.push_back(folded.substr(0, space));
        if (space == std::string_view::npos) break;
        folded.remove_prefix(space + 1);
    }
    return out;
}

bool is_arabic(std::string_view word) {
    const auto first = static_cast<unsigned char>(word.front());
    return first >= 0xD8 && first <= 0xDB;
}

constexpr std::array turns{"but"sv,  "however"sv, "although"sv, "yet"sv, "لكن"sv, "ولكن"sv,
                           "لكنه"sv, "لكنها"sv,   "لكنني"sv,    "بس"sv,  "الا"sv};

// What may stand before an Arabic word without being part of it. Longer ones first.
constexpr std::array prefixes{"وال"sv, "فال"sv, "بال"sv, "كال"sv, "ولل"sv, "ال"sv,
                              "لل"sv,  "و"sv,   "ف"sv,   "ب"sv,   "ل"sv,   "ك"sv};
constexpr std::size_t shortest_rest = 4; // bytes: two letters

bool same(std::string_view word, std::string_view pattern) {
    if (pattern.back() != '*') return word == pattern;
    pattern.remove_suffix(1);
    return word.starts_with(pattern);
}

// Where a clause ends: the length of the mark at `at`, 0 when there is none. A point or comma inside a number or an
// address ("3.5", "a.b@c.org") ends nothing.
std::size_t end_mark(std::string_view text, std::size_t at, bool& question) {
    const auto two = text.substr(at, 2);
    if (two == "؟"sv) question = true;
    if (two == "،"sv || two == "؛"sv || two == "؟"sv) return 2;
    const char c = text[at];
    if (c == '?') question = true;
    if (c == '.' || c == ',') {
        const bool ends = at + 1 >= text.size() || text[at + 1] == ' ' || text[at + 1] == '\n' ||
                          static_cast<unsigned char>(text[at + 1]) >= 0x80 || text[at + 1] == c;
        return ends ? 1 : 0;
    }
    return ";:!?()\n\r"sv.find(c) != std::string_view::npos ? 1 : 0;
}

void add_clause(std::vector<clause>& out, std::string_view text, bool question, bool& turned) {
    const std::string folded = fold_text(text);
    const auto words = split(folded);
    std::size_t from = 0;
    const auto close = [&](std::size_t to) {
        if (to == from) return;
        clause c;
        c.words.assign(words.begin() + static_cast<std::ptrdiff_t>(from),
                       words.begin() + static_cast<std::ptrdiff_t>(to));
        c.after_turn = turned;
        c.question = question;
        out.push_back(std::move(c));
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::find(turns.begin(), turns.end(), words[i]) == turns.end()) continue;
        // "all but one", "nothing but": too rare to care; a turn at the very start turns from the sentence before.
        close(i);
        turned = true;
        from = i + 1;
    }
    close(words.size());
}

constexpr std::array negations{
    "not"sv,     "no"sv,     "never"sv,  "dont"sv,    "doesnt"sv, "didnt"sv,   "isnt"sv,    "wasnt"sv,
    "arent"sv,   "werent"sv, "wont"sv,   "cant"sv,    "cannot"sv, "couldnt"sv, "wouldnt"sv, "shouldnt"sv,
    "hasnt"sv,   "havent"sv, "hadnt"sv,  "without"sv, "hardly"sv, "barely"sv,  "neither"sv, "nor"sv,
    "nothing"sv, "none"sv,   "nobody"sv, "aint"sv,    "zero"sv,   "لا"sv,      "ليس"sv,     "ليست"sv,
    "لست"sv,     "لسنا"sv,   "لم"sv,     "لن"sv,      "غير"sv,    "بدون"sv,    "بلا"sv,     "دون"sv,
    "ما"sv,      "مش"sv,     "مو"sv,     "مب"sv,      "عدم"sv,    "ولا"sv,     "ولم"sv,     "ولن"sv,
    "وليس"sv,    "وليست"sv,  "ماكو"sv,   "مافي"sv,    "مافيه"sv};

// A negation looks forward over these and no further: "not only" denies nothing, "no one but" is too rare.
constexpr std::array released{"only"sv, "just"sv, "sure"sv, "because"sv, "and"sv, "then"sv, "فقط"sv, "لان"sv};

struct degree {
    std::string_view word;
    double factor;
};
constexpr std::array degrees_before{
    degree{"very", 1.4},       degree{"really", 1.4},     degree{"extremely", 1.7}, degree{"so", 1.3},
    degree{"too", 1.3},        degree{"absolutely", 1.6}, degree{"totally", 1.5},   degree{"completely", 1.5},
    degree{"incredibly", 1.6}, degree{"deeply", 1.4},     degree{"quite", 1.1},     degree{"most", 1.4},
    degree{"such", 1.3},       degree{"utterly", 1.6},    degree{"highly", 1.4},    degree{"beyond", 1.4},
    degree{"slightly", 0.5},   degree{"somewhat", 0.6},   degree{"little", 0.6},    degree{"bit", 0.6},
    degree{"fairly", 0.8},     degree{"kinda", 0.7},      degree{"اكثر", 1.3},      degree{"اشد", 1.4}};
constexpr std::array degrees_after{degree{"جدا", 1.5},   degree{"للغايه", 1.6}, degree{"كثيرا", 1.3},
                                   degree{"تماما", 1.4}, degree{"جداجدا", 1.7}, degree{"مره", 1.3},
                                   degree{"اوي", 1.4},   degree{"قليلا", 0.6},  degree{"شوي", 0.6},
                                   degree{"كتير", 1.3},  degree{"indeed", 1.2}, degree{"بشده", 1.5}};

template <class Degrees>
double factor_of(const Degrees& list, std::string_view word) {
    for (const auto& d : list)
        if (d.word == word) return d.factor;
    return 1;
}

} // namespace

std::vector<clause> clauses_of(std::string_view text) {
    std::vector<clause> out;
    bool turned = false;
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size();) {
        bool question = false;
        const std::size_t mark = end_mark(text, i, question);
        if (mark == 0) {
            ++i;
            continue;
        }
        add_clause(out, text.substr(from, i - from), question, turned);
        i += mark;
        from = i;
    }
    add_clause(out, text.substr(from), false, turned);
    return out;
}

bool matches(std::string_view word, std::string_view pattern) {
    if (same(word, pattern)) return true;
    if (!is_arabic(word)) return false;
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) {
        return word.size() >= p.size() + shortest_rest && word.starts_with(p) &&
               same(word.substr(p.size()), pattern);
    });
}

lexicon::lexicon(std::initializer_list<std::span<const term>> lists) {
    for (const auto terms : lists)
        for (const auto& t : terms) {
            entry e{&t, split(t.text)};
            by_start_[key_of(e.words.front())].push_back(std::move(e));
        }
}

std::uint16_t lexicon::key_of(std::string_view word) {
    const auto byte = [&](std::size_t i) {
        return static_cast<unsigned>(
            static_cast<unsigned char>(i < word.size() && word[i] != '*' ? word[i] : 0));
    };
    return static_cast<std::uint16_t>(byte(0) << 8U | byte(1));
}

template <class Take>
void lexicon::each_at(const clause& c, std::size_t at, Take&& take) const {
    const auto look = [&](std::string_view start) {
        const auto found = by_start_.find(key_of(start));
        if (found == by_start_.end()) return;
        for (const auto& e : found->second) {
            const std::size_t n = e.words.size();
            if (at + n > c.words.size()) continue;
            bool all = true;
            for (std::size_t i = 0; i < n && all; ++i) all = matches(c.words[at + i], e.words[i]);
            if (all) take(e);
        }
    };
    const std::string_view word = c.words[at];
    look(word);
    if (is_arabic(word))
        for (const auto p : prefixes)
            if (word.size() >= p.size() + shortest_rest && word.starts_with(p)) look(word.substr(p.size()));
}

hit lexicon::best_at(const clause& c, std::size_t at) const {
    hit best;
    each_at(c, at, [&](const entry& e) {
        const std::size_t n = e.words.size();
        if (n < best.length) return;
        if (n == best.length && best.what != nullptr && e.what->text.size() <= best.what->text.size()) return;
        best = {e.what, at, n};
    });
    return best;
}

bool lexicon::begins(std::string_view word) const {
    const auto some = [&](std::string_view start) {
        const auto found = by_start_.find(key_of(start));
        return found != by_start_.end() &&
               std::any_of(found->second.begin(), found->second.end(),
                           [&](const entry& e) { return matches(word, e.words.front()); });
    };
    if (some(word)) return true;
    return is_arabic(word) && std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) {
               return word.size() >= p.size() + shortest_rest && word.starts_with(p) &&
                      some(word.substr(p.size()));
           });
}

bool lexicon::may_find(std::string_view folded) const {
    while (!folded.empty()) {
        const auto space = std::min(folded.find(' '), folded.size());
        if (space > 0 && begins(folded.substr(0, space))) return true;
        folded.remove_prefix(std::min(space + 1, folded.size()));
    }
    return false;
}

std::vector<hit> lexicon::find(const clause& c) const {
    std::vector<hit> out;
    for (std::size_t at = 0; at < c.words.size();) {
        const hit h = best_at(c, at);
        if (h.what == nullptr) {
            ++at;
            continue;
        }
        out.push_back(h);
        at += h.length;
    }
    return out;
}

std::vector<hit> lexicon::find_of_each_tag(const clause& c) const {
    std::vector<hit> out;
    std::vector<hit> here;
    for (std::size_t at = 0; at < c.words.size();) {
        here.clear();
        each_at(c, at, [&](const entry& e) {
            const std::size_t n = e.words.size();
            if (!here.empty() && n < here.front().length) return;
            if (!here.empty() && n > here.front().length) here.clear();
            for (auto& known : here) {
                if (known.what->tag != e.what->tag) continue;
                if (e.what->text.size() > known.what->text.size()) known.what = e.what;
                return;
            }
            here.push_back({e.what, at, n});
        });
        out.insert(out.end(), here.begin(), here.end());
        at += here.empty() ? 1 : here.front().length;
    }
    return out;
}

bool negated(const clause& c, std::size_t at, std::size_t reach) {
    for (std::size_t back = 1; back <= reach && back <= at; ++back) {
        const std::string_view word = c.words[at - back];
        if (std::find(released.begin(), released.end(), word) != released.end()) return false;
        if (std::find(negations.begin(), negations.end(), word) == negations.end()) continue;
        // Two of them lift each other: "not without", "لا يوجد عدم".
        const bool twice = at - back > 0 && std::find(negations.begin(), negations.end(),
                                                      c.words[at - back - 1]) != negations.end();
        return !twice;
    }
    return false;
}

double emphasis(const clause& c, const hit& h) {
    double factor = 1;
    for (std::size_t back = 1; back <= 2 && back <= h.at; ++back)
        factor *= factor_of(degrees_before, c.words[h.at - back]);
    const std::size_t next = h.at + h.length;
    if (next < c.words.size()) factor *= factor_of(degrees_after, c.words[next]);
    return factor;
}

void quoted::add(const clause& c, const hit& h) {
    constexpr int most = 4;
    if (++count_ > most) return;
    if (!text_.empty()) text_ += ", ";
    text_ += "“";
    for (std::size_t i = 0; i < h.length; ++i) {
        if (i > 0) text_ += ' ';
        text_ += c.words[h.at + i];
    }
    text_ += "”";
}

} // namespace chat_centre::analysis
