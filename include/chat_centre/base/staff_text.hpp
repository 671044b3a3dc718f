#pragma once
// What the server says to staff of its own accord exists in English and Arabic. Where it is kept as one text (the reason
// of a handover, beside reasons that people type) it is kept in English, and shown under "..._ar" as this makes it.

#include <string>
#include <string_view>

namespace chat_centre {

// The Arabic of a text that the server made; words that it quotes, and any text of a person, stay as they are. Pure.
std::string in_arabic(std::string_view english);

} // namespace chat_centre
