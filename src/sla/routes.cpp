#include <chat_centre/sla/routes.hpp>

#include "sla/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>

namespace chat_centre::sla {
namespace {

template <class Text>
std::string plain(const std::optional<Text>& v) {
    return v ? v->value : std::string{};
}

std::int64_t department_named(db::tx& t, const std::string& slug) {
    if (slug.empty()) return 0;
    const auto d = staff::department_by_slug(t, slug);
    if (!d) throw error::unprocessable("department", "there is no department of this name");
    return d->id;
}

std::optional<std::string> text_or_null(const std::string& s) {
    return s.empty() ? std::nullopt : std::optional(s);
}

void check(const policy& p) {
    if (p.resolution_minutes < p.first_response_minutes)
        throw error::unprocessable("resolution_minutes",
                                   "must not be shorter than the time to the first answer");
    constexpr auto names = conversation::priorities::names;
    if (p.priority && std::find(names.begin(), names.end(), *p.priority) == names.end())
        throw error::unprocessable("priority", "must be one of emergency, high, normal, low");
}

policy from_body(db::tx& t, const new_policy_body& b) {
    policy p;
    p.name = b.name.value;
    p.department = department_named(t, plain(b.department));
    p.category = text_or_null(plain(b.category));
    if (b.priority) p.priority = b.priority->value;
    p.first_response_minutes = static_cast<int>(b.first_response_minutes.value);
    p.resolution_minutes = static_cast<int>(b.resolution_minutes.value);
    if (b.reminder_minutes) p.reminder_minutes = static_cast<int>(b.reminder_minutes->value);
    p.business_hours = b.business_hours.value_or(true);
    p.active = b.active.value_or(true);
    check(p);
    return p;
}

policy changed(db::tx& t, policy p, const policy_change_body& b) {
    if (b.name) p.name = b.name->value;
    if (b.department) p.department = department_named(t, b.department->value);
    if (b.category) p.category = text_or_null(b.category->value);
    if (b.priority) p.priority = text_or_null(b.priority->value);
    if (b.first_response_minutes)
        p.first_response_minutes = static_cast<int>(b.first_response_minutes->value);
    if (b.resolution_minutes) p.resolution_minutes = static_cast<int>(b.resolution_minutes->value);
    if (b.reminder_minutes) p.reminder_minutes = static_cast<int>(b.reminder_minutes->value);
    if (b.business_hours) p.business_hours = *b.business_hours;
    if (b.active) p.active = *b.active;
    check(p);
    return p;
}

stored_policy existing(db::tx& t, std::int64_t id) {
    auto p = lock_policy(t, id);
    if (!p) throw error::not_found("There is no such service level.");
    return std::move(*p);
}

} // namespace

routes::answer routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        for (const auto& p : list_policies(t, page.number("id", 0), page.fetch()))
            items.push_back(to_json(p));
        return items;
    };
    auto items = co_await pool_.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("SLA", last["sla_policy_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

routes::answer routes::show(http::request r) {
    auto work = [id = r.path_id(0, "SLA")](db::tx& t) { return to_json(existing(t, id)); };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::create(http::request r) {
    const auto body = read_fields<new_policy_body>(r.json_body());
    auto work = [r, body, now = clock_.now()](db::tx& t) {
        const auto id = add_policy(t, from_body(t, body), now);
        json after = to_json(existing(t, id));
        audit::record(t, audit::by(r, "sla_policy.create", format_id("SLA", id), after));
        recount_soon(t, now);
        return after;
    };
    co_return http::response::of(co_await pool_.run(std::move(work)), 201);
}

routes::answer routes::change(http::request r) {
    const auto body = read_fields<policy_change_body>(r.json_body());
    auto work = [r, body, id = r.path_id(0, "SLA"), now = clock_.now()](db::tx& t) {
        const stored_policy before = existing(t, id);
        save_policy(t, changed(t, static_cast<const policy&>(before), body), now);
        json after = to_json(existing(t, id));
        audit::record(t, audit::by(r, "sla_policy.change", format_id("SLA", id),
                                   {{"before", to_json(before)}, {"after", after}}));
        recount_soon(t, now);
        return after;
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

routes::answer routes::remove(http::request r) {
    auto work = [r, id = r.path_id(0, "SLA"), now = clock_.now()](db::tx& t) {
        const stored_policy before = existing(t, id);
        remove_policy(t, id);
        audit::record(t, audit::by(r, "sla_policy.remove", format_id("SLA", id), {{"name", before.name}}));
        recount_soon(t, now);
    };
    co_await pool_.run(std::move(work));
    co_return http::response::no_content();
}

} // namespace chat_centre::sla
