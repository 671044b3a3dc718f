#pragma once
// Which words say how bad a matter is: the weight is the severity (1 medium, 2 high, 3 critical), -1 says that it may
// wait, 0 only keeps shorter terms from being found. What is critical is weighed in its surroundings, see
// urgency_scene.hpp.

#include "analysis/words.hpp"

namespace chat_centre::analysis {

constexpr double bad = 1;      // medium: something is wrong
constexpr double serious = 2;  // high: somebody waits, loses money, or is about to leave
constexpr double critical = 3; // life, safety, or everything stands still
constexpr double waits = -1;

// Beside `fixed`, as bits of a tag.
constexpr int state = 2;   // tells what happens to somebody; asking about it does not make it a topic
constexpr int self = 4;    // the writer is in danger from themselves
constexpr int named = 8;   // only names how bad it is: counts where it is said of a matter, not of a priority
constexpr int outage = 16; // no life is in danger

std::span<const term> english_urgency_words();
std::span<const term> arabic_urgency_words();

} // namespace chat_centre::analysis
