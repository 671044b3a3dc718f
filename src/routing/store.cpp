#include "routing/store.hpp"

#include "routing/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/routing/subjects.hpp>

#include <algorithm>

namespace chat_centre::routing {
namespace {

std::vector<std::string> texts(std::string_view json_list) {
    return json::parse(json_list).get<std::vector<std::string>>();
}

category category_from(const db::row& r) {
    return {r.get<std::int64_t>(0), r.get<std::string>(1),
            r.get<std::string>(2),  r.get<std::string>(3),
            r.get<std::string>(4),  texts(r.text(5)),
            texts(r.text(6)),       json::parse(r.text(7)).get<std::map<std::string, double>>()};
}

analysis::subject_finder finder_of(const std::vector<category>& all) {
    std::vector<analysis::subject_words> words;
    for (const auto& c : all) {
        analysis::subject_words w{c.slug, c.department, {}};
        for (const auto* list : {&c.keywords_en, &c.keywords_ar})
            for (const auto& word : *list) {
                const auto weight = c.weights.find(word);
                w.keywords.push_back({word, weight == c.weights.end() ? 0 : weight->second});
            }
        words.push_back(std::move(w));
    }
    return analysis::subject_finder(std::move(words));
}

} // namespace

analysis::subject_finder subjects(db::tx& t) { return finder_of(categories(t, 0, INT64_MAX)); }

std::optional<desk_settings> find_desk(db::tx& t, std::int64_t department) {
    const auto r = t.maybe(sql::find_desk, department);
    if (!r) return std::nullopt;
    desk_settings d;
    d.id = r->get<std::int64_t>(0);
    d.slug = r->get<std::string>(1);
    d.name_en = r->get<std::string>(2);
    d.name_ar = r->get<std::string>(3);
    d.is_default = r->get<bool>(4);
    d.own.zone = r->get<std::string>(5);
    d.how = parse_method(r->text(6));
    d.accept_seconds = r->get<int>(7);
    d.queue_limit = r->get<std::optional<int>>(8);
    d.full_en = r->get<std::string>(9);
    d.full_ar = r->get<std::string>(10);
    d.skills = texts(r->text(11));
    d.turn = r->get<double>(12);
    for (const auto& h : json::parse(r->text(13)))
        d.open.shifts.push_back({h[0].get<int>(), h[1].get<int>(), h[2].get<int>()});
    for (const auto& h : json::parse(r->text(14))) {
        d.own.holidays.push_back(h[0].get<std::string>());
        d.holiday_names.push_back(h[1].get<std::string>());
    }
    d.hours_from = r->get<std::string>(15);
    d.open.zone = r->get<std::string>(16);
    d.open.holidays = d.own.holidays;
    if (d.hours_from == "department") d.own.shifts = d.open.shifts;
    if (!r->is_null(17)) {
        d.company.emplace();
        d.company->zone = r->get<std::string>(17);
        for (int day = 1; day <= 7; ++day)
            d.company->shifts.push_back({day, r->get<int>(18), r->get<int>(19)});
    }
    return d;
}

std::int64_t default_department(db::tx& t) {
    const auto r = t.maybe(sql::default_department);
    return r ? r->get<std::int64_t>(0) : 0;
}

std::int64_t department_id(db::tx& t, const std::string& slug) {
    const auto r = t.maybe(sql::desk_id, slug);
    return r ? r->get<std::int64_t>(0) : 0;
}

void save_desk(db::tx& t, const desk_settings& d) {
    t.exec(sql::save_desk, d.id, to_string(d.how), d.accept_seconds, d.queue_limit, d.own.zone, d.full_en,
           d.full_ar, db::array_of(d.skills));
    t.exec(sql::clear_hours, d.id);
    db::array days, opens, closes;
    for (const auto& s : d.own.shifts) {
        days.add(std::int64_t{s.day});
        opens.add(format_minutes(s.opens));
        closes.add(format_minutes(s.closes));
    }
    t.exec(sql::add_hours, d.id, days, opens, closes);
    t.exec(sql::clear_holidays, d.id);
    t.exec(sql::add_holidays, d.id, db::array_of(d.own.holidays), db::array_of(d.holiday_names));
}

std::vector<category> categories(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<category> out;
    for (const auto r : t.many(sql::list_categories, after, limit)) out.push_back(category_from(r));
    return out;
}

std::optional<category> find_category(db::tx& t, const std::string& slug) {
    const auto r = t.maybe(sql::find_category, slug);
    return r ? std::optional(category_from(*r)) : std::nullopt;
}

const category* detect_category(const std::vector<category>& all, std::string_view text) {
    const auto about = finder_of(all).find(text);
    if (about.confidence <= 0) return nullptr;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.slug == about.category; });
    return found == all.end() ? nullptr : &*found;
}

std::optional<person_skills> find_skills(db::tx& t, std::int64_t staff) {
    const auto weight = t.maybe(sql::weight_of, staff);
    if (!weight) return std::nullopt;
    person_skills out;
    out.weight = weight->get<int>(0);
    for (const auto r : t.many(sql::skills_of, staff))
        out.skills.push_back({r.get<std::string>(0), r.get<int>(1)});
    return out;
}

void save_skills(db::tx& t, std::int64_t staff, const person_skills& s) {
    t.exec(sql::save_weight, staff, s.weight);
    t.exec(sql::clear_skills, staff);
    db::array names, levels;
    for (const auto& k : s.skills) {
        names.add(k.name);
        levels.add(std::int64_t{k.level});
    }
    t.exec(sql::add_skills, staff, names, levels);
}

rule rule_from(const db::row& r) {
    json definition = json::parse(r.text(4));
    definition["name"] = r.get<std::string>(1);
    rule out = read_rule(definition);
    out.id = r.get<std::int64_t>(0);
    out.position = r.get<int>(2);
    out.active = r.get<bool>(3);
    return out;
}

std::vector<rule> rules(db::tx& t) {
    std::vector<rule> out;
    for (const auto r : t.many(sql::list_rules)) out.push_back(rule_from(r));
    return out;
}

void record(db::tx& t, const decision& d, time_point now) { record(t, std::vector{d}, now); }

void record(db::tx& t, const std::vector<decision>& all, time_point now) {
    if (all.empty()) return;
    db::array conversation, kind, staff, en, ar, detail;
    for (const auto& d : all) {
        conversation.add(d.conversation);
        kind.add(d.kind);
        staff.add(d.staff == 0 ? std::nullopt : std::optional{d.staff});
        en.add(d.reason.en);
        ar.add(d.reason.ar);
        detail.add(dump(d.detail));
    }
    t.exec(sql::add_decisions, now, conversation, kind, staff, en, ar, detail);
}

json to_json(const std::vector<verdict>& candidates) {
    json out = json::array();
    for (const auto& v : candidates)
        out.push_back({{"staff_id", format_id("STF", v.id)},
                       {"name", v.name},
                       {"eligible", v.eligible},
                       {"why", v.why.en},
                       {"why_ar", v.why.ar},
                       {"load", v.load},
                       {"idle_seconds", v.idle_seconds},
                       {"score", v.score}});
    return out;
}

json decisions_of(db::tx& t, std::int64_t conversation) {
    json out = json::array();
    for (const auto r : t.many(sql::decisions_of, conversation)) {
        const auto staff = r.get<std::optional<std::int64_t>>(2);
        const auto kind = r.get<std::string>(1);
        json detail = json::parse(r.text(6));
        json chosen = nullptr;
        if (staff) chosen = {{"staff_id", format_id("STF", *staff)}, {"name", r.get<std::string>(3)}};
        json one = {{"at", to_rfc3339(r.get<time_point>(0))},
                    {"kind", kind},
                    {"chosen", std::move(chosen)},
                    {"reason", r.get<std::string>(4)},
                    {"reason_ar", r.get<std::string>(5)},
                    {"candidates", json::array()}};
        one[kind == "rules" ? "trace" : "candidates"] = std::move(detail);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace chat_centre::routing
