#include <chat_centre/assistant/scenario_routes.hpp>

#include "assistant/scenario_store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>

namespace chat_centre::assistant {
namespace {

json to_json(const scenario& s) {
    return {{"scenario_id", format_id("SCN", s.id)},
            {"slug", s.slug},
            {"name_en", s.name_en},
            {"name_ar", s.name_ar},
            {"prompt", s.prompt},
            {"default_language", s.language},
            {"branding", to_json(s.look)},
            {"intake", s.intake},
            {"thresholds", to_json(s.limits)},
            {"active", s.active}};
}

// The same rule as the table's CHECK.
bool is_slug(std::string_view s) {
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !s.empty() && small(s.front()) && std::all_of(s.begin(), s.end(), [&](char c) {
        return small(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

bool is_colour(std::string_view s) {
    return s.size() == 7 && s.front() == '#' &&
           s.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

template <class T>
void take_text(std::string& out, const std::optional<T>& given) {
    if (given) out = given->value;
}

// What both bodies may carry.
template <class Body>
void fill(scenario& s, const Body& b) {
    take_text(s.prompt, b.prompt);
    take_text(s.language, b.default_language);
    if (b.branding) {
        take_text(s.look.colour, b.branding->colour);
        take_text(s.look.assistant_name, b.branding->assistant_name);
        take_text(s.look.greeting_en, b.branding->greeting_en);
        take_text(s.look.greeting_ar, b.branding->greeting_ar);
    }
    if (b.intake) s.intake = *b.intake;
    if (b.thresholds) s.limits = read_thresholds(*b.thresholds, s.limits);
    if (b.active) s.active = *b.active;
    if (!s.look.colour.empty() && !is_colour(s.look.colour))
        throw error::unprocessable("branding.colour", "must be a colour such as #1d4ed8");
}

// Every process keeps the scenarios in memory: it learns them anew.
void announce_scenarios(db::tx& t, time_point now) {
    event::entry e;
    e.type = "scenario.changed";
    e.at = now;
    e.who = event::audience::internal;
    e.data = "{}";
    std::vector<event::entry> events{std::move(e)};
    event::append(t, events);
}

json difference(const scenario& before, const scenario& after) {
    const json was = to_json(before), is = to_json(after);
    json out = json::object();
    for (const auto& [key, value] : is.items())
        if (was[key] != value) out[key] = json::array({was[key], value});
    return out;
}

} // namespace

scenario_routes::answer scenario_routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) { return list_scenarios(t, page.number("id", 0), page.fetch()); };
    const auto found = co_await pool_.run(std::move(work));
    const std::string used = book_.find("")->slug;
    json items = json::array();
    for (const auto& s : found) {
        items.push_back(to_json(s));
        items.back()["is_default"] = s.slug == used;
    }
    const auto out = http::page_answer(std::move(items), page, [&](const json&) {
        return json{{"id", found[static_cast<std::size_t>(page.limit) - 1].id}};
    });
    co_return http::response::of(out);
}

scenario_routes::answer scenario_routes::get(http::request r) {
    auto work = [slug = std::string(r.path_values.at(0))](db::tx& t) { return find_scenario(t, slug); };
    const auto found = co_await pool_.run(std::move(work));
    if (!found) throw error::not_found("There is no such scenario.");
    json out = to_json(*found);
    out["is_default"] = book_.find("")->slug == found->slug;
    co_return http::response::of(out);
}

scenario_routes::answer scenario_routes::add(http::request r) {
    const auto body = read_fields<scenario_body>(r.json_body());
    if (!is_slug(body.slug.value))
        throw error::unprocessable("slug", "must be 1 to 50 of a-z, 0-9, - and _, and start with a letter");
    scenario given;
    given.slug = body.slug.value;
    given.name_en = body.name_en.value;
    given.name_ar = body.name_ar.value;
    fill(given, body);
    auto work = [r, given, now = clock_.now()](db::tx& t) {
        scenario made = given;
        made.id = add_scenario(t, given, now);
        audit::record(t, audit::by(r, "scenario.create", made.slug, to_json(made)));
        announce_scenarios(t, now);
        return made;
    };
    const auto made = co_await pool_.run(std::move(work));
    auto learn = [this](db::tx& t) { book_.learn(t); };
    co_await pool_.run(std::move(learn));
    json out = to_json(made);
    out["is_default"] = book_.find("")->slug == made.slug;
    co_return http::response::of(out, 201);
}

scenario_routes::answer scenario_routes::change(http::request r) {
    const auto body = read_fields<scenario_change_body>(r.json_body());
    auto work = [r, body, slug = std::string(r.path_values.at(0)), now = clock_.now()](db::tx& t) {
        const auto before = lock_scenario(t, slug);
        if (!before) throw error::not_found("There is no such scenario.");
        scenario after = *before;
        take_text(after.name_en, body.name_en);
        take_text(after.name_ar, body.name_ar);
        fill(after, body);
        if (after == *before) return after;
        change_scenario(t, after, now);
        audit::record(t, audit::by(r, "scenario.change", after.slug, difference(*before, after)));
        announce_scenarios(t, now);
        return after;
    };
    const auto changed = co_await pool_.run(std::move(work));
    auto learn = [this](db::tx& t) { book_.learn(t); };
    co_await pool_.run(std::move(learn));
    json out = to_json(changed);
    out["is_default"] = book_.find("")->slug == changed.slug;
    co_return http::response::of(out);
}

// From memory, because every page that shows the widget asks. Neither prompt nor thresholds.
scenario_routes::answer scenario_routes::look(http::request r) {
    const auto s = book_.exactly(r.path_values.at(0));
    if (!s) throw error::not_found("There is no such scenario.");
    const auto& assistant = s->look.assistant_name;
    co_return http::response::of(
        {{"slug", s->slug},
         {"default_language", s->language},
         {"colour", s->look.colour},
         {"assistant_name", assistant.empty() ? company_.assistant : assistant},
         {"name", {{"en", s->name_en}, {"ar", s->name_ar}}},
         {"greeting", {{"en", greeting(*s, "en", company_.en)}, {"ar", greeting(*s, "ar", company_.ar)}}}});
}

} // namespace chat_centre::assistant
