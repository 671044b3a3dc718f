#include <chat_centre/quality/anonymise.hpp>

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace chat_centre::quality {
namespace {

using namespace std::string_view_literals;

bool is_letter_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The length in bytes of a digit at the beginning: ASCII, Arabic-Indic, Persian; 0 when there is none.
std::size_t digit_at(std::string_view s) {
    if (s.empty()) return 0;
    if (s[0] >= '0' && s[0] <= '9') return 1;
    std::string_view rest = s;
    const char32_t c = next_code_point(rest);
    const bool arabic = (c >= 0x0660 && c <= 0x0669) || (c >= 0x06F0 && c <= 0x06F9);
    return arabic ? s.size() - rest.size() : 0;
}

struct piece {
    std::size_t length = 0; // bytes; 0: nothing here
    std::string_view label;
};

constexpr std::size_t phone_digits = 7;
constexpr std::size_t number_digits = 5;

// A run of digits with what people put between them.
piece number_at(std::string_view s) {
    std::size_t at = 0;
    const bool international = s.starts_with('+');
    if (international) at = 1;
    if (s.starts_with('(')) at = 1;
    if (digit_at(s.substr(at)) == 0) return {};
    std::size_t digits = 0;
    std::size_t end = at;
    std::size_t between = 0;
    while (at < s.size()) {
        if (const auto n = digit_at(s.substr(at)); n > 0) {
            ++digits;
            at += n;
            end = at;
            between = 0;
        } else if (" -./()"sv.find(s[at]) != std::string_view::npos && ++between <= 2) {
            ++at;
        } else {
            break;
        }
    }
    if (digits >= phone_digits) return {end, international || digits >= 9 ? "[phone]"sv : "[number]"sv};
    if (digits >= number_digits) return {end, "[number]"};
    return {};
}

bool is_address_byte(char c) { return is_letter_byte(c) || "._%+-"sv.find(c) != std::string_view::npos; }

// An address that begins here. Only asked at the beginning of a word.
piece email_at(std::string_view s) {
    std::size_t at = 0;
    while (at < s.size() && is_address_byte(s[at])) ++at;
    if (at == 0 || at >= s.size() || s[at] != '@') return {};
    std::size_t end = ++at;
    bool dot = false;
    while (end < s.size() && (is_letter_byte(s[end]) || s[end] == '-' || s[end] == '.'))
        dot = s[end++] == '.' || dot;
    while (end > at && s[end - 1] == '.') --end;
    return dot && end > at ? piece{end, "[e-mail]"} : piece{};
}

piece link_at(std::string_view s) {
    if (!s.starts_with("http://") && !s.starts_with("https://") && !s.starts_with("www.")) return {};
    std::size_t end = std::min(s.find_first_of(" \t\r\n<>\"'"), s.size());
    while (end > 0 && ".,;:!?)"sv.find(s[end - 1]) != std::string_view::npos) --end;
    return {end, "[link]"};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view s, std::string_view word) {
    return s.size() >= word.size() && std::equal(word.begin(), word.end(), s.begin(),
                                                 [](char a, char b) { return lower(a) == lower(b); });
}

std::size_t letters_in(std::string_view word) {
    std::size_t n = 0;
    for (; !word.empty(); ++n) next_code_point(word);
    return n;
}

struct name {
    std::string text;
    std::string_view label;
};

// Whole names before their words, longest first, so that "Sarah Johnson" is one mark and not two.
std::vector<name> list_of(const known_names& names) {
    constexpr std::size_t shortest = 3;
    std::vector<name> out;
    const auto add = [&out](std::string_view text, std::string_view label) {
        if (letters_in(text) >= shortest) out.push_back({std::string(text), label});
    };
    const auto add_all = [&add](const std::vector<std::string>& list, std::string_view label) {
        for (const auto& full : list) {
            add(full, label);
            std::string_view rest = full;
            while (!rest.empty()) {
                const auto space = std::min(rest.find(' '), rest.size());
                add(rest.substr(0, space), label);
                rest.remove_prefix(std::min(space + 1, rest.size()));
            }
        }
    };
    add_all(names.customer, "[customer]");
    add_all(names.staff, "[staff]");
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.text.size() > b.text.size(); });
    return out;
}

piece name_at(std::string_view s, const std::vector<name>& names) {
    for (const auto& n : names) {
        if (!begins_with(s, n.text)) continue;
        const auto end = n.text.size();
        if (end == s.size() || !is_letter_byte(s[end])) return {end, n.label};
    }
    return {};
}

// "my name is John Doe" names somebody whom no list has.
std::optional<std::size_t> introduction_at(std::string_view s) {
    for (const auto phrase :
         {"my name is "sv, "my name's "sv, "i am called "sv, "اسمي "sv, "إسمي "sv, "انا اسمي "sv})
        if (begins_with(s, phrase)) return phrase.size();
    return std::nullopt;
}

std::size_t introduced_name(std::string_view s) {
    std::size_t end = 0;
    for (int words = 0; words < 2; ++words) {
        std::size_t at = end == 0 ? 0 : end + 1;
        if (end != 0 && (at > s.size() || s[end] != ' ')) break;
        const bool capital =
            at < s.size() && ((s[at] >= 'A' && s[at] <= 'Z') || static_cast<unsigned char>(s[at]) >= 0x80);
        if (words > 0 && !capital) break; // "my name is John and ..."
        std::size_t to = at;
        while (to < s.size() && is_letter_byte(s[to])) ++to;
        if (to == at) break;
        end = to;
    }
    return end;
}

} // namespace

std::string anonymise(std::string_view text, const known_names& names) {
    const auto list = list_of(names);
    std::string out;
    out.reserve(text.size());
    bool inside = false; // in a word
    while (!text.empty()) {
        if (!inside) {
            if (const auto skip = introduction_at(text)) {
                const auto length = introduced_name(text.substr(*skip));
                out += text.substr(0, *skip);
                if (length > 0) out += "[customer]";
                text.remove_prefix(*skip + length);
                continue;
            }
            piece found = link_at(text);
            if (found.length == 0) found = email_at(text);
            if (found.length == 0) found = number_at(text);
            if (found.length == 0) found = name_at(text, list);
            if (found.length > 0) {
                out += found.label;
                text.remove_prefix(found.length);
                inside = !text.empty() && is_letter_byte(text.front());
                continue;
            }
        }
        inside = is_letter_byte(text.front());
        out.push_back(text.front());
        text.remove_prefix(1);
    }
    return out;
}

} // namespace chat_centre::quality
