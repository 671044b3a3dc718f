#pragma once
// Telephone numbers as people write them, made one form: E.164. Pure; the numbering plans are a table in the program.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre {

struct phone_number {
    std::string e164;    // "+966501234567"; "" when not valid
    std::string country; // ISO 3166 alpha-2: "SA"; "" when unknown
    bool valid =
        false; // its country's plan has numbers of this length that begin so; not: somebody answers it
};

// Reads one number: spaces, hyphens, dots, brackets, direction marks, an extension at the end ("ext. 12", "x12"), and
// Arabic, Persian and full-width digits are understood. "+", "00" and the default country's own international prefix
// begin an international number; other numbers are taken as numbers of `default_country` (ISO, any case, may be "")
// first and then as international ones without "+". nullopt: the text is no number (other letters, too few digits).
std::optional<phone_number> parse_phone(std::string_view text, std::string_view default_country = "");

// Digits of the international number without "+": "+966-50-123-4567" -> "966501234567". "" when it is not valid.
std::string normalize_phone(std::string_view text, std::string_view default_country = "");
bool validate_phone(std::string_view text, std::string_view default_country = "");

// The valid numbers within a sentence, in order, each once.
std::vector<phone_number> find_phones(std::string_view sentence, std::string_view default_country = "");

// "ZW" is known, "XX" is not. Any case.
bool is_known_country(std::string_view iso);

} // namespace chat_centre
