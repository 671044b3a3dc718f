#pragma once
// Which words say how bad a matter is: the weight is the severity (1 medium, 2 high, 3 critical), -1 says that it may
// wait, 0 only keeps shorter terms from being found.

#include "analysis/words.hpp"

namespace chat_centre::analysis {

constexpr int fixed_term = 1; // holds whatever stands before it: a denial is part of it, or changes nothing

std::span<const term> urgency_words();

} // namespace chat_centre::analysis
