#pragma once
// From what somebody typed to what the index is asked. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::search {

struct term {
    std::string word;                // folded, at most 60 characters
    bool prefix = false;             // longer words that begin with it match, too
    std::vector<std::string> longer; // these of them, all that the vocabulary has; none: whatever the index has
    bool broad = false;              // very many words begin with it
    std::vector<std::string> forms;  // other forms of the word, found in the index
    std::vector<std::string> typos;  // words it may have been meant to be
    std::vector<std::string> spoken; // all of these words in its place: a phone number in groups of digits
};

// At most ten words; the last one may be unfinished. Digits with the usual signs between them are one phone number.
std::vector<term> parse(std::string_view typed);

// Arabic writes its article onto the word: for one of "منحة", "المنحة", "والمنحة" and "للمنحة" (folded) the others. Empty
// for words of other scripts.
std::vector<std::string> with_and_without_article(const std::string& word);

// Letters to add, drop, change or swap until a is b; counts to `most` + 1 only.
int distance(std::string_view a, std::string_view b, int most);
// How many of these a word of this length (characters) may have: none below 4, two from 8 on.
int forgiven(std::size_t characters);
// May a typing mistake have made `typed` of `known`?
bool is_typo_of(std::string_view typed, std::string_view known);

// Documents are searched newest first, in spans of whole segments of 2^14.
struct span {
    std::int64_t from = 0; // document ids [from, before)
    std::int64_t before = 0;
};
inline constexpr int segment_bits = 14;
std::int64_t segments_in(const span& s);
// What the span before found, and how many documents may still be judged.
struct progress {
    std::int64_t segments = 0; // of the span before; 0: this is the first
    std::int64_t judged = 0;   // in it
    std::int64_t left = 0;
};
// One segment; then sixteen times as many as before, or all when there were next to none; but no more than are likely to
// hold what may still be judged.
span next_span(std::int64_t before, const progress& p);
// A beginning that very many words share: is it in so many documents that reading all of them costs less than reading
// the lists of the words? In the first span, and for as long as that is what the span before has shown.
bool worth_reading(const progress& p);

// What the index is asked, as tsqueries: documents with `messages` or with `things` (conversations, tickets, contacts)
// that have `also`, which is read in the documents themselves. nullopt: nothing is asked of these, or no more.
struct question {
    std::optional<std::string> messages, things, also;
};
// kinds: 1 conversation .. 5 article. `filters`: folded words of the filters that are words of a thing, too.
question ask(const std::vector<term>& terms, const std::vector<int>& kinds,
             const std::vector<std::string>& filters, bool read_broad = false);
// The marks of the span's segments, when they are few enough to be named.
std::optional<std::string> marks_of(const span& within);

} // namespace chat_centre::search
