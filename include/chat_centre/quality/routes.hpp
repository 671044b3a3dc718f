#pragma once
// Reviews with scorecards, their calibration and trend, and the library of training examples.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/quality/supervision.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::quality {

using conversation::named_staff;

struct criterion_body {
    text<1, 40> id;
    text<1, 200> label_en;
    text<1, 200> label_ar;
    std::optional<number<1, 100>> weight; // 1
    std::optional<number<1, 100>> scale;  // 5: points from 0 to this
};
BOOST_DESCRIBE_STRUCT(criterion_body, (), (id, label_en, label_ar, weight, scale))
struct scorecard_body {
    text<1, 100> name;
    std::vector<criterion_body> criteria; // 1 to 30
};
BOOST_DESCRIBE_STRUCT(scorecard_body, (), (name, criteria))
struct scorecard_change_body {
    std::optional<text<1, 100>> name;
    std::optional<std::vector<criterion_body>> criteria; // reviews that exist keep theirs
    std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(scorecard_change_body, (), (name, criteria, active))
struct review_body {
    text<1, 60> conversation_id;
    text<1, 60> scorecard_id;
    std::optional<text<1, 60>> staff_id; // whose work; else whoever has or had the conversation
    json scores;                         // {"tone": 4}
    std::optional<text<0, 4000>> comment;
};
BOOST_DESCRIBE_STRUCT(review_body, (), (conversation_id, scorecard_id, staff_id, scores, comment))
struct example_body {
    std::optional<text<0, 2000>> note;
};
BOOST_DESCRIBE_STRUCT(example_body, (), (note))

struct criterion_view {
    std::string id, label_en, label_ar;
    double weight = 1;
    std::int64_t scale = 5;
};
BOOST_DESCRIBE_STRUCT(criterion_view, (), (id, label_en, label_ar, weight, scale))
struct scorecard_view {
    std::string scorecard_id, name;
    std::vector<criterion_view> criteria;
    bool active = true;
    time_point created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(scorecard_view, (), (scorecard_id, name, criteria, active, created_at, updated_at))
struct scorecard_page {
    std::vector<scorecard_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(scorecard_page, (), (items, next_cursor))
struct review_view {
    std::string review_id, conversation_id, scorecard_id, scorecard_name;
    named_staff staff, reviewer;
    json scores;
    std::vector<criterion_view> criteria;
    double total = 0; // 0 to 100
    std::string comment;
    time_point at;
};
BOOST_DESCRIBE_STRUCT(review_view, (),
                      (review_id, conversation_id, scorecard_id, scorecard_name, staff, reviewer, scores,
                       criteria, total, comment, at))
struct review_page {
    std::vector<review_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(review_page, (), (items, next_cursor))
struct month_view {
    std::string month; // "2026-11"
    double average = 0;
    std::int64_t reviews = 0;
};
BOOST_DESCRIBE_STRUCT(month_view, (), (month, average, reviews))
struct staff_summary_view {
    named_staff staff;
    double average = 0;
    std::int64_t reviews = 0;
    double trend = 0; // points a month
    std::vector<month_view> months;
};
BOOST_DESCRIBE_STRUCT(staff_summary_view, (), (staff, average, reviews, trend, months))
struct summary_view {
    std::vector<month_view> months;
    double average = 0;
    std::int64_t reviews = 0;
    double trend = 0;
    std::vector<staff_summary_view> staff;
};
BOOST_DESCRIBE_STRUCT(summary_view, (), (months, average, reviews, trend, staff))
struct calibrated_view {
    named_staff reviewer;
    double total = 0, leaning = 0; // leaning: above 0 is milder than the others
};
BOOST_DESCRIBE_STRUCT(calibrated_view, (), (reviewer, total, leaning))
struct calibration_view {
    std::string conversation_id, scorecard_id, scorecard_name;
    named_staff staff;
    double mean = 0, spread = 0;
    json criterion_spread;
    std::vector<calibrated_view> reviews;
};
BOOST_DESCRIBE_STRUCT(calibration_view, (),
                      (conversation_id, scorecard_id, scorecard_name, staff, mean, spread, criterion_spread,
                       reviews))
struct calibration_page {
    std::vector<calibration_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(calibration_page, (), (items, next_cursor))
struct example_line {
    std::string role, message;
};
BOOST_DESCRIBE_STRUCT(example_line, (), (role, message))
struct example_view {
    std::string example_id, note, category, department, language;
    std::vector<example_line> messages;
    named_staff made_by;
    time_point at;
};
BOOST_DESCRIBE_STRUCT(example_view, (),
                      (example_id, note, category, department, language, messages, made_by, at))
struct example_page {
    std::vector<example_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(example_page, (), (items, next_cursor))

class review_routes {
public:
    explicit review_routes(conversation::surroundings& s) : s_(s) {} // s outlives it

    using answer = boost::asio::awaitable<http::response>;
    answer list_scorecards(http::request r);
    answer create_scorecard(http::request r);
    answer change_scorecard(http::request r);
    answer list_reviews(http::request r); // ?staff= ?reviewer= ?from= ?to=
    answer create_review(http::request r);
    answer summary(http::request r); // ?staff=
    answer of_conversation(http::request r);
    answer calibrations(http::request r);
    answer make_example(http::request r);
    answer list_examples(http::request r); // ?q= ?category=
    answer remove_example(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::takes;
        using http::verb;
        using p = permission;
        using x = review_routes;
        return std::to_array<http::row<x>>({
            {verb::get, "/api/v1/scorecards", p::quality_read, &x::list_scorecards, "listScorecards",
             "What conversations are judged by", answers<scorecard_page>()},
            {verb::post, "/api/v1/scorecards", p::quality_write, &x::create_scorecard, "createScorecard",
             "Make a scorecard", takes<scorecard_body, scorecard_view>(201)},
            {verb::patch, "/api/v1/scorecards/{id}", p::quality_write, &x::change_scorecard,
             "changeScorecard", "Change a scorecard", takes<scorecard_change_body, scorecard_view>()},
            {verb::get, "/api/v1/reviews", p::quality_read, &x::list_reviews, "listReviews",
             "Reviews, newest first", answers<review_page>()},
            {verb::post, "/api/v1/reviews", p::quality_write, &x::create_review, "createReview",
             "Judge how a conversation was handled; a second review by the same person replaces the first",
             takes<review_body, review_view>(201)},
            {verb::get, "/api/v1/reviews/summary", p::quality_read, &x::summary, "summariseReviews",
             "Averages per month, and who improves", answers<summary_view>()},
            {verb::get, "/api/v1/conversations/{id}/reviews", p::quality_read, &x::of_conversation,
             "listConversationReviews", "Reviews of one conversation", answers<review_page>()},
            {verb::get, "/api/v1/calibrations", p::quality_read, &x::calibrations, "listCalibrations",
             "Where several reviewers judged the same work, and how far they are apart",
             answers<calibration_page>()},
            {verb::post, "/api/v1/conversations/{id}/example", p::quality_write, &x::make_example,
             "makeExample", "Copy the conversation, without names and numbers, into the training examples",
             takes<example_body, example_view>(201)},
            {verb::get, "/api/v1/examples", p::quality_read, &x::list_examples, "listExamples",
             "Training examples, newest first", answers<example_page>()},
            {verb::del, "/api/v1/examples/{id}", p::quality_write, &x::remove_example, "deleteExample",
             "Take an example out of the library", answers<no_body>(204)},
        });
    }

private:
    conversation::surroundings& s_;
};

struct whisper_body {
    text<1, 8000> body;
};
BOOST_DESCRIBE_STRUCT(whisper_body, (), (body))
struct watch_view {
    std::string conversation_id;
    bool watching = false;
    std::optional<time_point> since;
};
BOOST_DESCRIBE_STRUCT(watch_view, (), (conversation_id, watching, since))
struct barge_view {
    std::string conversation_id;
    bool joined = false;
    named_staff held_by;
    time_point since;
};
BOOST_DESCRIBE_STRUCT(barge_view, (), (conversation_id, joined, held_by, since))
struct supervisor_view {
    std::string staff_id, name;
    time_point since;
};
BOOST_DESCRIBE_STRUCT(supervisor_view, (), (staff_id, name, since))
struct supervision_view {
    std::string conversation_id;
    std::vector<supervisor_view> watching, joined;
};
BOOST_DESCRIBE_STRUCT(supervision_view, (), (conversation_id, watching, joined))

class supervision_routes {
public:
    // Both outlive it.
    supervision_routes(conversation::surroundings& s, silent_watchers& watchers)
        : s_(s), watchers_(watchers) {}

    using answer = boost::asio::awaitable<http::response>;
    answer show(http::request r);
    answer watch(http::request r);
    answer unwatch(http::request r);
    answer whisper(http::request r);
    answer barge(http::request r);
    answer leave(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::verb;
        using p = permission;
        using x = supervision_routes;
        return std::to_array<http::row<x>>({
            {verb::get, "/api/v1/conversations/{id}/supervision", p::supervise, &x::show, "getSupervision",
             "Which supervisors look on or have joined", answers<supervision_view>()},
            {verb::post, "/api/v1/conversations/{id}/watch", p::supervise, &x::watch, "watch",
             "Look on silently: nobody else is shown that you are there", answers<watch_view>()},
            {verb::del, "/api/v1/conversations/{id}/watch", p::supervise, &x::unwatch, "unwatch",
             "Stop looking on", answers<watch_view>()},
            {verb::post, "/api/v1/conversations/{id}/whisper", p::supervise, &x::whisper, "whisper",
             "A note to the colleague who has the conversation; the customer never sees it",
             http::takes<whisper_body, conversation::note_view>(201)},
            {verb::post, "/api/v1/conversations/{id}/barge", p::supervise, &x::barge, "barge",
             "Join: write to the customer beside the colleague who has the conversation",
             answers<barge_view>()},
            {verb::del, "/api/v1/conversations/{id}/barge", p::supervise, &x::leave, "leaveBarge",
             "Leave a conversation that you joined", answers<no_body>(204)},
        });
    }

private:
    conversation::surroundings& s_;
    silent_watchers& watchers_;
};

} // namespace chat_centre::quality
