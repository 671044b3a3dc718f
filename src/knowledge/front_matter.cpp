#include "knowledge/front_matter.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace chat_centre::knowledge {
namespace {

std::string_view next_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string_view unquoted(std::string_view v) {
    if (v.size() >= 2 && (v.front() == '"' || v.front() == '\'') && v.back() == v.front())
        return v.substr(1, v.size() - 2);
    return v;
}

// charity/which-documents.en.md
void read_path(std::string_view path, article& a) {
    const auto slash = path.rfind('/');
    if (slash != std::string_view::npos && slash > 0) {
        const auto folder = path.substr(0, slash);
        const auto before = folder.rfind('/');
        const auto name = before == std::string_view::npos ? folder : folder.substr(before + 1);
        if (is_slug(name) && name != "general") a.text.scenario = std::string(name);
    }
    auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    for (const std::string_view ending : {".md", ".markdown"})
        if (name.ends_with(ending)) name.remove_suffix(ending.size());
    for (const std::string_view language : {"en", "ar"})
        if (name.size() > 3 && name.ends_with(language) &&
            (name[name.size() - 3] == '.' || name[name.size() - 3] == '-')) {
            a.language = language;
            name.remove_suffix(3);
            break;
        }
    a.slug = slug_or_number(name);
}

// What PostgreSQL can hold: valid UTF-8 without a NUL.
bool is_storable(const std::string& text) {
    if (text.find('\0') != std::string::npos) return false;
    try {
        return !json(text).dump().empty();
    } catch (const json::exception&) {
        return false;
    }
}

void set(article& a, std::string_view key, std::string_view value, int line, std::vector<std::string>& wrong) {
    const std::string text(value);
    if (key == "title")
        a.text.title = text;
    else if (key == "category")
        a.text.category = text;
    else if (key == "slug")
        a.slug = text;
    else if (key == "language")
        a.language = text;
    else if (key == "status")
        a.status = text;
    else if (key == "scenario")
        a.text.scenario = text.empty() || text == "none" ? std::nullopt : std::optional(text);
    else if (key == "questions" && value.empty())
        return;
    else
        wrong.push_back("line " + std::to_string(line) + ": \"" + std::string(key) + "\" is not a known key");
}

// Arabic letters as they are commonly written in Latin ones; short vowels are not written.
std::string_view latin_letters(char32_t c) {
    constexpr std::array<std::string_view, 42> letters{
        "",   "a", "a", "w", "a",  "y", "a", "b", "a", "t", "th", "j", "h", "kh", "d",     // 0621 to 062F
        "dh", "r", "z", "s", "sh", "s", "d", "t", "z", "a", "gh", "",  "",  "",   "",  "", // 0630 to 063F
        "",   "f", "q", "k", "l",  "m", "n", "h", "w", "a", "y"};                          // 0640 to 064A
    if (c >= 0x0621 && c < 0x0621 + letters.size()) return letters[c - 0x0621];
    constexpr std::array<std::string_view, 10> digits{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    if (c >= 0x0660 && c <= 0x0669) return digits[c - 0x0660];
    if (c >= 0x06F0 && c <= 0x06F9) return digits[c - 0x06F0];
    switch (c) {
    case 0x067E: return "p";
    case 0x0686: return "ch";
    case 0x0698: return "zh";
    case 0x06A9: return "k";
    case 0x06AF: return "g";
    case 0x06CC: return "y";
    default: return {};
    }
}

// Within a word, and not written: hamza, tatweel, vowel marks.
bool is_silent(char32_t c) {
    return c == 0x0621 || c == 0x0640 || (c >= 0x064B && c <= 0x065F) || c == 0x0670;
}

} // namespace

bool is_slug(std::string_view text) {
    if (text.empty() || text.size() > longest_slug || text.front() == '-' || text.back() == '-') return false;
    return text.find("--") == std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string slug_of(std::string_view title) {
    std::string out;
    const std::size_t all = title.size();
    while (!title.empty() && out.size() < longest_slug) {
        const bool first = title.size() == all;
        const char32_t c = next_code_point(title);
        std::string_view in_latin = latin_letters(c);
        char plain = 0;
        if (c < 0x80) {
            plain = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            const bool fine = (plain >= 'a' && plain <= 'z') || (plain >= '0' && plain <= '9');
            if (fine) in_latin = {&plain, 1};
            if (plain == '\'') continue;
        } else if (is_silent(c)) {
            continue;
        }
        if (!in_latin.empty())
            out += in_latin;
        else if (!first && !out.empty() && out.back() != '-')
            out.push_back('-');
    }
    if (out.size() > longest_slug) out.resize(longest_slug);
    while (out.ends_with('-')) out.pop_back();
    return out;
}

std::string slug_or_number(std::string_view title) {
    constexpr std::size_t shortest = 3;
    auto slug = slug_of(title);
    if (slug.size() >= shortest) return slug;
    // Of a script that is not written in Latin letters here: the same title has the same slug at each import.
    return fmt::format("article-{:08x}", static_cast<std::uint32_t>(hash64(title)));
}

void check_article(const article& a, std::vector<std::string>& wrong) {
    if (a.language != "en" && a.language != "ar") wrong.emplace_back("language must be en or ar");
    if (!is_slug(a.slug))
        wrong.emplace_back("slug must be lower-case letters, digits and dashes, at most 80");
    if (is_blank(a.text.title)) wrong.emplace_back("there is no title");
    if (count_characters(a.text.title) > longest_title)
        wrong.emplace_back("title must have at most 200 characters");
    if (is_blank(a.text.body)) wrong.emplace_back("there is no text");
    if (count_characters(a.text.body) > longest_body)
        wrong.emplace_back("text must have at most 60000 characters");
    if (count_characters(a.text.category) > longest_category)
        wrong.emplace_back("category must have at most 60 characters");
    if (a.text.scenario && !is_slug(*a.text.scenario))
        wrong.emplace_back("scenario must be a slug such as charity");
    if (a.text.questions.size() > most_questions) wrong.emplace_back("at most 50 questions");
    for (const auto& q : a.text.questions)
        if (count_characters(q) > longest_question)
            wrong.emplace_back("a question must have at most 300 characters");
    bool fine = is_storable(a.text.title) && is_storable(a.text.body) && is_storable(a.text.category);
    for (const auto& q : a.text.questions) fine = fine && is_storable(q);
    if (!fine) wrong.emplace_back("it is not text in UTF-8");
    if (a.status != "draft" && a.status != "published" && a.status != "archived")
        wrong.emplace_back("status must be draft, published or archived");
}

read_article read_markdown(std::string_view path, std::string_view content) {
    read_article out;
    auto& a = out.made;
    a.status = "published";
    read_path(path, a);
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    std::string_view rest = content;
    if (next_line(rest) == "---") {
        bool closed = false;
        bool listing = false;
        int number = 1;
        while (!rest.empty() && !closed) {
            const auto raw = next_line(rest);
            ++number;
            const auto line = trimmed(raw);
            if (line == "---") {
                closed = true;
            } else if (line.empty() || line.starts_with('#')) {
                continue;
            } else if (listing && line.starts_with("- ")) {
                a.text.questions.emplace_back(unquoted(trimmed(line.substr(2))));
            } else {
                const auto colon = line.find(':');
                if (colon == std::string_view::npos) {
                    out.wrong.push_back("line " + std::to_string(number) + ": expected \"key: value\"");
                    continue;
                }
                const auto key = trimmed(line.substr(0, colon));
                listing = key == "questions";
                set(a, key, unquoted(trimmed(line.substr(colon + 1))), number, out.wrong);
            }
        }
        if (!closed) out.wrong.emplace_back("line 1: the lines before the text do not end with ---");
    } else {
        rest = content;
    }
    while (!rest.empty() && (rest.front() == '\n' || rest.front() == '\r' || rest.front() == ' '))
        rest.remove_prefix(1);
    if (a.text.title.empty() && rest.starts_with("# "))
        a.text.title = std::string(trimmed(next_line(rest).substr(2)));
    while (!rest.empty() && (rest.front() == '\n' || rest.front() == '\r')) rest.remove_prefix(1);
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' '))
        rest.remove_suffix(1);
    a.text.body = std::string(rest);
    check_article(a, out.wrong);
    return out;
}

} // namespace chat_centre::knowledge
