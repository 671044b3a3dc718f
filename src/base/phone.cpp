#include <chat_centre/base/phone.hpp>

#include "base/phone_plans.hpp"

#include <algorithm>
#include <array>

namespace chat_centre {
namespace {

using detail::numbering_plan;
using detail::numbering_plans;

constexpr std::size_t fewest_digits = 5;
constexpr std::size_t most_digits = 15; // E.164, with the calling code

struct written {
    bool plus = false;
    std::string digits;
};

bool starts_with(std::string_view text, std::string_view head) { return text.substr(0, head.size()) == head; }

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

const numbering_plan* plan_of(std::string_view country) {
    const auto wanted = upper(country);
    for (const auto& p : numbering_plans)
        if (p.country == wanted) return &p;
    return nullptr;
}

// A digit of another script at the start of `s`: its value and its length in bytes.
struct other_digit {
    int value = -1;
    std::size_t bytes = 0;
};
other_digit digit_of_another_script(std::string_view s) {
    const auto byte = [&s](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
    if (byte(0) == 0xD9 && byte(1) >= 0xA0 && byte(1) <= 0xA9) return {static_cast<int>(byte(1) - 0xA0), 2};
    if (byte(0) == 0xDB && byte(1) >= 0xB0 && byte(1) <= 0xB9) return {static_cast<int>(byte(1) - 0xB0), 2};
    if (byte(0) == 0xEF && byte(1) == 0xBC && byte(2) >= 0x90 && byte(2) <= 0x99)
        return {static_cast<int>(byte(2) - 0x90), 3};
    return {};
}

// What may stand between digits: its length in bytes, 0 when it is something else.
std::size_t filler(std::string_view s) {
    if (s.find_first_of(" \t-.()/") == 0) return 1;
    constexpr std::array<std::string_view, 18> wide{
        "\u00a0", "\u00ad", "\u200b", "\u200e", "\u200f", "\u2010", "\u2011", "\u2012", "\u2013",
        "\u2014", "\u2212", "\u202a", "\u202b", "\u202c", "\u202d", "\u2066", "\u2068", "\u2069"};
    for (const auto w : wide)
        if (starts_with(s, w)) return w.size();
    return 0;
}

bool is_extension(std::string_view s) {
    const auto head = upper(s.substr(0, 4));
    const bool named = starts_with(head, "EXT") || starts_with(head, ";EXT") || starts_with(head, "X") ||
                       starts_with(head, "#") || starts_with(head, ",");
    return named && s.find_first_of("0123456789") != std::string_view::npos;
}

std::optional<written> read_digits(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    if (starts_with(upper(text.substr(0, 4)), "TEL:")) text.remove_prefix(4);
    written out;
    while (!text.empty()) {
        if (text[0] >= '0' && text[0] <= '9') {
            out.digits.push_back(text[0]);
            text.remove_prefix(1);
        } else if (const auto d = digit_of_another_script(text); d.bytes > 0) {
            out.digits.push_back(static_cast<char>('0' + d.value));
            text.remove_prefix(d.bytes);
        } else if (out.plus && starts_with(text, "(0)")) {
            text.remove_prefix(3); // "+44 (0)20 ...": the trunk prefix, shown for callers inside the country
        } else if (const auto n = filler(text); n > 0) {
            text.remove_prefix(n);
        } else if (out.digits.empty() && !out.plus && (text[0] == '+' || starts_with(text, "\uff0b"))) {
            out.plus = true;
            text.remove_prefix(text[0] == '+' ? 1 : 3);
        } else if (!out.digits.empty() && is_extension(text)) {
            break;
        } else {
            return std::nullopt;
        }
        if (out.plus && starts_with(text, "(0)")) text.remove_prefix(3);
        if (out.digits.size() > 20) return std::nullopt;
    }
    if (out.digits.size() < fewest_digits) return std::nullopt;
    return out;
}

bool begins_as_listed(std::string_view number, std::string_view list) {
    while (!list.empty()) {
        const auto end = std::min(list.find(' '), list.size());
        if (starts_with(number, list.substr(0, end))) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

// Whether the plan has a number of this length that begins so.
bool fits(const numbering_plan& p, std::string_view number) {
    if (number.empty() || p.code.size() + number.size() > most_digits) return false;
    if (!p.areas.empty() && !begins_as_listed(number, p.areas)) return false;
    // North America: the exchange of every number begins with 2 to 9, as its area does.
    if (p.code == "1" && (number.size() != 10 || number[3] < '2')) return false;
    auto rest = p.shapes;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        const auto shape = rest.substr(0, end);
        const auto colon = shape.find(':');
        std::size_t length = 0;
        for (const char c : shape.substr(0, colon)) length = length * 10 + static_cast<std::size_t>(c - '0');
        if (length == number.size() && shape.find(number[0], colon) != std::string_view::npos) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

phone_number found(const numbering_plan& p, std::string_view number) {
    return {"+" + std::string(p.code) + std::string(number), std::string(p.country), true};
}

// A number with its calling code. Countries that share a code and have areas of their own are asked first.
std::optional<phone_number> international(std::string_view digits, bool trunk_allowed) {
    for (const bool with_areas : {true, false})
        for (const auto& p : numbering_plans) {
            if (p.areas.empty() == with_areas || !starts_with(digits, p.code)) continue;
            const auto number = digits.substr(p.code.size());
            if (fits(p, number)) return found(p, number);
            if (trunk_allowed && !p.trunk.empty() && starts_with(number, p.trunk) &&
                fits(p, number.substr(p.trunk.size())))
                return found(p, number.substr(p.trunk.size()));
        }
    return std::nullopt;
}

std::optional<phone_number> national(const numbering_plan& p, std::string_view digits) {
    std::string_view without = digits;
    if (!p.trunk.empty() && starts_with(digits, p.trunk)) without.remove_prefix(p.trunk.size());
    for (const auto number : {without, digits}) {
        // Who shares the calling code is dialled without it: a Canadian number looks like one of the United States.
        if (p.code == "1" || p.code == "7") {
            if (auto shared = international(std::string(p.code) + std::string(number), false)) return shared;
        } else if (fits(p, number)) {
            return found(p, number);
        }
    }
    return std::nullopt;
}

std::string country_of_code(std::string_view digits) {
    for (const auto& p : numbering_plans)
        if (p.areas.empty() && starts_with(digits, p.code)) return std::string(p.country);
    return "";
}

bool is_part_of_number(char c) { return (c >= '0' && c <= '9') || c == '+' || c == '('; }

} // namespace

std::optional<phone_number> parse_phone(std::string_view text, std::string_view default_country) {
    const auto number = read_digits(text);
    if (!number) return std::nullopt;
    const std::string_view digits = number->digits;
    if (number->plus) {
        if (auto p = international(digits, true)) return p;
        return phone_number{"", country_of_code(digits), false};
    }
    const auto* home = plan_of(default_country);
    if (home != nullptr)
        if (auto p = national(*home, digits)) return p;
    // "00" and North America's "011" mean "+" wherever people write them for callers from abroad.
    for (const std::string_view prefix : {"00", "011"})
        if (starts_with(digits, prefix))
            if (auto p = international(digits.substr(prefix.size()), true)) return p;
    if (auto p = international(digits, false)) return p;
    return phone_number{"", home != nullptr ? std::string(home->country) : "", false};
}

std::string normalize_phone(std::string_view text, std::string_view default_country) {
    const auto p = parse_phone(text, default_country);
    return p && p->valid ? p->e164.substr(1) : "";
}

bool validate_phone(std::string_view text, std::string_view default_country) {
    const auto p = parse_phone(text, default_country);
    return p && p->valid;
}

std::vector<phone_number> find_phones(std::string_view sentence, std::string_view default_country) {
    std::vector<phone_number> out;
    while (!sentence.empty()) {
        if (!is_part_of_number(sentence[0]) && digit_of_another_script(sentence).bytes == 0) {
            // A digit inside a word or a code ("ORD-12", "A4") begins no number.
            const bool letter =
                (sentence[0] >= 'a' && sentence[0] <= 'z') || (sentence[0] >= 'A' && sentence[0] <= 'Z');
            std::size_t skip = 1;
            if (letter) skip = std::min(sentence.find_first_of(" \t\n,;:"), sentence.size());
            sentence.remove_prefix(skip);
            continue;
        }
        std::size_t end = 0;
        std::size_t last_digit = 0;
        std::size_t digits = 0;
        while (end < sentence.size() && digits <= 20) {
            const auto rest = sentence.substr(end);
            const auto other = digit_of_another_script(rest).bytes;
            const bool digit = other > 0 || (rest[0] >= '0' && rest[0] <= '9');
            const auto step = other > 0 ? other : digit ? 1 : rest[0] == '+' && end == 0 ? 1 : filler(rest);
            if (step == 0) break;
            end += step;
            if (digit) {
                last_digit = end;
                ++digits;
            }
        }
        if (digits >= 7)
            if (auto p = parse_phone(sentence.substr(0, last_digit), default_country); p && p->valid) {
                const auto same = [&p](const phone_number& o) { return o.e164 == p->e164; };
                if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(*p));
            }
        sentence.remove_prefix(std::max<std::size_t>(last_digit, 1));
    }
    return out;
}

bool is_known_country(std::string_view iso) { return plan_of(iso) != nullptr; }

} // namespace chat_centre
