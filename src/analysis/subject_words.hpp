#pragma once
// Which words belong to which department and category. The tag is an index into subjects().

#include "analysis/words.hpp"

namespace chat_centre::analysis {

struct subject_name {
    std::string_view department;
    std::string_view category;
};
std::span<const subject_name> subjects();
std::span<const term> subject_words();

// What makes a text a complaint about something, which is more than the something. Only these may be denied: "no
// complaint", but "I cannot log in" is about signing in all the same.
constexpr int complaint_subject = 0;

} // namespace chat_centre::analysis
