#pragma once
// Everything that the assistant says of its own accord, in English and Arabic. It says what an article says, or that it
// does not know; it never makes anything up. Pure.

#include <chat_centre/analysis/analysis.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

// "en" or "ar": the first that is one of them ("ar-EG" is), else English.
std::string_view spoken_language(std::string_view wanted, std::string_view otherwise = "en");

namespace say {

std::string welcome(std::string_view language, std::string_view company);
std::string hello(std::string_view language, std::string_view name);
std::string you_are_welcome(std::string_view language);
std::string goodbye(std::string_view language);

struct passage_words {
    std::string_view passage, title;
    std::string_view language; // of the article
    bool again = false;        // the customer asked this before
    bool upset = false;        // and is not happy
};
std::string passage(std::string_view language, const passage_words& what);

std::string which_one(std::string_view language, const std::vector<std::string>& titles);
std::string these_may_help(std::string_view language, const std::vector<std::string>& titles);
std::string tell_me_more(std::string_view language, bool upset); // nothing is known about it
std::string noted(std::string_view language);                    // it was no question

std::string who_i_am(std::string_view language);
std::string nice_to_meet_you(std::string_view language, std::string_view name);
std::string ask_away(std::string_view language);         // help was called for, without saying with what
std::string without_a_person(std::string_view language); // a person was declined
std::string keep_calm(std::string_view language);        // it was an insult
std::string not_readable(std::string_view language);
// A number that stands for nothing; most: how many were offered, 0: none.
std::string no_such_number(std::string_view language, std::size_t most);

struct ticket_words {
    std::string_view id, subject, status; // as stored
    std::string_view day;                 // "2026-11-20"
};
std::string ticket_status(std::string_view language, const ticket_words& t);
std::string which_reference(std::string_view language);

// Why a person is called; the customer reads this together with the call.
enum class why : unsigned char { asked, mood, repeated, unsure, reference };
std::string connecting(std::string_view language, why reason);
std::string notice(std::string_view language); // a person was asked for, and is on the way
// The same where somebody is in danger: first what they can do at once.
std::string notice(std::string_view language, analysis::danger whom);

} // namespace say
} // namespace chat_centre::assistant
