#pragma once
// Which question and answer of a conversation could be an article. Pure.

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::learning {

struct line {
    std::string role; // user, ai, staff, system
    std::string text; // anonymised: what names somebody is a mark such as [customer] or [phone]
};

struct question_and_answer {
    std::string question, answer;
};

// The customer's question and the answer of a colleague that followed it and ended the matter. nullopt when there is no
// such pair: no question in form, too short or too long, a person's data in one of them, or the customer was not pleased
// afterwards. rating: 1 to 5, if one was given; below 4 nothing is taken.
std::optional<question_and_answer> find_question(const std::vector<line>& lines, std::optional<int> rating);

// The one of `known` that asks the same as `question` in other words; nullopt: none does.
std::optional<std::size_t> same_question(const std::string& question, const std::vector<std::string>& known);

} // namespace chat_centre::learning
