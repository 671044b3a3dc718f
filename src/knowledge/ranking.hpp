#pragma once
// The index of the articles and how they are ranked. Pure: no database, no clock. Immutable once built, so any number
// of threads may search it.

#include "knowledge/terms.hpp"

#include <chat_centre/knowledge/retrieval.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chat_centre::knowledge {

struct document {
    std::int64_t article = 0;
    std::string slug, language, scenario, category, title, body;
    std::vector<std::string> questions;
    bool draft = false;
    double weight = 0; // what feedback taught, see knowledge/weights.hpp
    std::vector<std::pair<std::string, double>> word_weights; // term, how questions with it differ
    std::vector<std::shared_ptr<const std::vector<float>>> meanings; // of its meant_texts(), null where there is none
};

inline constexpr std::size_t most_passage = 700; // bytes

// What the score is made of, for the labelled set.
struct evidence {
    double coverage = 0; // how much of the question the article speaks of, weighted by how rare the words are
    double likeness = 0; // how like the question is to the title or one of the questions
    double strong = 0;   // how much of the question is in the title or the questions
    double known = 0;    // how much of the question is in any article
    double margin = 0;   // of the best: how far behind the second is, 0..1
    int words = 0;       // of the question, without fillers
};
double score_of(const evidence& e);

class article_index {
public:
    explicit article_index(std::vector<document> documents);

    std::vector<hit> find(const question& q) const;
    // The same with what the scores were made of, in the same order.
    std::vector<hit> find(const question& q, std::vector<evidence>& why) const;
    std::size_t size() const { return documents_.size(); }

private:
    struct entry {
        std::uint32_t document = 0;
        float strength = 0; // 0..1: how much the article is about the word
    };
    struct phrasing { // the title, or a question
        std::vector<std::uint32_t> words;
        double weight = 0; // of all its words
    };
    struct section {
        std::string text; // plain
        std::vector<std::uint32_t> words;
    };
    struct kept {
        document about; // without its body
        std::vector<phrasing> phrasings;
        std::vector<section> sections;
        std::vector<std::pair<std::uint32_t, float>> learned;            // by word, sorted
        std::vector<std::shared_ptr<const std::vector<float>>> meanings; // of the title, then of the sections
    };
    struct asked {
        std::vector<std::pair<std::uint32_t, float>> ways; // words of the index, and how sure each is meant
        double weight = 0;
    };
    struct candidate {
        std::uint32_t document = 0;
        evidence why;
        double score = 0;
        double learned = 0;        // what feedback adds to its log-odds
        double near = 0;           // in meaning, 0 to 1
        std::uint32_t section = 0; // the nearest one, from 1; 0: the title is, or nothing
    };

    struct lexeme { // a way to spell a word of the index
        std::string text;
        std::uint32_t word = 0;
    };

    std::uint32_t word_number(const std::string& text);
    void add(document d);
    void weigh();
    void learn_spelling();
    void learn_words();
    double learned(const kept& k, const std::vector<asked>& words) const;
    std::vector<asked> understand(std::string_view text) const;
    void spell(const term& t, asked& out) const;
    std::vector<candidate> rank(const std::vector<asked>& words, const question& q) const;
    void compare(const std::vector<asked>& words, candidate& c) const;
    void let_second_speak(std::vector<candidate>& found) const;
    static bool serves(const kept& k, const question& q);
    void compare_meaning(const question& q, std::size_t words, std::vector<candidate>& found) const;
    static std::string passage_of(const kept& k, const std::vector<asked>& words, std::uint32_t nearest);

    std::vector<kept> documents_;
    std::unordered_map<std::string, std::uint32_t> numbers_; // of the words
    std::vector<std::vector<entry>> lists_;                  // by word
    std::vector<double> weights_;                            // by word: how rare
    std::size_t dimension_ = 0;                              // of the vectors; 0: there are none
    double rarest_ = 0;                                      // weight of a word that no article has
    std::vector<lexeme> lexemes_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> trigrams_; // three letters -> lexemes
};

} // namespace chat_centre::knowledge
