#pragma once
// The body of an answer with embeddings. Pure.

#include <optional>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

inline constexpr std::size_t most_dimensions = 4096;

// One vector of length 1 for each of `texts`, in their order; nullopt when the answer is anything else: not JSON, too few
// or too many, of different dimensions, or with numbers that are none.
std::optional<std::vector<std::vector<float>>> read_embeddings(std::string_view body, std::size_t texts);

} // namespace chat_centre::assistant
