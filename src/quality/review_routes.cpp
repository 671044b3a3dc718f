#include "quality/queries.hpp"
#include "quality/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace chat_centre::quality {
namespace {

std::vector<criterion> criteria_of(const std::vector<criterion_body>& given) {
    constexpr std::size_t most = 30;
    if (given.empty() || given.size() > most)
        throw error::unprocessable("criteria", "must have 1 to 30 entries");
    std::vector<criterion> out;
    std::set<std::string> ids;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto& c = given[i];
        if (!ids.insert(c.id.value).second)
            throw error::unprocessable("criteria[" + std::to_string(i) + "].id", "is there twice");
        out.push_back({c.id.value, c.label_en.value, c.label_ar.value,
                       c.weight ? static_cast<double>(c.weight->value) : 1.0,
                       c.scale ? static_cast<int>(c.scale->value) : 5});
    }
    return out;
}

scores scores_of(const json& given, const std::vector<criterion>& criteria) {
    scores out;
    std::vector<field_error> bad;
    for (const auto& [id, value] : given.items()) {
        const auto c =
            std::find_if(criteria.begin(), criteria.end(), [&](const auto& one) { return one.id == id; });
        if (c == criteria.end())
            bad.push_back({"scores." + id, "is not on this scorecard"});
        else if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > c->scale)
            bad.push_back({"scores." + id, "must be a number from 0 to " + std::to_string(c->scale)});
        else
            out[id] = value.get<double>();
    }
    if (bad.empty() && out.empty()) bad.push_back({"scores", "must judge at least one criterion"});
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    return out;
}

std::int64_t need_id(const char* prefix, const std::string& text, const char* field) {
    const auto id = parse_id(prefix, text);
    if (!id) throw error::unprocessable(field, "must be an id such as " + std::string(prefix) + "-1");
    return *id;
}

std::optional<std::int64_t> id_parameter(const http::request& r, const char* name) {
    const auto text = r.query(name);
    if (!text || text->empty()) return std::nullopt;
    return need_id("STF", *text, name);
}

std::optional<time_point> time_parameter(const http::request& r, const char* name, const std::string& zone) {
    const auto text = r.query(name);
    if (!text || text->empty()) return std::nullopt;
    const auto at = parse_time(text->size() == 10 ? *text + "T00:00:00" : *text, zone);
    if (!at) throw error::unprocessable(name, "must be a day (2026-11-20) or a time (2026-11-20T10:00:00Z)");
    return at;
}

// Whose work a review judges: the one named, else whoever has the conversation, else whoever wrote last.
std::int64_t judged_staff(db::tx& t, const conversation::row& c, const review_body& body) {
    if (body.staff_id) {
        const auto id = need_id("STF", body.staff_id->value, "staff_id");
        if (!staff::find(t, id)) throw error::unprocessable("staff_id", "there is no such colleague");
        return id;
    }
    if (c.assigned != 0) return c.assigned;
    if (const auto last = t.maybe(sql::last_writer, c.id)) return last->get<std::int64_t>(0);
    throw error::unprocessable("staff_id",
                               "nobody of the staff was in this conversation: say whose work you judge");
}

json months_json(const std::vector<month_average>& months) {
    json out = json::array();
    for (const auto& m : months)
        out.push_back({{"month", m.month}, {"average", m.average}, {"reviews", m.reviews}});
    return out;
}

json summary_json(const std::vector<month_average>& months) {
    double sum = 0;
    std::int64_t reviews = 0;
    for (const auto& m : months) {
        sum += m.average * static_cast<double>(m.reviews);
        reviews += m.reviews;
    }
    const double average = reviews == 0 ? 0 : std::round(100 * sum / static_cast<double>(reviews)) / 100;
    return {{"months", months_json(months)},
            {"average", average},
            {"reviews", reviews},
            {"trend", trend_of(months)}};
}

struct staff_months {
    std::int64_t id = 0;
    std::string name;
    std::vector<month_average> months;
};

// Everybody's months in one list, averaged by the number of reviews.
std::vector<month_average> together(const std::vector<staff_months>& list) {
    std::map<std::string, month_average> sums;
    for (const auto& s : list)
        for (const auto& m : s.months) {
            auto& sum = sums[m.month];
            sum.month = m.month;
            sum.average += m.average * static_cast<double>(m.reviews);
            sum.reviews += m.reviews;
        }
    std::vector<month_average> out;
    for (auto& [month, m] : sums) {
        m.average = std::round(100 * m.average / static_cast<double>(m.reviews)) / 100;
        out.push_back(m);
    }
    return out;
}

} // namespace

review_routes::answer review_routes::list_scorecards(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        for (const auto& s : quality::list_scorecards(t, page.number("id", 0), page.fetch()))
            items.push_back(to_json(s));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("SCO", last["scorecard_id"].get<std::string>()).value()}};
    }));
}

review_routes::answer review_routes::create_scorecard(http::request r) {
    const auto body = read_fields<scorecard_body>(r.json_body());
    scorecard wanted;
    wanted.name = body.name.value;
    wanted.criteria = criteria_of(body.criteria);
    auto work = [r, wanted, now = s_.clock.now()](db::tx& t) {
        const auto s = add_scorecard(t, wanted, now);
        audit::record(t, audit::by(r, "scorecard.create", format_id("SCO", s.id), {{"name", s.name}}));
        return to_json(s);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

review_routes::answer review_routes::change_scorecard(http::request r) {
    const auto id = r.path_id(0, "SCO");
    const auto body = read_fields<scorecard_change_body>(r.json_body());
    std::optional<std::vector<criterion>> criteria;
    if (body.criteria) criteria = criteria_of(*body.criteria);
    auto work = [r, id, body, criteria, now = s_.clock.now()](db::tx& t) {
        auto s = find_scorecard(t, id);
        if (!s) throw error::not_found("There is no such scorecard.");
        if (body.name) s->name = body.name->value;
        if (criteria) s->criteria = *criteria;
        if (body.active) s->active = *body.active;
        audit::record(t, audit::by(r, "scorecard.change", format_id("SCO", id), {{"name", s->name}}));
        return to_json(quality::change_scorecard(t, *s, now));
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

review_routes::answer review_routes::list_reviews(http::request r) {
    const auto page = http::read_page(r);
    review_filter f;
    f.staff = id_parameter(r, "staff");
    f.reviewer = id_parameter(r, "reviewer");
    f.from = time_parameter(r, "from", s_.time_zone);
    f.to = time_parameter(r, "to", s_.time_zone);
    f.limit = page.fetch();
    if (page.after) {
        f.last_id = page.number("id", 0);
        f.before = parse_time(page.text("at").value_or(""), "UTC");
        if (!f.before) throw error::unprocessable("cursor", "is not one of this list");
    }
    auto work = [f](db::tx& t) { return quality::list_reviews(t, f); };
    auto items = co_await s_.pool.run(std::move(work));
    co_return http::response::of(http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("REV", last["review_id"].get<std::string>()).value()}, {"at", last["at"]}};
    }));
}

review_routes::answer review_routes::of_conversation(http::request r) {
    auto work = [who = r.who, id = r.path_id(0, "CONV")](db::tx& t) {
        conversation::find_visible(t, who, id);
        review_filter f;
        f.conversation = id;
        f.limit = 1000;
        return json{{"items", quality::list_reviews(t, f)}, {"next_cursor", nullptr}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

review_routes::answer review_routes::create_review(http::request r) {
    const auto body = read_fields<review_body>(r.json_body());
    const auto id = need_id("CONV", body.conversation_id.value, "conversation_id");
    const auto card_id = need_id("SCO", body.scorecard_id.value, "scorecard_id");
    auto work = [r, body, id, card_id, now = s_.clock.now()](db::tx& t) {
        const auto c = conversation::find_visible(t, r.who, id);
        const auto card = find_scorecard(t, card_id);
        if (!card || !card->active)
            throw error::unprocessable("scorecard_id", "there is no such scorecard in use");
        const auto given = scores_of(body.scores, card->criteria);
        const auto judged = judged_staff(t, c, body);
        if (judged == r.who.staff) throw error::conflict("Nobody reviews their own work.");
        const auto review =
            t.scalar<std::int64_t>(sql::put_review, id, card_id, dump(criteria_json(card->criteria)), judged,
                                   r.who.staff, dump(json(given)), total_of(card->criteria, given),
                                   body.comment ? body.comment->value : std::string{}, now);
        audit::record(t,
                      audit::by(r, "review.write", format_id("CONV", id),
                                {{"review", format_id("REV", review)}, {"staff", format_id("STF", judged)}}));
        return find_review(t, review);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

review_routes::answer review_routes::summary(http::request r) {
    auto work = [staff = id_parameter(r, "staff"), zone = s_.time_zone](db::tx& t) {
        std::vector<staff_months> list;
        for (const auto row : t.many(sql::summarise_reviews, staff, zone)) {
            const auto id = row.get<std::int64_t>(0);
            if (list.empty() || list.back().id != id) list.push_back({id, row.get<std::string>(1), {}});
            list.back().months.push_back({row.get<std::string>(2), std::round(100 * number_in(row, 3)) / 100,
                                          row.get<std::int64_t>(4)});
        }
        json answer = summary_json(together(list));
        answer["staff"] = json::array();
        for (const auto& s : list) {
            json one = summary_json(s.months);
            one["staff"] = person(s.id, s.name);
            answer["staff"].push_back(std::move(one));
        }
        return answer;
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

review_routes::answer review_routes::calibrations(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        std::vector<judgement> judgements;
        std::vector<json> reviewers;
        const auto close = [&] {
            if (items.empty()) return;
            json& last = items.back();
            const auto a = agreement_of(judgements);
            last["mean"] = a.mean;
            last["spread"] = a.spread;
            last["criterion_spread"] = a.criterion_spread;
            for (std::size_t i = 0; i < judgements.size(); ++i)
                last["reviews"].push_back({{"reviewer", reviewers[i]},
                                           {"total", judgements[i].total},
                                           {"leaning", a.leaning.at(judgements[i].reviewer)}});
            judgements.clear();
            reviewers.clear();
        };
        std::int64_t newest = 0;
        for (const auto row : t.many(sql::list_calibrations, page.number("newest", 0), page.fetch())) {
            if (items.empty() || row.get<std::int64_t>(0) != newest) {
                close();
                newest = row.get<std::int64_t>(0);
                items.push_back({{"newest", newest},
                                 {"conversation_id", format_id("CONV", row.get<std::int64_t>(1))},
                                 {"scorecard_id", format_id("SCO", row.get<std::int64_t>(2))},
                                 {"scorecard_name", row.get<std::string>(3)},
                                 {"staff", person(row.get<std::int64_t>(4), row.get<std::string>(5))},
                                 {"reviews", json::array()}});
            }
            judgements.push_back(
                {row.get<std::int64_t>(6), number_in(row, 9), parse_json(row.text(8)).get<scores>()});
            reviewers.push_back(person(row.get<std::int64_t>(6), row.get<std::string>(7)));
        }
        close();
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    json answer = http::page_answer(std::move(items), page,
                                    [](const json& last) { return json{{"newest", last["newest"]}}; });
    for (auto& item : answer["items"]) item.erase("newest"); // only the cursor needs it
    co_return http::response::of(answer);
}

} // namespace chat_centre::quality
