#pragma once
// A word of a list, folded once, for lists that every message is compared with.

#include <string>
#include <string_view>

namespace chat_centre::routing {

struct folded_word {
    std::string text; // with the space that must follow it; "": matches nothing
    bool arabic = false;
};

folded_word fold_word(std::string_view word); // a trailing * leaves the end open
bool holds(std::string_view folded_text, const folded_word& word);

} // namespace chat_centre::routing
