#pragma once
// Words of English and Arabic that mean alike to a support desk: "agent", "rep" and "موظف" are one class. Features of
// classes let a model know sentences whose words it was never shown.

#include <cstdint>
#include <string_view>

namespace chat_centre::analysis {

// `word` as plain_words writes it. 0: in none.
std::uint8_t class_of(std::string_view word);

} // namespace chat_centre::analysis
