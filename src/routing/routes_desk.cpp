#include <chat_centre/routing/routes.hpp>

#include "routing/dispatch.hpp"
#include "routing/queries.hpp"
#include "routing/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::routing {
namespace {

using faults = std::vector<field_error>;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json to_json(const std::vector<shift>& shifts) {
    json out = json::array();
    for (const auto& s : shifts)
        out.push_back({{"day", s.day}, {"from", format_minutes(s.opens)}, {"to", format_minutes(s.closes)}});
    return out;
}

json to_json(const desk_settings& d, time_point now) {
    json holidays = json::array();
    for (std::size_t i = 0; i < d.own.holidays.size(); ++i)
        holidays.push_back({{"date", d.own.holidays[i]}, {"name", d.holiday_names[i]}});
    return {
        {"department", d.slug},
        {"assignment", std::string(to_string(d.how))},
        {"accept_seconds", d.accept_seconds},
        {"queue_limit", d.queue_limit ? json(*d.queue_limit) : json(nullptr)},
        {"time_zone", d.own.zone},
        {"hours", to_json(d.own.shifts)},
        {"holidays", std::move(holidays)},
        {"skills_required", d.skills},
        {"full_answer_en", d.full_en},
        {"full_answer_ar", d.full_ar},
        {"open", is_open(d.open, now)},
        {"in_force", {{"from", d.hours_from}, {"time_zone", d.open.zone}, {"hours", to_json(d.open.shifts)}}},
        {"company_hours", d.company
                              ? json{{"time_zone", d.company->zone}, {"hours", to_json(d.company->shifts)}}
                              : json(nullptr)}};
}

json to_json(const category& c) {
    return {{"slug", c.slug},
            {"name_en", c.name_en},
            {"name_ar", c.name_ar},
            {"department", or_null(c.department)},
            {"keywords_en", c.keywords_en},
            {"keywords_ar", c.keywords_ar}};
}

json to_json(const person_skills& s) {
    json skills = json::array();
    for (const auto& k : s.skills) skills.push_back({{"skill", k.name}, {"level", k.level}});
    return {{"skills", std::move(skills)}, {"weight", s.weight}};
}

template <class List>
std::vector<std::string> unique_texts(const List& list) {
    std::vector<std::string> out;
    for (const auto& entry : list)
        if (std::find(out.begin(), out.end(), entry.value) == out.end()) out.push_back(entry.value);
    return out;
}

void read_hours(const std::vector<shift_body>& hours, calendar& into, faults& bad) {
    into.shifts.clear();
    for (std::size_t i = 0; i < hours.size(); ++i) {
        const auto from = parse_minutes(hours[i].from.value), to = parse_minutes(hours[i].to.value);
        const auto where = "hours[" + std::to_string(i) + "]";
        if (!from || !to || *from >= *to) {
            bad.push_back({where, "from and to must be times such as 09:00, and from before to"});
            continue;
        }
        const int day = static_cast<int>(hours[i].day.value);
        const bool overlaps = std::any_of(into.shifts.begin(), into.shifts.end(), [&](const shift& s) {
            return s.day == day && *from < s.closes && s.opens < *to;
        });
        if (overlaps) bad.push_back({where, "overlaps another shift of that day"});
        into.shifts.push_back({day, *from, *to});
    }
}

void read_holidays(const std::vector<holiday_body>& days, desk_settings& d, faults& bad) {
    d.own.holidays.clear();
    d.holiday_names.clear();
    for (std::size_t i = 0; i < days.size(); ++i) {
        const auto& date = days[i].date.value;
        if (!parse_time(date + "T00:00:00Z", "UTC"))
            bad.push_back({"holidays[" + std::to_string(i) + "].date", "must be a day such as 2026-12-25"});
        d.own.holidays.push_back(date);
        d.holiday_names.push_back(days[i].name.value);
    }
}

void apply(const desk_body& b, desk_settings& d) {
    faults bad;
    if (b.assignment) d.how = parse_method(b.assignment->value);
    if (b.accept_seconds) d.accept_seconds = static_cast<int>(b.accept_seconds->value);
    d.queue_limit = b.queue_limit ? std::optional(static_cast<int>(b.queue_limit->value)) : std::nullopt;
    if (b.time_zone) {
        if (!is_known_zone(b.time_zone->value))
            bad.push_back({"time_zone", "must be a time zone such as Asia/Riyadh"});
        d.own.zone = b.time_zone->value;
    }
    if (b.hours) read_hours(*b.hours, d.own, bad);
    if (b.holidays) read_holidays(*b.holidays, d, bad);
    if (b.skills_required) d.skills = unique_texts(*b.skills_required);
    if (b.full_answer_en) d.full_en = b.full_answer_en->value;
    if (b.full_answer_ar) d.full_ar = b.full_answer_ar->value;
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

desk_settings desk_of(db::tx& t, const std::string& slug) {
    const auto d = find_desk(t, department_id(t, slug));
    if (!d) throw error::not_found("There is no such department.");
    return *d;
}

json difference(const json& was, const json& is) {
    json d = json::object();
    for (const auto& [key, value] : is.items())
        if (was.value(key, json(nullptr)) != value)
            d[key] = json::array({was.value(key, json(nullptr)), value});
    return d;
}

std::optional<std::int64_t> department_named(db::tx& t, const std::string& slug) {
    if (slug.empty()) return std::nullopt;
    const auto id = department_id(t, slug);
    if (id == 0) throw error::unprocessable("department", "is not a department");
    return id;
}

bool good_slug(const std::string& slug) {
    const auto fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return std::all_of(slug.begin(), slug.end(), fine) && slug[0] != '_' && slug[0] != '-';
}

} // namespace

routes::answer routes::get_desk(http::request r) {
    const std::string slug(r.path_values.at(0));
    auto work = [slug](db::tx& t) { return desk_of(t, slug); };
    const auto d = co_await pool_.run(std::move(work));
    co_return http::response::of(to_json(d, clock_.now()));
}

routes::answer routes::put_desk(http::request r) {
    const std::string slug(r.path_values.at(0));
    const auto body = read_fields<desk_body>(r.json_body());
    auto work = [r, slug, body, now = clock_.now()](db::tx& t) {
        const auto before = desk_of(t, slug);
        auto after = before;
        apply(body, after);
        save_desk(t, after);
        after = desk_of(t, slug); // without hours of its own others are in force
        const auto detail = difference(to_json(before, now), to_json(after, now));
        if (!detail.empty()) audit::record(t, audit::by(r, "desk.change", slug, detail));
        if (after.how != method::manual) drain_soon(t, after.id, now);
        return to_json(after, now);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::list_categories(http::request r) {
    const auto page = http::read_page(r, 200);
    auto work = [page](db::tx& t) { return categories(t, page.number("id", 0), page.fetch()); };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& c : found) items.push_back(to_json(c));
    co_return http::response::of(http::page_answer(std::move(items), page, [&](const json&) {
        return json{{"id", found[static_cast<std::size_t>(page.limit) - 1].id}};
    }));
}

routes::answer routes::add_category(http::request r) {
    const auto b = read_fields<category_body>(r.json_body());
    if (!good_slug(b.slug.value))
        throw error::unprocessable("slug",
                                   "must begin with a letter or digit and hold only a-z, 0-9, - and _");
    auto work = [r, b](db::tx& t) {
        const auto department = department_named(t, b.department ? b.department->value : "");
        const auto words = [](const auto& list) {
            return list ? unique_texts(*list) : std::vector<std::string>{};
        };
        try {
            t.exec(sql::add_category, b.slug.value, b.name_en.value, b.name_ar.value, department,
                   db::array_of(words(b.keywords_en)), db::array_of(words(b.keywords_ar)));
        } catch (const db::failure& e) {
            if (e.constraint() == "category_slug_key")
                throw error::conflict("There is already a category with the slug " + b.slug.value + ".");
            throw;
        }
        const auto made = *find_category(t, b.slug.value);
        audit::record(t, audit::by(r, "category.create", made.slug, to_json(made)));
        return to_json(made);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)), 201);
}

routes::answer routes::change_category(http::request r) {
    const std::string slug(r.path_values.at(0));
    const auto b = read_fields<category_change_body>(r.json_body());
    auto work = [r, slug, b](db::tx& t) {
        const auto before = find_category(t, slug);
        if (!before) throw error::not_found("There is no such category.");
        auto c = *before;
        if (b.name_en) c.name_en = b.name_en->value;
        if (b.name_ar) c.name_ar = b.name_ar->value;
        if (b.department) c.department = b.department->value;
        if (b.keywords_en) c.keywords_en = unique_texts(*b.keywords_en);
        if (b.keywords_ar) c.keywords_ar = unique_texts(*b.keywords_ar);
        t.exec(sql::change_category, slug, c.name_en, c.name_ar, department_named(t, c.department),
               db::array_of(c.keywords_en), db::array_of(c.keywords_ar));
        const auto detail = difference(to_json(*before), to_json(c));
        if (!detail.empty()) audit::record(t, audit::by(r, "category.change", slug, detail));
        return to_json(c);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::get_skills(http::request r) {
    const auto id = r.path_id(0, "STF");
    auto work = [id](db::tx& t) {
        const auto s = find_skills(t, id);
        if (!s) throw error::not_found("There is no such member of staff.");
        return to_json(*s);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::put_skills(http::request r) {
    const auto id = r.path_id(0, "STF");
    const auto b = read_fields<skills_body>(r.json_body());
    auto work = [r, id, b, now = clock_.now()](db::tx& t) {
        if (!t.maybe(sql::lock_staff, id)) throw error::not_found("There is no such member of staff.");
        const auto before = *find_skills(t, id);
        person_skills after;
        after.weight = b.weight ? static_cast<int>(b.weight->value) : before.weight;
        for (const auto& k : b.skills) {
            const auto same = [&k](const skill& s) { return s.name == k.skill.value; };
            if (std::none_of(after.skills.begin(), after.skills.end(), same))
                after.skills.push_back({k.skill.value, k.level ? static_cast<int>(k.level->value) : 3});
        }
        save_skills(t, id, after);
        const auto detail = difference(to_json(before), to_json(after));
        if (!detail.empty()) audit::record(t, audit::by(r, "staff.skills", format_id("STF", id), detail));
        for (const auto q : t.many(sql::queues_of, id)) drain_soon(t, q.get<std::int64_t>(0), now);
        return to_json(after);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

} // namespace chat_centre::routing
