#pragma once
// From what somebody typed to what the index is asked. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::search {

struct term {
    std::string word;                // folded, at most 60 characters
    bool prefix = false;             // longer words that begin with it match, too
    std::vector<std::string> forms;  // other forms of the word, found in the index
    std::vector<std::string> typos;  // words it may have been meant to be
    std::vector<std::string> spoken; // all of these words in its place: a phone number in groups of digits
};

// At most ten words; the last one may be unfinished. Digits with the usual signs between them are one phone number.
std::vector<term> parse(std::string_view typed);

// Letters to add, drop, change or swap until a is b; counts to `most` + 1 only.
int distance(std::string_view a, std::string_view b, int most);
// How many of these a word of this length (characters) may have: none below 4, two from 8 on.
int forgiven(std::size_t characters);
// May a typing mistake have made `typed` of `known`?
bool is_typo_of(std::string_view typed, std::string_view known);

// Documents are searched newest first, in segments of 2^14; each step takes four times as many as the one before.
struct span {
    std::int64_t from = 0; // document ids [from, before)
    std::int64_t before = 0;
};
inline constexpr int segment_bits = 14;
span next_span(std::int64_t before, int step);

// The tsquery: every term, one of these kinds (1 conversation .. 4 contact), and the segments of the span where they
// are few enough to name.
std::string to_tsquery(const std::vector<term>& terms, const std::vector<int>& kinds, const span* within);

} // namespace chat_centre::search
