#include <chat_centre/routing/routes.hpp>

#include "routing/queries.hpp"
#include "routing/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/event/event.hpp>

namespace chat_centre::routing {
namespace {

// What is stored beside name, position and active.
json definition_of(const rule& r) {
    json j = to_json(r);
    for (const char* column : {"rule_id", "name", "position", "active"}) j.erase(column);
    return j;
}

// A rule that names a department or category which is not there would never do anything.
void check_names(db::tx& t, const rule& r) {
    std::vector<field_error> bad;
    for (std::size_t i = 0; i < r.actions.size(); ++i) {
        const auto& a = r.actions[i];
        const auto where = "actions[" + std::to_string(i) + "]";
        if (a.verb == "department" && a.value != "@category" && department_id(t, a.value) == 0)
            bad.push_back({where, a.value + " is not a department"});
        if (a.verb == "category" && !find_category(t, a.value))
            bad.push_back({where, a.value + " is not a category"});
    }
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

// Every process compares messages with the words of the rules: it learns them anew.
void announce(db::tx& t, time_point now) {
    event::entry e;
    e.type = "rules.changed";
    e.at = now;
    e.who = event::audience::internal;
    e.data = "{}";
    std::vector<event::entry> events{std::move(e)};
    event::append(t, events);
}

rule stored_rule(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_rule, id);
    if (!r) throw error::not_found("There is no such rule.");
    return rule_from(*r);
}

struct trial {
    try_body body;
    time_point at;
};

json try_in(db::tx& t, const trial& what, const text_judges& judges) {
    const auto plain = [](const auto& v) { return v ? v->value : std::string{}; };
    const auto& b = what.body;
    facts f;
    f.event = b.event ? b.event->value : "handover";
    f.text = b.text.value;
    f.channel = plain(b.channel);
    f.language = b.language ? b.language->value : std::string(detect_language(f.text));
    f.category = plain(b.category);
    f.status = f.event == "handover" ? "pending" : "bot";
    f.handler = f.event == "handover" ? "queue" : "bot";
    if (b.contact) f.contact = *b.contact;
    for (const auto& [field, into] :
         {std::pair{"name", &f.name}, std::pair{"email", &f.email}, std::pair{"phone", &f.phone}})
        if (f.contact.contains(field) && f.contact[field].is_string())
            *into = f.contact[field].get<std::string>();
    if (judges.sentiment) f.sentiment = judges.sentiment(f.text);
    if (judges.severity) f.severity = judges.severity(f.text);
    if (const auto d = find_desk(t, default_department(t))) f.open = is_open(d->open, what.at);
    f.minutes_waiting = f.minutes_since_start = f.minutes_since_message = 0;
    const auto all = categories(t, 0, INT64_MAX);
    std::optional<std::string> found;
    if (f.category.empty()) {
        if (const auto* c = detect_category(all, f.text)) found = f.category = c->slug;
    }
    for (const auto& c : all)
        if (c.slug == f.category) f.category_department = c.department;
    auto result = evaluate(rules(t), std::move(f));
    if (!result.result.category) result.result.category = found;
    json trace = json::array();
    for (const auto& one : result.trace) trace.push_back(to_json(one));
    return {{"trace", std::move(trace)}, {"outcome", to_json(result.result)}};
}

} // namespace

boost::asio::awaitable<void> routes::learn() {
    auto work = [this](db::tx& t) { screen_.learn(t); };
    co_await pool_.run(std::move(work));
}

routes::answer routes::list_rules(http::request) {
    auto work = [](db::tx& t) { return rules(t); };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& r : found) items.push_back(to_json(r));
    co_return http::response::of({{"items", std::move(items)}, {"next_cursor", nullptr}});
}

routes::answer routes::get_rule(http::request r) {
    const auto id = r.path_id(0, "RULE");
    auto work = [id](db::tx& t) { return stored_rule(t, id); };
    const auto found = co_await pool_.run(std::move(work));
    co_return http::response::of(to_json(found));
}

routes::answer routes::add_rule(http::request r) {
    const rule given = read_rule(r.json_body());
    auto work = [r, given, now = clock_.now()](db::tx& t) {
        check_names(t, given);
        const rule made = rule_from(
            t.one(sql::add_rule, given.name, given.position, given.active, dump(definition_of(given)), now));
        audit::record(t, audit::by(r, "rule.create", format_id("RULE", made.id), to_json(made)));
        announce(t, now);
        return made;
    };
    const auto made = co_await pool_.run(std::move(work));
    co_await learn();
    co_return http::response::of(to_json(made), 201);
}

routes::answer routes::change_rule(http::request r) {
    const auto id = r.path_id(0, "RULE");
    const json given = r.json_body();
    if (!given.is_object()) throw error::unprocessable("body", "must be a JSON object");
    auto work = [r, id, given, now = clock_.now()](db::tx& t) {
        const auto row = t.maybe(sql::lock_rule, id);
        if (!row) throw error::not_found("There is no such rule.");
        const rule before = rule_from(*row);
        json merged = to_json(before);
        merged.erase("rule_id");
        for (const auto& [key, value] : given.items())
            if (key != "rule_id") merged[key] = value;
        const rule after = read_rule(merged);
        check_names(t, after);
        const rule stored = rule_from(t.one(sql::change_rule, id, after.name, after.position, after.active,
                                            dump(definition_of(after)), now));
        json detail = json::object();
        const json was = to_json(before), is = to_json(stored);
        for (const auto& [key, value] : is.items())
            if (was[key] != value) detail[key] = json::array({was[key], value});
        if (!detail.empty()) audit::record(t, audit::by(r, "rule.change", format_id("RULE", id), detail));
        announce(t, now);
        return stored;
    };
    const auto changed = co_await pool_.run(std::move(work));
    co_await learn();
    co_return http::response::of(to_json(changed));
}

routes::answer routes::delete_rule(http::request r) {
    const auto id = r.path_id(0, "RULE");
    auto work = [r, id, now = clock_.now()](db::tx& t) {
        const rule was = stored_rule(t, id);
        t.exec(sql::delete_rule, id);
        audit::record(t, audit::by(r, "rule.delete", format_id("RULE", id), to_json(was)));
        announce(t, now);
    };
    co_await pool_.run(std::move(work));
    co_await learn();
    co_return http::response::no_content();
}

routes::answer routes::try_rules(http::request r) {
    trial what{read_fields<try_body>(r.json_body()), clock_.now()};
    if (what.body.at && !what.body.at->value.empty()) {
        const auto at = parse_time(what.body.at->value, "UTC");
        if (!at) throw error::unprocessable("at", "must be a time such as 2026-11-20T10:00:00Z");
        what.at = *at;
    }
    auto work = [what, judges = judges_](db::tx& t) { return try_in(t, what, judges); };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

} // namespace chat_centre::routing
