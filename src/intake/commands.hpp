#pragma once
// Short things that people say to a guided intake at any of its stages, in English and Arabic. Pure.

#include <string>
#include <string_view>

namespace chat_centre::intake {

enum class command : unsigned char {
    none,
    english,
    arabic,
    person,
    skip,
    repeat,
    restart,
    bye,
    greeting,
    yes,
    no,
    thanks
};

// What the whole text amounts to: "English please" is a command, "my English teacher" is not.
command read_command(std::string_view text);

// Which of name, phone, email, service a correction names ("the number is wrong", "رقم الهاتف"); "" when none or several.
std::string field_named(std::string_view text);

} // namespace chat_centre::intake
