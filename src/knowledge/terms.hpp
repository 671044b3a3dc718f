#pragma once
// From what people write to what is compared: folded, lightly stemmed words, with one name for what means the same.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::knowledge {

struct term {
    std::string text;      // a stem, or "#refund" for a group of the synonyms
    bool filler = false;   // "please", "my": says nothing of the subject
    std::string form = {}; // the folded word it was made of; "" for several words
};

// In order, at most `most`. English and Arabic words may stand side by side; each is treated as what it is.
std::vector<term> read_terms(std::string_view text, std::size_t most = 4096);

// One folded word without its endings (English), or without article, conjunctions and endings (Arabic).
std::string stem(std::string_view folded);

// A folded Arabic word without the particles that may be written onto its front: what its terms may be, likeliest first.
// Empty for other words.
std::vector<std::string> without_particles(std::string_view folded);

// Single words that stand for a group: stem and "#refund". For spelling.
const std::vector<std::pair<std::string, std::string>>& grouped_words();

} // namespace chat_centre::knowledge
