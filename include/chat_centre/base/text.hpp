#pragma once
// Plain text made comparable: what people type in English and Arabic, folded so that a word list can match it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre {

// Without the spaces and tabs at both ends (what RFC 9110 calls optional white space).
std::string_view trimmed(std::string_view s);

// Lower case (ASCII), apostrophes dropped, all other punctuation a space, Arabic vowel marks and tatweel dropped,
// alef, ya and ta marbuta folded to one form each, runs of spaces one; with one space before and after, so that
// " word " matches whole words. Other scripts are left as they are. The SQL function search_fold is the same rule.
std::string fold_text(std::string_view utf8);

// Takes the first code point off `rest`, which must not be empty; invalid bytes come out one at a time as themselves.
char32_t next_code_point(std::string_view& rest);
// The words of a text with the place of each: bytes [begin, end) of what was given fold to `folded`.
struct word_place {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string folded;
};
std::vector<word_place> fold_words(std::string_view utf8);

enum class script : std::uint8_t { none, latin, arabic, mixed };
script detect_script(std::string_view utf8);
// "en", "ar", "mixed" or "" (no letters).
std::string_view detect_language(std::string_view utf8);

} // namespace chat_centre
