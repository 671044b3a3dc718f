#pragma once
// "I would like to speak with one of your colleagues, please": asking for a person is a wish, a person, and next to
// nothing in between. Put together from the three, so that not every sentence has to be listed.

#include <cstddef>
#include <optional>
#include <string_view>

namespace chat_centre::assistant {

struct person_wish {
    std::size_t at = 0;    // where the wish begins
    std::string_view text; // from the wish to the person, part of what was given
    double confidence = 0;
};

// `folded` is one clause as fold_text leaves it. The best of several; negations are the caller's to see. Pure.
std::optional<person_wish> find_person_wish(std::string_view folded);
// Is there a word for somebody: "manager", "anyone"?
bool names_somebody(std::string_view folded);
// "to talk to a bot": denied, it asks for a person as well.
std::optional<person_wish> find_bot_wish(std::string_view folded);

} // namespace chat_centre::assistant
