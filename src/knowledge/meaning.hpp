#pragma once
// What of an article is turned into vectors, and how likeness of meaning and of words become one score. Pure.

#include "knowledge/ranking.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::knowledge {

struct meant_text {
    std::int64_t hash = 0; // of the text
    std::string text;
};
// First the title with the other ways to ask for it, then each section under the title.
std::vector<meant_text> meant_texts(const document& d);

// How near in meaning two texts are, 0 to 1, from the cosine of their vectors and what is ordinary among the sections:
// models differ in what they give to texts that have nothing to do with each other.
double nearness(double cosine, double ordinary);
// Each is evidence by itself: words that fit, or a meaning that is near. Meaning alone reaches 0.8.
double fused(double by_words, double near);

// Vectors as they are stored: floats, little-endian, in hexadecimal.
std::string to_bytes(const std::vector<float>& v);
std::vector<float> from_hex(std::string_view hex); // {}: it is none

} // namespace chat_centre::knowledge
