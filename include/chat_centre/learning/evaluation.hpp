#pragma once
// How well the knowledge answers questions that were asked: once more, with what it knows now. Pure.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::learning {

struct asked_question {
    std::string language, text;
    bool judged = false;            // it is known which articles answer it
    std::vector<std::string> right; // slugs; none: no article does
    std::vector<std::string> wrong; // slugs that are known not to answer it
};
// "language<TAB>question<TAB>slugs, or - for none" a line; without a third column nothing is known of the answer. Empty
// lines and those that begin with '#' are skipped. std::runtime_error names a line that is not so.
std::vector<asked_question> read_questions(std::string_view tsv);

struct found_answer {
    std::string slug;
    double score = 0; // 0 to 1
};
using find_answer = std::function<std::optional<found_answer>(const asked_question& q)>;

struct evaluation {
    double threshold = 0;
    std::size_t questions = 0;
    std::size_t answered = 0; // the best article reaches the threshold
    std::size_t judged = 0;   // answered, and it is known whether rightly
    std::size_t correct = 0;
    std::size_t silent = 0;                      // not answered, though an article is known to answer it
    std::map<std::string, std::string> outcomes; // question -> slug, "" when not answered
    double answer_rate() const {
        return questions == 0 ? 0 : static_cast<double>(answered) / static_cast<double>(questions);
    }
    double precision() const {
        return judged == 0 ? 1 : static_cast<double>(correct) / static_cast<double>(judged);
    }
};
evaluation evaluate(const std::vector<asked_question>& questions, const find_answer& find, double threshold);

// For people to read: the figures, what they were before, and which answers changed (at most `most`).
std::string report(const evaluation& now, const std::optional<evaluation>& before, std::size_t most = 20);

// What learned weights change, likewise: the figures with them and without, and which answers differ.
std::string difference(const evaluation& with, const evaluation& without, std::size_t most = 20);

} // namespace chat_centre::learning
