#pragma once
// Text without what names anybody, for examples that are shown for training. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::quality {

struct known_names {
    std::vector<std::string> customer; // names, user ids: replaced by [customer]
    std::vector<std::string> staff;    // replaced by [staff]
};

// Replaces e-mail addresses by [e-mail], links by [link], telephone numbers by [phone], other numbers of five digits or
// more (Arabic digits too) by [number], and the known names and what follows "my name is" or "اسمي" by [customer] or
// [staff]. Names are found whole and word by word, in any case; words of fewer than three letters are left. What is
// marked already stays.
std::string anonymise(std::string_view text, const known_names& names);

} // namespace chat_centre::quality
