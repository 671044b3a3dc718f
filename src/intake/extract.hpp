#pragma once
// What a sentence tells of its speaker, in English and Arabic. Pure; text is UTF-8.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::intake {

// A name that a person may have: 2 to 60 characters, letters of any script with spaces, hyphens, apostrophes and dots,
// at most six words, none of them a command of the intake. Trimmed; nullopt when it is none.
std::optional<std::string> read_name(std::string_view text);
// "My name is John Smith, and ..." -> "John Smith"; nullopt when nobody introduces themselves.
std::optional<std::string> introduced_name(std::string_view text);

// A telephone number in any notation, digits spelt out too ("zero five zero ...", "صفر خمسة"). E.164 when its country is
// known; when neither it nor a default country says which, the digits as they are.
std::optional<std::string> read_phone(std::string_view text, std::string_view default_country);

// An address as typed, or as spoken: "john dot smith at example dot com", "جون ات جيميل دوت كوم". Only for the answer to
// the question: "I live at example" is no address.
std::optional<std::string> read_email(std::string_view text);

// The clauses of a sentence that are neither an introduction nor a number nor an address: what it is about. "" when
// there are none of at least two words.
std::string matter_of(std::string_view text);

// What tells of its speaker's language: the text without addresses, links, numbers and codes. "" when it is an address
// that was spoken.
std::string words_of_language(std::string_view text);

std::size_t count_words(std::string_view text);
std::string ascii_digits(std::string_view text); // Arabic-Indic, Persian and full-width digits as 0-9

} // namespace chat_centre::intake
