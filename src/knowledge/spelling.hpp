#pragma once
// Words as letters: for typing mistakes. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

std::u32string letters_of_word(std::string_view utf8);
// Of " word ", each as one number.
std::vector<std::uint64_t> trigrams_of(const std::u32string& word);
// How sure it is that `typed` was meant to be `known`: 0 not at all, 1 the same word.
double likelihood(const std::u32string& typed, const std::u32string& known);

} // namespace chat_centre::knowledge
