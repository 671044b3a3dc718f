#include <chat_centre/conversation/routes.hpp>

#include "conversation/card.hpp"
#include "conversation/queries.hpp"
#include "conversation/store.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>
#include <cmath>

namespace chat_centre::conversation {
namespace {

std::vector<std::string> split_list(const std::string& text) {
    std::vector<std::string> out;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        if (comma != 0) out.emplace_back(rest.substr(0, comma));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    return out;
}

std::optional<time_point> time_parameter(const http::request& r, const char* name, const std::string& zone) {
    const auto given = r.query(name);
    if (!given || given->empty()) return std::nullopt;
    if (given->size() == 10) // a day
        if (const auto t = parse_time(*given + "T00:00:00", zone)) return t;
    if (const auto t = parse_time(*given, zone)) return t;
    throw error::unprocessable(name, "must be a day (2026-11-20) or a time (2026-11-20T10:00:00Z)");
}

void one_of(const std::string& value, const char* field, std::initializer_list<std::string_view> allowed) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
    std::string names;
    for (auto a : allowed) names += (names.empty() ? "" : ", ") + std::string(a);
    throw error::unprocessable(field, "must be one of " + names);
}

list_filter filter_of(const http::request& r, const std::string& zone) {
    list_filter f;
    const auto given = [&r](const char* name) -> std::optional<std::string> {
        auto v = r.query(name);
        if (v && v->empty()) v.reset();
        return v;
    };
    if (const auto v = given("status")) {
        f.statuses = split_list(*v);
        for (const auto& s : *f.statuses)
            one_of(s, "status", {"bot", "pending", "active", "resolved", "closed"});
    }
    f.department = given("department");
    f.channel = given("channel");
    f.priority = given("priority");
    if (f.priority) one_of(*f.priority, "priority", {"emergency", "high", "normal", "low"});
    f.text = given("q");
    if (f.text && f.text->size() > 200) throw error::unprocessable("q", "must have at most 200 characters");
    if (const auto v = given("assigned")) {
        if (*v == "me")
            f.assigned = r.who.staff;
        else if (*v == "none")
            f.unassigned = true;
        else if (const auto id = parse_id("STF", *v))
            f.assigned = id;
        else
            throw error::unprocessable("assigned", "must be me, none or a staff id such as STF-1");
    }
    f.from = time_parameter(r, "from", zone);
    f.to = time_parameter(r, "to", zone);
    if (const auto sort = given("sort")) {
        one_of(*sort, "sort", {"updated", "waiting"});
        f.longest_waiting_first = *sort == "waiting";
        if (f.longest_waiting_first && !f.statuses) f.statuses = {"pending"};
    }
    return f;
}

// Where a page ended, and how the next one goes on from there.
json position_of(const row& last, bool longest_waiting_first) {
    json j = {{"id", last.id}};
    if (!longest_waiting_first) {
        j["updated"] = to_postgres(last.updated_at);
    } else {
        j["band"] = last.band.value_or(0);
        j["waiting"] = to_postgres(last.waiting_since.value_or(last.created_at));
    }
    return j;
}

void read_position(const http::page_request& page, list_filter& f) {
    const auto moment = [&page](const char* name) -> std::optional<time_point> {
        const auto text = page.text(name);
        return text ? parse_time(*text, "UTC") : std::nullopt;
    };
    f.last_id = page.number("id", 0);
    if (f.longest_waiting_first) {
        if (const auto band = page.number("band", -1); band >= 0) f.after_band = static_cast<int>(band);
        f.after_waiting = moment("waiting");
    } else {
        f.before_updated = moment("updated");
    }
    if (!f.before_updated && !(f.after_band && f.after_waiting))
        throw error::unprocessable("cursor", "is not one of this list");
}

json list_json(const std::vector<row>& rows, time_point now) {
    json out = json::array();
    for (const auto& c : rows) out.push_back(to_json(c, now));
    return out;
}

json messages_json(const std::vector<stored_message>& list) {
    json out = json::array();
    for (const auto& m : list) out.push_back(json::parse(to_json(m)));
    return out;
}

json seconds_or_null(const std::optional<double>& v) {
    return v ? json(static_cast<std::int64_t>(std::llround(*v))) : json(nullptr);
}

} // namespace

routes::answer routes::list(http::request r) {
    const auto page = http::read_page(r);
    list_filter f = filter_of(r, s_.time_zone);
    f.limit = page.fetch();
    if (page.after) read_position(page, f);
    auto work = [who = r.who, f](db::tx& t) { return conversation::list(t, who, f); };
    auto rows = co_await s_.pool.run(std::move(work));
    json next = nullptr;
    if (static_cast<std::int64_t>(rows.size()) > page.limit) {
        rows.pop_back();
        next = http::encode_cursor(position_of(rows.back(), f.longest_waiting_first));
    }
    co_return http::response::of({{"items", list_json(rows, s_.clock.now())}, {"next_cursor", next}});
}

routes::answer routes::show(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto now = s_.clock.now();
    auto work = [this, who = r.who, id, now](db::tx& t) -> json {
        row c = find_visible(t, who, id);
        const auto place = queue_position(t, c);
        json wait = nullptr;
        if (place && s_.estimate)
            if (const auto seconds = s_.estimate(t, c, *place)) wait = *seconds;
        if (who.kind == caller::customer) {
            json j = to_public_json(c, place);
            j["estimated_wait_seconds"] = std::move(wait);
            return j;
        }
        c.unread = unread_of(t, who.staff, id);
        constexpr int latest = 60;
        json j = to_json(c, now);
        j["notes"] = notes_of(t, id);
        j["turns"] = turns_of(t, id);
        card_judges judges;
        for (const auto a : t.many(sql::answers_of_assistant, id, c.last_seq - latest))
            judges.answers.insert(a.get<int>(0));
        if (s_.screen)
            judges.asks_person = [this](const std::string& text) {
                const auto signal = s_.screen(text, speaker::user);
                return signal && signal->needed;
            };
        j["handover_card"] = handover_card(c, messages_before(t, id, c.last_seq + 1, latest), judges);
        j["delivery"] = nullptr;
        if (s_.delivery)
            if (const auto how = s_.delivery(c); !how.empty()) j["delivery"] = std::string(how);
        j["draft_reply"] = draft_of(t, who.staff, id, "reply");
        j["draft_note"] = draft_of(t, who.staff, id, "note");
        const auto holds_text = [](const json& d) { return d.is_object() && d["body"] != ""; };
        j["draft"] = holds_text(j["draft_reply"]) || holds_text(j["draft_note"]);
        j["rating_comment"] = c.rating_comment ? json(*c.rating_comment) : json(nullptr);
        j["session_id"] = c.session_id ? json(*c.session_id) : json(nullptr);
        const auto end = c.resolved_at.value_or(c.last_at.value_or(c.created_at));
        j["duration_seconds"] = std::chrono::floor<std::chrono::seconds>(end - c.created_at).count();
        if (place) j["queue_position"] = *place;
        j["estimated_wait_seconds"] = std::move(wait);
        return j;
    };
    json j = co_await s_.pool.run(std::move(work));
    if (r.who.kind == caller::staff) {
        json viewers = json::array();
        for (const auto& v : s_.viewers(id))
            viewers.push_back(
                {{"staff_id", format_id("STF", v.staff)}, {"name", v.name}, {"writing", v.writing}});
        j["viewers"] = std::move(viewers);
    }
    co_return http::response::of(j);
}

routes::answer routes::messages(http::request r) {
    constexpr std::int64_t most = 500;
    constexpr std::int64_t any = 2'147'483'647;
    const auto id = r.path_id(0, "CONV");
    const auto after = r.query_number("after_seq", 0, 0, any);
    const auto before = r.query_number("before_seq", 0, 0, any);
    const auto limit = r.query_number("limit", 200, 1, most);
    // The cursor of the common list shape is the last seq shown.
    std::int64_t from = after;
    if (const auto cursor = r.query("cursor"); cursor && !cursor->empty())
        from = r.query_number("cursor", 0, 0, any);
    auto work = [who = r.who, id, from, before, limit](db::tx& t) {
        find_visible(t, who, id);
        return before > 0 ? messages_before(t, id, static_cast<int>(before), limit)
                          : messages_after(t, id, static_cast<int>(from), limit + 1);
    };
    auto found = co_await s_.pool.run(std::move(work));
    json next = nullptr;
    if (before == 0 && static_cast<std::int64_t>(found.size()) > limit) {
        found.pop_back();
        next = std::to_string(found.back().seq);
    }
    co_return http::response::of({{"items", messages_json(found)}, {"next_cursor", next}});
}

routes::answer routes::queue(http::request r) {
    struct found {
        queue_totals counts;
        std::vector<row> waiting, mine;
        std::vector<staff::colleague> colleagues;
    };
    const auto now = s_.clock.now();
    const auto day = start_of_day(now, s_.time_zone);
    auto work = [who = r.who, now, day](db::tx& t) {
        list_filter mine;
        mine.statuses = {"active"};
        mine.assigned = who.staff;
        mine.limit = 200;
        return found{totals(t, who, day, now), waiting_list(t, who), conversation::list(t, who, mine),
                     staff::colleagues(t)};
    };
    const found f = co_await s_.pool.run(std::move(work));
    json people = json::array();
    for (const auto& p : f.colleagues)
        people.push_back({{"staff_id", format_id("STF", p.id)},
                          {"name", p.name},
                          {"availability", staff::effective_availability(p.availability, s_.online(p.id))},
                          {"monitoring", p.open_conversations}});
    const auto& q = f.counts;
    co_return http::response::of({
        {"active", q.active},
        {"waiting", q.waiting},
        {"resolved_today", q.resolved_today},
        {"average_wait_seconds",
         static_cast<std::int64_t>(std::llround(q.average_wait.value_or(q.average_wait_today.value_or(0))))},
        {"conversations_today", q.conversations_today},
        {"average_resolution_seconds", seconds_or_null(q.average_resolution)},
        {"satisfaction", q.satisfaction ? json(std::round(*q.satisfaction * 10) / 10) : json(nullptr)},
        {"first_response_seconds", seconds_or_null(q.first_response)},
        {"items", list_json(f.waiting, now)},
        {"mine", list_json(f.mine, now)},
        {"staff", std::move(people)},
    });
}

routes::answer routes::events(http::request r) {
    const auto after = r.query_number("after", 0, 0, INT64_MAX);
    const auto limit = static_cast<int>(r.query_number("limit", 200, 1, 1000));
    auto work = [who = r.who, after, limit](db::tx& t) {
        return std::pair{replay(t, who, after, limit), event::head(t)};
    };
    const auto found = co_await s_.pool.run(std::move(work));
    const auto& page = found.first;
    if (!page)
        throw error{
            410, "The cursor is not in the log",
            "Events before it are no longer kept, or it is from another database. Read the lists anew and go on "
            "from the head."}
            .with("head", std::to_string(found.second));
    std::string out = R"({"events":[)";
    for (const auto& e : page->events) {
        if (out.back() != '[') out += ',';
        out += event::to_json(e, e.data);
    }
    out += R"(],"reached":)" + std::to_string(page->reached) + R"(,"head":)" + std::to_string(found.second) +
           "}";
    co_return http::response::json_text(std::move(out));
}

} // namespace chat_centre::conversation
