#include "intake/extract.hpp"

#include "intake/commands.hpp"

#include <chat_centre/base/email.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace chat_centre::intake {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t most_sentence = 2000; // bytes looked at: nobody says more to introduce themselves

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view front_of(std::string_view text) {
    if (text.size() <= most_sentence) return text;
    std::size_t cut = most_sentence;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return text.substr(0, cut);
}

// A digit spelt out, as folded; -1: the word is none.
int spelt_digit(std::string_view word) {
    struct spelling {
        std::string_view word;
        int value;
    };
    constexpr std::array spellings{
        spelling{"zero", 0},   spelling{"oh", 0},    spelling{"one", 1},   spelling{"two", 2},
        spelling{"three", 3},  spelling{"four", 4},  spelling{"five", 5},  spelling{"six", 6},
        spelling{"seven", 7},  spelling{"eight", 8}, spelling{"nine", 9},  spelling{"صفر", 0},
        spelling{"واحد", 1},   spelling{"اثنان", 2}, spelling{"اثنين", 2}, spelling{"ثلاثه", 3},
        spelling{"اربعه", 4},  spelling{"خمسه", 5},  spelling{"سته", 6},   spelling{"سبعه", 7},
        spelling{"ثمانيه", 8}, spelling{"تسعه", 9},
    };
    const auto it = std::find_if(spellings.begin(), spellings.end(),
                                 [word](const spelling& s) { return s.word == word; });
    return it == spellings.end() ? -1 : it->value;
}

// "plus nine six six five oh one ..." as digits; "" unless at least seven are spelt, one after the other.
std::string spelt_number(std::string_view text) {
    std::string digits;
    int times = 1;
    bool plus = false;
    for (const auto& w : fold_words(text)) {
        if (digits.empty() && (w.folded == "plus" || w.folded == "زايد" || w.folded == "زائد")) {
            plus = true;
        } else if (w.folded == "double" || w.folded == "triple") {
            times = w.folded == "double" ? 2 : 3;
        } else if (const int value = spelt_digit(w.folded); value >= 0) {
            digits.append(static_cast<std::size_t>(times), static_cast<char>('0' + value));
            times = 1;
        } else if (!digits.empty() && digits.size() < 7) {
            digits.clear();
        } else if (!digits.empty()) {
            break;
        }
    }
    if (digits.size() < 7) return {};
    return (plus ? "+" : "") + digits;
}

// The longest run of digits with what people put between them.
std::string digit_run(std::string_view text) {
    std::string best;
    std::string run;
    for (const char c : std::string(text) + '\n') {
        if (is_digit(c)) {
            run.push_back(c);
        } else if (run.empty() || std::string_view(" -.()/").find(c) == std::string_view::npos) {
            if (run.size() > best.size()) best = run;
            run.clear();
        }
    }
    return best;
}

struct spoken {
    std::string_view word, sign;
};
constexpr std::array signs{
    spoken{"at", "@"},       spoken{"ات", "@"},           spoken{"ايت", "@"},
    spoken{"dot", "."},      spoken{"point", "."},        spoken{"دوت", "."},
    spoken{"نقطه", "."},     spoken{"underscore", "_"},   spoken{"dash", "-"},
    spoken{"hyphen", "-"},   spoken{"minus", "-"},        spoken{"شرطه", "-"},
    spoken{"plus", "+"},     spoken{"جيميل", "gmail"},    spoken{"هوتميل", "hotmail"},
    spoken{"ياهو", "yahoo"}, spoken{"اوتلوك", "outlook"}, spoken{"كوم", "com"},
    spoken{"نت", "net"},     spoken{"اورج", "org"},
};

std::string_view sign_of(std::string_view word) {
    const auto it =
        std::find_if(signs.begin(), signs.end(), [word](const spoken& s) { return s.word == word; });
    return it == signs.end() ? std::string_view{} : it->sign;
}

bool is_sign(std::string_view s) {
    return s.size() == 1 && !is_digit(s[0]) && std::string_view("@._-+").find(s[0]) != std::string_view::npos;
}

// Words and the signs between them, spoken or typed: "john", ".", "smith", "@", "example", ".", "com".
std::vector<std::string> address_parts(std::string_view text) {
    std::vector<std::string> parts;
    std::size_t end = 0;
    const auto typed_between = [&](std::size_t from, std::size_t to) {
        for (const char c : text.substr(from, to - from))
            if (std::string_view("@._-+").find(c) != std::string_view::npos) parts.emplace_back(1, c);
    };
    for (const auto& w : fold_words(text)) {
        typed_between(end, w.begin);
        end = w.end;
        if (const auto sign = sign_of(w.folded); !sign.empty())
            parts.emplace_back(sign);
        else if (w.folded == "اندرسكور")
            parts.emplace_back("_");
        else
            parts.push_back(w.folded);
    }
    return parts;
}

// Around each "@": what signs tie together to its left and right.
std::optional<std::string> spoken_email(std::string_view text) {
    const auto parts = address_parts(text);
    for (std::size_t at = 1; at + 1 < parts.size(); ++at) {
        if (parts[at] != "@") continue;
        std::size_t first = at - 1;
        while (first >= 2 && is_sign(parts[first - 1]) && parts[first - 1] != "@") first -= 2;
        std::size_t last = at + 1;
        while (last + 2 < parts.size() && (parts[last + 1] == "." || parts[last + 1] == "-")) last += 2;
        std::string address;
        for (std::size_t i = first; i <= last; ++i) address += parts[i];
        if (auto good = normalize_email(address)) return good;
    }
    return std::nullopt;
}

bool is_name_letter(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    // Letters of other scripts: no punctuation, direction marks, symbols or private characters.
    return (c >= 0x00C0 && c <= 0x1FFF && c != 0x00D7 && c != 0x00F7 && c != 0x060C && c != 0x061B &&
            c != 0x061F && c != 0x061C && !(c >= 0x0660 && c <= 0x066D) && !(c >= 0x06F0 && c <= 0x06F9) &&
            c != 0x06D4) ||
           (c >= 0x2C00 && c <= 0x2DFF) || (c >= 0x3041 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDFF) ||
           (c >= 0xFE70 && c <= 0xFEFC);
}

struct opening {
    std::string_view words; // folded
    bool sure;              // false: what follows may be no name ("I am waiting")
};
constexpr std::array openings{
    opening{"my name is", true}, opening{"my names", true},    opening{"my full name is", true},
    opening{"name is", true},    opening{"the name is", true}, opening{"call me", true},
    opening{"اسمي هو", true},    opening{"اسمي", true},        opening{"انا اسمي", true},
    opening{"الاسم", true},      opening{"معك", false},        opening{"معكم", false},
    opening{"انا", false},       opening{"this is", false},    opening{"i am", false},
    opening{"im", false},        opening{"its", false},        opening{"name", true},
};

// What people are besides their name: "I'm calling", "أنا أريد".
constexpr std::array no_names{
    "a"sv,         "an"sv,           "the"sv,          "calling"sv, "having"sv,
    "looking"sv,   "trying"sv,       "not"sv,          "very"sv,    "so"sv,
    "sick"sv,      "angry"sv,        "waiting"sv,      "in"sv,      "from"sv,
    "here"sv,      "sorry"sv,        "interested"sv,   "writing"sv, "still"sv,
    "just"sv,      "also"sv,         "unable"sv,       "upset"sv,   "unhappy"sv,
    "happy"sv,     "disappointed"sv, "about"sv,        "at"sv,      "on"sv,
    "my"sv,        "your"sv,         "no"sv,           "yes"sv,     "going"sv,
    "getting"sv,   "asking"sv,       "wondering"sv,    "really"sv,  "urgent"sv,
    "important"sv, "ridiculous"sv,   "unacceptable"sv, "broken"sv,  "late"sv,
    "wrong"sv,     "right"sv,        "correct"sv,      "ok"sv,      "fine"sv,
    "good"sv,      "bad"sv,          "stuck"sv,        "tired"sv,   "frustrated"sv,
    "lost"sv,      "للتو"sv,         "اريد"sv,         "ابغي"sv,    "احتاج"sv,
    "لا"sv,        "لم"sv,           "ليس"sv,          "في"sv,      "من"sv,
    "عندي"sv,      "لدي"sv,          "غاضب"sv,         "مريض"sv,    "انتظر"sv,
    "اتصل"sv,      "اسال"sv,         "زعلان"sv,        "مستاء"sv,   "اود"sv,
    "ارغب"sv,      "غير"sv,          "بحاجه"sv,
};
// Where a name ends though nothing but a word tells.
constexpr std::array name_ends{"and"sv,    "i"sv,     "my"sv,      "with"sv,     "here"sv,   "phone"sv,
                               "number"sv, "from"sv,  "calling"sv, "speaking"sv, "but"sv,    "email"sv,
                               "please"sv, "about"sv, "ورقمي"sv,   "رقمي"sv,     "وعندي"sv,  "عندي"sv,
                               "ولدي"sv,   "لدي"sv,   "واريد"sv,   "اريد"sv,     "وهاتفي"sv, "هاتفي"sv,
                               "من"sv,     "و"sv,     "وبريدي"sv,  "واحتاج"sv};

// What sentences have and names have not: "I need help" is no name.
constexpr std::array sentence_words{
    "i"sv,    "im"sv,    "is"sv,   "are"sv,   "am"sv,    "my"sv,     "your"sv, "you"sv,       "we"sv,
    "the"sv,  "need"sv,  "want"sv, "help"sv,  "have"sv,  "please"sv, "how"sv,  "what"sv,      "why"sv,
    "when"sv, "where"sv, "can"sv,  "with"sv,  "about"sv, "this"sv,   "that"sv, "not"sv,       "dont"sv,
    "it"sv,   "to"sv,    "do"sv,   "phone"sv, "email"sv, "number"sv, "name"sv, "complaint"sv, "price"sv,
    "skip"sv, "none"sv,  "and"sv,  "or"sv,    "اريد"sv,  "عندي"sv,   "لدي"sv,  "احتاج"sv,     "كيف"sv,
    "ماذا"sv, "متي"sv,   "اين"sv,  "هل"sv,    "انا"sv,   "مشكله"sv,  "شكوي"sv, "مساعده"sv,    "من"sv,
    "في"sv,   "لماذا"sv, "ما"sv,   "هذا"sv,   "لا"sv,    "ابغي"sv};

template <class Words>
bool holds(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

std::string ascii_digits(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::string_view rest = text;
        const char32_t c = next_code_point(rest);
        const char32_t zero = c >= 0x0660 && c <= 0x0669   ? 0x0660
                              : c >= 0x06F0 && c <= 0x06F9 ? 0x06F0
                              : c >= 0xFF10 && c <= 0xFF19 ? 0xFF10
                                                           : 0;
        if (zero != 0)
            out.push_back(static_cast<char>('0' + (c - zero)));
        else
            out.append(text.substr(0, text.size() - rest.size()));
        text = rest;
    }
    return out;
}

std::size_t count_words(std::string_view text) { return fold_words(front_of(text)).size(); }

std::optional<std::string> read_name(std::string_view text) {
    std::string_view rest = text;
    while (!rest.empty() && std::string_view(" \t\r\n.,!").find(rest.front()) != std::string_view::npos)
        rest.remove_prefix(1);
    while (!rest.empty() && std::string_view(" \t\r\n,!").find(rest.back()) != std::string_view::npos)
        rest.remove_suffix(1);
    for (const std::string_view comma : {"،"sv, "؛"sv})
        while (rest.ends_with(comma)) rest.remove_suffix(comma.size());
    if (rest.size() > 200) return std::nullopt;
    std::string name;
    std::size_t letters = 0;
    for (std::string_view left = rest; !left.empty();) {
        const std::string_view here = left;
        const char32_t c = next_code_point(left);
        const bool space = c == ' ' || c == '\t' || c == 0x00A0;
        if (space) {
            if (!name.empty() && name.back() != ' ') name.push_back(' ');
            continue;
        }
        const bool between = c == '-' || c == '\'' || c == '.' || c == 0x2019;
        if (!between && !is_name_letter(c)) return std::nullopt;
        if (!between) ++letters;
        name.append(here.substr(0, here.size() - left.size()));
    }
    if (letters < 2 || count_characters(name) > 60 || count_words(name) > 6) return std::nullopt;
    if (read_command(name) != command::none) return std::nullopt;
    const auto words = fold_words(name);
    if (std::any_of(words.begin(), words.end(), [](const auto& w) { return holds(sentence_words, w.folded); }))
        return std::nullopt;
    return name;
}

std::optional<std::string> introduced_name(std::string_view text) {
    text = front_of(text);
    const auto words = fold_words(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (const auto& o : openings) {
            const auto expected = fold_words(o.words);
            if (i + expected.size() >= words.size()) continue;
            const bool fits =
                std::equal(expected.begin(), expected.end(), words.begin() + static_cast<std::ptrdiff_t>(i),
                           [](const auto& a, const auto& b) { return a.folded == b.folded; });
            if (!fits) continue;
            if (!o.sure && i > 2) continue; // an introduction comes first: "... and i am waiting"
            std::size_t last = i + expected.size();
            const std::size_t first = last;
            if (holds(no_names, words[first].folded)) continue;
            while (last + 1 < words.size() && last - first < 4) {
                const auto gap = text.substr(words[last].end, words[last + 1].begin - words[last].end);
                const bool together = gap == " " || gap == "-" || gap == "'" || gap == "  ";
                if (!together || holds(name_ends, words[last + 1].folded)) break;
                ++last;
            }
            const auto said = text.substr(words[first].begin, words[last].end - words[first].begin);
            // Unsure openings: at most three words, or it is a sentence.
            if (!o.sure && last - first > 2) continue;
            if (auto name = read_name(said)) return name;
        }
    }
    return std::nullopt;
}

std::optional<std::string> read_phone(std::string_view text, std::string_view default_country) {
    const std::string plain = ascii_digits(front_of(text));
    for (const auto& p : find_phones(plain, default_country))
        if (p.valid) return p.e164;
    if (const auto whole = parse_phone(plain, default_country); whole && whole->valid) return whole->e164;
    if (auto spelt = spelt_number(plain); !spelt.empty()) {
        if (const auto p = parse_phone(spelt, default_country); p && p->valid) return p->e164;
        if (default_country.empty() && spelt[0] != '+' && spelt.size() <= 15) return spelt;
    }
    // Nobody said which country's numbers are given without a code: better as it was given than refused.
    auto digits = digit_run(plain);
    if (default_country.empty() && plain.find('+') == std::string::npos && digits.size() >= 7 &&
        digits.size() <= 15)
        return digits;
    return std::nullopt;
}

std::optional<std::string> read_email(std::string_view text) {
    const std::string plain = ascii_digits(front_of(text));
    if (const auto found = find_emails(plain); !found.empty()) return found.front();
    return spoken_email(plain);
}

std::string words_of_language(std::string_view text) {
    text = front_of(text);
    if (find_emails(text).empty() && spoken_email(ascii_digits(text))) return {};
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
        const auto token = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::string plain = ascii_digits(token);
        const auto dot = plain.find_last_of('.');
        const bool domain = dot != std::string::npos && dot > 0 && dot + 1 < plain.size() &&
                            std::isalnum(static_cast<unsigned char>(plain[dot + 1])) != 0;
        const bool code = domain || plain.find('@') != std::string::npos ||
                          plain.find("://") != std::string::npos ||
                          std::any_of(plain.begin(), plain.end(), is_digit);
        if (!code) out.append(out.empty() ? "" : " ").append(token);
    }
    return out;
}

std::string matter_of(std::string_view text) {
    text = front_of(text);
    std::string out;
    std::size_t from = 0;
    const auto take = [&](std::size_t to) {
        const auto clause = trimmed(text.substr(from, to - from));
        const std::string plain = ascii_digits(clause);
        const auto digits = std::count_if(plain.begin(), plain.end(), is_digit);
        const bool wanted = count_words(clause) >= 2 && digits < 7 && plain.find('@') == std::string::npos &&
                            !introduced_name(clause) && read_command(clause) == command::none;
        if (wanted) out += (out.empty() ? "" : ", ") + std::string(clause);
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::size_t length = 0;
        const bool ends_word = i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\n';
        if (std::string_view(",;!?\n").find(text[i]) != std::string_view::npos ||
            (text[i] == '.' && ends_word))
            length = 1;
        for (const auto mark : {"،"sv, "؛"sv, "؟"sv})
            if (text.substr(i, mark.size()) == mark) length = mark.size();
        if (length == 0) continue;
        take(i);
        from = i + length;
        i = from - 1;
    }
    take(text.size());
    return out;
}

} // namespace chat_centre::intake
