#pragma once
// Which words say how bad a matter is: the weight is the severity (1 medium, 2 high, 3 critical), -1 says that it may
// wait, 0 only keeps shorter terms from being found.

#include "analysis/words.hpp"

namespace chat_centre::analysis {

constexpr double bad = 1;      // medium: something is wrong
constexpr double serious = 2;  // high: somebody waits, loses money, or is about to leave
constexpr double critical = 3; // life, safety, or everything stands still
constexpr double waits = -1;

std::span<const term> english_urgency_words();
std::span<const term> arabic_urgency_words();

} // namespace chat_centre::analysis
