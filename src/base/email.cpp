#include <chat_centre/base/email.hpp>

#include <algorithm>

namespace chat_centre {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_name_character(char c) {
    constexpr std::string_view others = ".!#$%&'*+/=?^_`{|}~-";
    return is_letter_or_digit(c) || is_beyond_ascii(c) || others.find(c) != std::string_view::npos;
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name.front() != '.' && name.back() != '.' &&
           name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), is_name_character);
}

bool is_label(std::string_view label) {
    const auto allowed = [](char c) { return is_letter_or_digit(c) || is_beyond_ascii(c) || c == '-'; };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), allowed);
}

bool is_host(std::string_view host) {
    int labels = 0;
    std::string_view last;
    while (true) {
        const auto dot = host.find('.');
        last = host.substr(0, dot);
        if (!is_label(last)) return false;
        ++labels;
        if (dot == std::string_view::npos) break;
        host.remove_prefix(dot + 1);
    }
    // A last label of digits only is an address of a machine; one letter is a slip.
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return labels >= 2 && last.size() >= 2 && !std::all_of(last.begin(), last.end(), digit);
}

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace

bool is_email(std::string_view text) {
    const auto at = text.rfind('@');
    return text.size() <= 254 && at != std::string_view::npos && is_name(text.substr(0, at)) &&
           is_host(text.substr(at + 1));
}

std::optional<std::string> normalize_email(std::string_view text) {
    text = without_blanks(text);
    if (!is_email(text)) return std::nullopt;
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string> find_emails(std::string_view sentence) {
    std::vector<std::string> out;
    for (auto at = sentence.find('@'); at != std::string_view::npos; at = sentence.find('@', at + 1)) {
        // ASCII only on both sides: Arabic words are often written against an address without a space.
        auto first = at;
        while (first > 0 && is_name_character(sentence[first - 1]) && !is_beyond_ascii(sentence[first - 1]))
            --first;
        auto end = at + 1;
        while (end < sentence.size() &&
               (is_letter_or_digit(sentence[end]) || sentence[end] == '-' || sentence[end] == '.'))
            ++end;
        while (first < at && (sentence[first] == '.' || sentence[first] == '\'')) ++first;
        while (end > at + 1 && (sentence[end - 1] == '.' || sentence[end - 1] == '-')) --end;
        if (auto address = normalize_email(sentence.substr(first, end - first)))
            if (std::find(out.begin(), out.end(), *address) == out.end()) out.push_back(std::move(*address));
    }
    return out;
}

} // namespace chat_centre
