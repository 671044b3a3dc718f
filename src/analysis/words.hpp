#pragma once
// A text as the word lists see it: clauses of folded words, and terms found in them.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chat_centre::analysis {

// One breath: punctuation ends it, and so do words that turn the thought ("but", "لكن").
struct clause {
    std::vector<std::string> words;
    bool after_turn = false; // it came after a "but": this is what the writer means
    bool question = false;
};
std::vector<clause> clauses_of(std::string_view text);

// A term of a list. text: words as fold_text leaves them, separated by single spaces; a word that ends in '*' stands
// for every word that begins so. Arabic words are written without article and conjunctions. weight 0: the term only
// keeps shorter ones from being found ("critical of").
// A tag in the lists of mood and urgency: the term holds whatever stands before it, because a denial is part of it ("no
// problem") or changes nothing.
constexpr int fixed = 1;

struct term {
    std::string_view text;
    double weight = 0;
    int tag = 0;
};

struct hit {
    const term* what = nullptr;
    std::size_t at = 0;     // index of its first word
    std::size_t length = 0; // in words
};

// Finds the terms of a list. Of terms that begin at the same word the one with most words wins, then the longest.
class lexicon {
public:
    lexicon(std::initializer_list<std::span<const term>> lists); // terms outlive it

    std::vector<hit> find(const clause& c) const; // in order, not overlapping
    // Is there a word with which a term begins? Without one find() has nothing to find; needs no memory.
    bool may_find(std::string_view folded) const;
    // The same, but where terms of several tags take as many words from the same one on, each tag has its hit.
    std::vector<hit> find_of_each_tag(const clause& c) const;

private:
    struct entry {
        const term* what;
        std::vector<std::string_view> words;
    };
    static std::uint16_t key_of(std::string_view word);
    bool begins(std::string_view word) const;
    template <class Take>
    void each_at(const clause& c, std::size_t at, Take&& take) const; // take(entry): it stands there
    hit best_at(const clause& c, std::size_t at) const;

    std::unordered_map<std::uint16_t, std::vector<entry>> by_start_;
};

// Is what begins at word `at` denied in the same breath ("not", "without", "لا يوجد")? At most `reach` words before it
// are looked at.
bool negated(const clause& c, std::size_t at, std::size_t reach = 3);

// How much the words around a hit strengthen or weaken it: 1 when there are none.
double emphasis(const clause& c, const hit& h);

// Without what is no language: addresses, links, and what follows them up to the next blank.
std::string without_addresses(std::string_view text);

// Does a word of a text match one of a list, with Arabic article and conjunctions set aside?
bool matches(std::string_view word, std::string_view pattern);

// "“late”, “very angry”": at most four, as they stand in the folded text.
class quoted {
public:
    void add(const clause& c, const hit& h);
    bool empty() const { return count_ == 0; }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    int count_ = 0;
};

} // namespace chat_centre::analysis
