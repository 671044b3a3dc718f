#include <chat_centre/base/fields.hpp>

namespace chat_centre {

std::string detail::length_rule(const char* bound, std::size_t characters) {
    return std::string("must have at ") + bound + ' ' + std::to_string(characters) + " characters";
}

std::size_t count_characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_blank(std::string_view utf8) {
    while (!utf8.empty()) {
        const char c = utf8.front();
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f') {
            utf8.remove_prefix(1);
        } else if (utf8.substr(0, 2) == "\xC2\xA0") { // no-break space
            utf8.remove_prefix(2);
        } else if (utf8.substr(0, 3) == "\xE2\x80\x8B" || utf8.substr(0, 3) == "\xE3\x80\x80") {
            utf8.remove_prefix(3); // zero-width space, ideographic space
        } else {
            return false;
        }
    }
    return true;
}

} // namespace chat_centre
