#pragma once
// Which words speak well or badly of something, from 3 (delighted) to -3 (furious).

#include "analysis/words.hpp"

namespace chat_centre::analysis {

std::span<const term> english_mood_words();
std::span<const term> arabic_mood_words();

} // namespace chat_centre::analysis
