// Saved views: filters under a name. What the filters mean is the page's business; here they are an object.

#include <chat_centre/search/routes.hpp>

#include "search/queries.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

namespace chat_centre::search {
namespace {

constexpr std::int64_t most_views = 200; // per person
constexpr std::size_t longest_filters = 4000;

struct view {
    std::int64_t id = 0, owner = 0;
    std::string name, owner_name;
    json filters;
    bool shared = false;
    time_point updated_at{};
};

view view_from(const db::row& r) {
    return {r.get<std::int64_t>(0), r.get<std::int64_t>(4), r.get<std::string>(1), r.get<std::string>(5),
            parse_json(r.text(2)),  r.get<bool>(3),         r.get<time_point>(6)};
}

json to_json(const view& v, const principal& who) {
    return {{"view_id", format_id("VIEW", v.id)},
            {"name", v.name},
            {"filters", v.filters},
            {"shared", v.shared},
            {"mine", v.owner == who.staff},
            {"owner", {{"staff_id", format_id("STF", v.owner)}, {"name", v.owner_name}}},
            {"updated_at", to_rfc3339(v.updated_at)}};
}

view find_view(db::tx& t, const principal& who, std::int64_t id) {
    const auto r = t.maybe(sql::find_view, id, who.staff);
    if (!r) throw error::not_found("There is no such view.");
    return view_from(*r);
}

// One's own; a shared one is everybody's to use and a manager's to change.
view find_to_change(db::tx& t, const principal& who, std::int64_t id) {
    view v = find_view(t, who, id);
    if (v.owner != who.staff && who.role != role::manager && who.role != role::admin)
        throw error::conflict("This view is " + v.owner_name + "'s: save one of your own instead.");
    return v;
}

void check(const json& filters) {
    if (dump(filters).size() > longest_filters) throw error::unprocessable("filters", "are too long");
}

} // namespace

routes::answer routes::views(http::request r) {
    const auto page = http::read_page(r, 200);
    auto work = [who = r.who, page](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_views, who.staff, page.number("id", 0), page.fetch()))
            items.push_back(to_json(view_from(row), who));
        return items;
    };
    auto items = co_await s_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", *parse_id("VIEW", last["view_id"].get<std::string>())}};
    });
    co_return http::response::of(answer);
}

routes::answer routes::add_view(http::request r) {
    auto body = read_fields<new_view_body>(r.json_body());
    check(body.filters);
    auto work = [r, body, now = s_.clock.now()](db::tx& t) {
        if (t.scalar<std::int64_t>(sql::count_views, r.who.staff) >= most_views)
            throw error::conflict("You have 200 views: delete one first.");
        const auto id = t.scalar<std::int64_t>(sql::add_view, r.who.staff, body.name.value,
                                               dump(body.filters), body.shared.value_or(false), now);
        audit::record(t, audit::by(r, "view.create", format_id("VIEW", id), {{"name", body.name.value}}));
        return to_json(find_view(t, r.who, id), r.who);
    };
    const auto made = co_await s_.pool.run(std::move(work));
    co_return http::response::of(made, 201);
}

routes::answer routes::change_view(http::request r) {
    const auto id = r.path_id(0, "VIEW");
    auto body = read_fields<view_change_body>(r.json_body());
    if (body.filters) check(*body.filters);
    auto work = [r, id, body, now = s_.clock.now()](db::tx& t) {
        const view v = find_to_change(t, r.who, id);
        const json filters = body.filters.value_or(v.filters);
        t.exec(sql::change_view, id, body.name ? body.name->value : v.name, dump(filters),
               body.shared.value_or(v.shared), now);
        audit::record(t, audit::by(r, "view.change", format_id("VIEW", id), {{"name", v.name}}));
        return to_json(find_view(t, r.who, id), r.who);
    };
    const auto changed = co_await s_.pool.run(std::move(work));
    co_return http::response::of(changed);
}

routes::answer routes::drop_view(http::request r) {
    const auto id = r.path_id(0, "VIEW");
    auto work = [r, id](db::tx& t) {
        const view v = find_to_change(t, r.who, id);
        t.exec(sql::drop_view, id);
        audit::record(t, audit::by(r, "view.delete", format_id("VIEW", id), {{"name", v.name}}));
    };
    co_await s_.pool.run(std::move(work));
    co_return http::response::no_content();
}

} // namespace chat_centre::search
