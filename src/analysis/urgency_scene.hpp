#pragma once
// A word that sounds like an emergency is weighed by what stands around it: does it happen now and to somebody, or is it
// asked about as a topic, long past, only supposed, or the name of a priority? And some emergencies are said in pieces
// that no phrase foresees ("my fever is 40 and it does not go down"): those are found here. Pure.

#include "analysis/words.hpp"

#include <string_view>
#include <vector>

namespace chat_centre::analysis {

// In pieces; level is a weight of urgency_words.hpp.
struct sight {
    std::size_t clause = 0;
    hit where; // the piece that decides
    double level = 0;
};

class scene {
public:
    explicit scene(const std::vector<clause>& clauses); // outlive it

    // Does a critical word stand for something that happens? A serious one: is it said of the matter?
    bool holds(std::size_t clause, const hit& h) const;
    std::vector<sight> pieces() const;

    // Is there a word with which one of pieces() may begin? Quick, and true too often; has_piece() is exact.
    static bool may_have_pieces(std::string_view folded);
    static bool has_piece(const clause& c);

private:
    struct view {
        std::vector<hit> marks;
        bool asks = false;
    };
    bool has(std::size_t clause, int mark) const;
    bool near(std::size_t clause, int mark,
              std::size_t most_words) const;                         // here, or in a short clause beside it
    bool before(std::size_t clause, std::size_t at, int mark) const; // here before it, or in the clauses before
    const hit* find(std::size_t clause, int mark) const;
    bool only_alarm(std::size_t clause, const hit& h) const;
    bool is_topic(std::size_t clause, const hit& h) const;
    bool long_past(std::size_t clause) const;
    bool hot(std::size_t clause) const;
    bool said_of_a_person(std::size_t clause, const hit& silent) const;

    const std::vector<clause>& clauses_;
    std::vector<view> views_;
};

} // namespace chat_centre::analysis
