#include <chat_centre/base/text.hpp>

namespace chat_centre {
namespace {

void put(std::string& out, char32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xC0U | c >> 6U));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | c >> 12U));
        out.push_back(static_cast<char>(0x80U | (c >> 6U & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else {
        out.push_back(static_cast<char>(0xF0U | c >> 18U));
        out.push_back(static_cast<char>(0x80U | (c >> 12U & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c >> 6U & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    }
}

bool is_arabic_mark(char32_t c) { return (c >= 0x064B && c <= 0x065F) || c == 0x0670 || c == 0x0640; }
bool is_arabic_letter(char32_t c) { return c >= 0x0620 && c <= 0x06D3 && !is_arabic_mark(c); }
bool is_latin_letter(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x00C0 && c <= 0x024F);
}

char32_t fold(char32_t c) {
    if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
    switch (c) {
    case 0x0622: // alef with madda, with hamza above, with hamza below, wasla
    case 0x0623:
    case 0x0625:
    case 0x0671: return 0x0627;
    case 0x0649: return 0x064A; // alef maqsura -> ya
    case 0x0629: return 0x0647; // ta marbuta -> ha
    default: return c;
    }
}

bool is_dropped(char32_t c) { return c == '\'' || c == 0x2019 || c == 0x2018 || is_arabic_mark(c); }

bool separates(char32_t c) {
    if (c < 0x80) return (c < '0' || c > '9') && (c < 'a' || c > 'z');
    // Arabic and general punctuation, no-break space, ideographic space and full stop.
    return c == 0x060C || c == 0x061B || c == 0x061F || c == 0x06D4 || c == 0x00A0 || c == 0x00AB ||
           c == 0x00BB || c == 0x00BF || c == 0x00A1 || (c >= 0x2000 && c <= 0x206F) ||
           (c >= 0x3000 && c <= 0x3003);
}

} // namespace

std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

char32_t next_code_point(std::string_view& rest) {
    const auto byte = [&rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned char first = byte(0);
    std::size_t length = first < 0x80 || first >= 0xF8 ? 1
                         : first >= 0xF0               ? 4
                         : first >= 0xE0               ? 3
                         : first >= 0xC0               ? 2
                                                       : 1;
    if (length > rest.size()) length = 1;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) length = 1;
    char32_t c = length == 1   ? first
                 : length == 2 ? first & 0x1FU
                 : length == 3 ? first & 0x0FU
                               : first & 0x07U;
    for (std::size_t i = 1; i < length; ++i) c = c << 6U | (byte(i) & 0x3FU);
    rest.remove_prefix(length);
    return c;
}

std::string fold_text(std::string_view utf8) {
    std::string out = " ";
    out.reserve(utf8.size() + 2);
    while (!utf8.empty()) {
        const char32_t c = fold(next_code_point(utf8));
        if (is_dropped(c)) continue;
        if (!separates(c))
            put(out, c);
        else if (out.back() != ' ')
            out.push_back(' ');
    }
    if (out.back() != ' ') out.push_back(' ');
    return out;
}

std::vector<word_place> fold_words(std::string_view utf8) {
    std::vector<word_place> out;
    const std::size_t all = utf8.size();
    bool inside = false;
    while (!utf8.empty()) {
        const std::size_t begin = all - utf8.size();
        const char32_t c = fold(next_code_point(utf8));
        const std::size_t end = all - utf8.size();
        if (is_dropped(c)) {
            if (inside) out.back().end = end;
        } else if (separates(c)) {
            inside = false;
        } else {
            if (!inside) out.push_back({begin, end, {}});
            inside = true;
            put(out.back().folded, c);
            out.back().end = end;
        }
    }
    return out;
}

script detect_script(std::string_view utf8) {
    std::size_t latin = 0;
    std::size_t arabic = 0;
    while (!utf8.empty()) {
        const char32_t c = next_code_point(utf8);
        if (is_latin_letter(c)) ++latin;
        if (is_arabic_letter(c)) ++arabic;
    }
    if (latin == 0 && arabic == 0) return script::none;
    // A product name or an order code does not make an Arabic sentence mixed.
    if (latin * 5 <= arabic) return script::arabic;
    if (arabic * 5 <= latin) return script::latin;
    return script::mixed;
}

std::string_view detect_language(std::string_view utf8) {
    switch (detect_script(utf8)) {
    case script::latin: return "en";
    case script::arabic: return "ar";
    case script::mixed: return "mixed";
    case script::none: break;
    }
    return "";
}

} // namespace chat_centre
