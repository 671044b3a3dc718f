#pragma once
// How much two texts are alike, by the same words and pieces of words that the linear models see. Pure.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::analysis {

using sketch = std::vector<std::pair<std::uint32_t, float>>; // by feature; of length 1, or empty
sketch sketch_of(std::string_view text);
double likeness(const sketch& a, const sketch& b); // 0 (nothing in common) to 1

} // namespace chat_centre::analysis
