#include "quality/store.hpp"

#include "quality/queries.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::quality {
namespace {

scorecard scorecard_from(const db::row& r) {
    scorecard s;
    s.id = r.get<std::int64_t>(0);
    s.name = r.get<std::string>(1);
    s.criteria = read_criteria(r.text(2));
    s.active = r.get<bool>(3);
    s.created_at = r.get<time_point>(4);
    s.updated_at = r.get<time_point>(5);
    return s;
}

template <class F>
scorecard unless_taken(F work) {
    try {
        return work();
    } catch (const db::failure& e) {
        if (e.constraint() == "scorecard_name_key")
            throw error::conflict("There is already a scorecard with this name.");
        throw;
    }
}

json review_from(const db::row& r) {
    return {{"review_id", format_id("REV", r.get<std::int64_t>(0))},
            {"conversation_id", format_id("CONV", r.get<std::int64_t>(1))},
            {"scorecard_id", format_id("SCO", r.get<std::int64_t>(2))},
            {"scorecard_name", r.get<std::string>(3)},
            {"staff", person(r.get<std::int64_t>(4), r.get<std::string>(5))},
            {"reviewer", person(r.get<std::int64_t>(6), r.get<std::string>(7))},
            {"criteria", parse_json(r.text(8))},
            {"scores", parse_json(r.text(9))},
            {"total", number_in(r, 10)},
            {"comment", r.get<std::string>(11)},
            {"at", to_rfc3339(r.get<time_point>(12))}};
}

} // namespace

json person(std::int64_t id, const std::string& name) {
    return {{"staff_id", format_id("STF", id)}, {"name", name}};
}

double number_in(const db::row& r, int column) { return std::stod(std::string(r.text(column))); }

json criteria_json(const std::vector<criterion>& list) {
    json out = json::array();
    for (const auto& c : list)
        out.push_back({{"id", c.id},
                       {"label_en", c.label_en},
                       {"label_ar", c.label_ar},
                       {"weight", c.weight},
                       {"scale", c.scale}});
    return out;
}

std::vector<criterion> read_criteria(std::string_view text) {
    std::vector<criterion> out;
    for (const auto& j : parse_json(text))
        out.push_back({j.at("id").get<std::string>(), j.at("label_en").get<std::string>(),
                       j.at("label_ar").get<std::string>(), j.at("weight").get<double>(),
                       j.at("scale").get<int>()});
    return out;
}

json to_json(const scorecard& s) {
    return {{"scorecard_id", format_id("SCO", s.id)}, {"name", s.name},
            {"criteria", criteria_json(s.criteria)},  {"active", s.active},
            {"created_at", to_rfc3339(s.created_at)}, {"updated_at", to_rfc3339(s.updated_at)}};
}

std::vector<scorecard> list_scorecards(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<scorecard> out;
    for (const auto r : t.many(sql::list_scorecards, after, limit)) out.push_back(scorecard_from(r));
    return out;
}

std::optional<scorecard> find_scorecard(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_scorecard, id);
    return r ? std::optional(scorecard_from(*r)) : std::nullopt;
}

scorecard add_scorecard(db::tx& t, const scorecard& s, time_point now) {
    return unless_taken([&] {
        return scorecard_from(t.one(sql::add_scorecard, s.name, dump(criteria_json(s.criteria)), now));
    });
}

scorecard change_scorecard(db::tx& t, const scorecard& s, time_point now) {
    return unless_taken([&] {
        return scorecard_from(
            t.one(sql::change_scorecard, s.id, s.name, dump(criteria_json(s.criteria)), s.active, now));
    });
}

json list_reviews(db::tx& t, const review_filter& f) {
    json out = json::array();
    for (const auto r : t.many(sql::list_reviews, f.staff, f.reviewer, f.conversation, f.from, f.to, f.before,
                               f.last_id, f.limit))
        out.push_back(review_from(r));
    return out;
}

json find_review(db::tx& t, std::int64_t id) { return review_from(t.one(sql::find_review, id)); }

} // namespace chat_centre::quality
