#pragma once
// Candidates for articles, training examples, what staff made of suggested answers, and runs of the evaluation.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/learning/learning.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::learning {

struct candidate_view {
    std::string candidate_id, question, answer, language, category;
    std::int64_t asked = 1;       // conversations that asked alike
    std::optional<double> rating; // 1 to 5
    std::string status;           // open, approved, rejected
    std::string conversation_id;
    std::optional<std::string> article_id; // the draft that it became
    time_point created_at{}, updated_at{};
};
BOOST_DESCRIBE_STRUCT(candidate_view, (),
                      (candidate_id, question, answer, language, category, asked, rating, status,
                       conversation_id, article_id, created_at, updated_at))
struct candidate_page {
    std::vector<candidate_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(candidate_page, (), (items, next_cursor))
struct approval_body { // what is given takes the place of what was found
    std::optional<text<1, 300>> question;
    std::optional<text<1, 8000>> answer;
};
BOOST_DESCRIBE_STRUCT(approval_body, (), (question, answer))

struct model_task_set {
    static constexpr std::array<std::string_view, 4> names{"handover", "intent", "sentiment", "category"};
};
struct training_body {
    choice<model_task_set> task;
    chat_centre::text<1, 40> label; // one that the model of the task knows
    chat_centre::text<1, 2000> text;
};
BOOST_DESCRIBE_STRUCT(training_body, (), (task, label, text))
struct training_view {
    std::string example_id, task, label;
    bool good = true; // false: the label is wrong for the text
    std::string text, source;
    time_point at{};
};
BOOST_DESCRIBE_STRUCT(training_view, (), (example_id, task, label, good, text, source, at))
struct training_page {
    std::vector<training_view> items;
    std::optional<std::string> next_cursor;
    json counts; // {"intent": 12}
};
BOOST_DESCRIBE_STRUCT(training_page, (), (items, next_cursor, counts))

struct suggestion_outcome_set {
    static constexpr std::array<std::string_view, 3> names{"accepted", "edited", "rejected"};
};
struct suggestion_outcome_body {
    text<1, 60> article_id; // whose text was suggested
    choice<suggestion_outcome_set> outcome;
};
BOOST_DESCRIBE_STRUCT(suggestion_outcome_body, (), (article_id, outcome))

struct run_view {
    std::string run_id, source;
    time_point at{};
    double threshold = 0;
    std::int64_t questions = 0, answered = 0, judged = 0, correct = 0;
};
BOOST_DESCRIBE_STRUCT(run_view, (), (run_id, source, at, threshold, questions, answered, judged, correct))
struct run_list {
    std::vector<run_view> items;
};
BOOST_DESCRIBE_STRUCT(run_list, (), (items))

// A draft article of a question and its answer; its id. Called in the transaction of the approval; what it adds to
// `events` is appended at its end.
struct draft {
    std::string slug, language, category, question, answer;
    std::int64_t staff = 0;
};
using draft_maker =
    std::function<std::int64_t(db::tx&, const draft&, time_point now, std::vector<event::entry>& events)>;

class routes {
public:
    // `s` outlives it.
    routes(conversation::surroundings& s, anonymiser anonymise, draft_maker make_draft)
        : s_(s), anonymise_(std::move(anonymise)), make_draft_(std::move(make_draft)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer candidates(http::request r); // ?status=
    answer approve(http::request r);
    answer reject(http::request r);
    answer examples(http::request r); // ?task=
    answer add_example(http::request r);
    answer remove_example(http::request r);
    answer suggestion_outcome(http::request r);
    answer runs(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::takes;
        using http::verb;
        using p = permission;
        using x = routes;
        return std::to_array<http::row<x>>({
            {verb::get, "/api/v1/faq-candidates", p::quality_read, &x::candidates, "listFaqCandidates",
             "Questions that staff answered well, most asked first", answers<candidate_page>()},
            {verb::post, "/api/v1/faq-candidates/{id}/approve", p::quality_write, &x::approve,
             "approveFaqCandidate", "Make a draft article of it", takes<approval_body, candidate_view>()},
            {verb::post, "/api/v1/faq-candidates/{id}/reject", p::quality_write, &x::reject,
             "rejectFaqCandidate", "Put it aside for good", answers<candidate_view>()},
            {verb::get, "/api/v1/training-examples", p::quality_read, &x::examples, "listTrainingExamples",
             "What the assistant's models learn from, newest first", answers<training_page>()},
            {verb::post, "/api/v1/training-examples", p::quality_write, &x::add_example, "addTrainingExample",
             "Say how a text should have been read", takes<training_body, training_view>(201)},
            {verb::del, "/api/v1/training-examples/{id}", p::quality_write, &x::remove_example,
             "deleteTrainingExample", "Take an example out", answers<no_body>(204)},
            {verb::post, "/api/v1/conversations/{id}/suggestion-outcomes", p::conversation_take,
             &x::suggestion_outcome, "tellSuggestionOutcome",
             "Whether staff sent a suggested answer as it was, changed it, or did without",
             takes<suggestion_outcome_body, no_body>(204)},
            {verb::get, "/api/v1/evaluations", p::quality_read, &x::runs, "listEvaluations",
             "How well the knowledge answered past questions, newest run first", answers<run_list>()},
        });
    }

private:
    conversation::surroundings& s_;
    anonymiser anonymise_;
    draft_maker make_draft_;
};

} // namespace chat_centre::learning
