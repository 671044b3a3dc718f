#pragma once
// Scorecards and reviews as rows, and how the API shows them.

#include <chat_centre/db/tx.hpp>
#include <chat_centre/quality/routes.hpp>
#include <chat_centre/quality/scoring.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::quality {

struct scorecard {
    std::int64_t id = 0;
    std::string name;
    std::vector<criterion> criteria;
    bool active = true;
    time_point created_at{}, updated_at{};
};
json to_json(const scorecard& s);
json criteria_json(const std::vector<criterion>& list);
std::vector<criterion> read_criteria(std::string_view text);

std::vector<scorecard> list_scorecards(db::tx& t, std::int64_t after, std::int64_t limit);
std::optional<scorecard> find_scorecard(db::tx& t, std::int64_t id);
scorecard add_scorecard(db::tx& t, const scorecard& s, time_point now);    // throws 409: the name is taken
scorecard change_scorecard(db::tx& t, const scorecard& s, time_point now); // likewise

struct review_filter {
    std::optional<std::int64_t> staff, reviewer, conversation;
    std::optional<time_point> from, to;
    std::optional<time_point> before; // keyset: the last one shown
    std::int64_t last_id = 0;
    std::int64_t limit = 50;
};
json list_reviews(db::tx& t, const review_filter& f);
json find_review(db::tx& t, std::int64_t id);

json person(std::int64_t id, const std::string& name);
double number_in(const db::row& r, int column); // of a double precision shown as text

} // namespace chat_centre::quality
