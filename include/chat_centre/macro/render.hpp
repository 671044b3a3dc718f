#pragma once
// The text of a canned reply, and which one fits what somebody is typing. Pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::macro {

using variables = std::map<std::string, std::string, std::less<>>; // "customer.name" -> "John"

struct rendered {
    std::string text;
    std::vector<std::string> unknown; // variables that do not exist
    std::vector<std::string> empty;   // variables that have no value here

    bool complete() const { return unknown.empty() && empty.empty(); }
};
// Replaces {{name}}, blanks inside the braces allowed. What cannot be filled stays as it was written, so that nobody
// sends a sentence with a hole in it unseen; each name is listed once.
rendered render(std::string_view body, const variables& values);

struct candidate {
    std::int64_t id = 0;
    std::string name, shortcut, body_en, body_ar;
    std::int64_t department = 0; // 0: for everybody
    std::int64_t uses = 0;
};
// Ids of the candidates that fit what was typed, best first: shortcut, then the beginning of the name or of one of its
// words, then words of the text. English and Arabic are folded, "/" at the beginning is ignored. Nothing typed: all of
// them, those of the department first, then the most used.
std::vector<std::int64_t> suggest(const std::vector<candidate>& all, std::string_view typed,
                                  std::int64_t department, std::size_t most);

// "ar" or "en": which text a conversation gets. `language` is what is stored of it, `last_words` the customer's.
std::string_view language_for(std::string_view language, std::string_view last_words);

} // namespace chat_centre::macro
