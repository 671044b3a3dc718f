#include <chat_centre/audit/audit.hpp>
#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/page.hpp>
#include <chat_centre/staff/routes.hpp>

#include "staff/slug.hpp"
#include "staff/store.hpp"

namespace chat_centre::staff {
namespace {

json to_json(const department& d) {
    return {{"slug", d.slug}, {"name_en", d.name_en}, {"name_ar", d.name_ar}, {"is_default", d.is_default}};
}

// Other processes and features keep department names in memory.
void announce(db::tx& t, const department& d, time_point now) {
    event::entry e;
    e.type = "department.changed";
    e.at = now;
    e.who = event::audience::internal;
    e.data = dump({{"department_id", d.id}, {"slug", d.slug}});
    std::vector<event::entry> events{std::move(e)};
    event::append(t, events);
}

void check_names(std::vector<field_error> bad, const std::optional<name_text>& en,
                 const std::optional<name_text>& ar) {
    const auto check = [&bad](const char* field, const std::optional<name_text>& name) {
        if (!name) return;
        if (const auto fault = auth::name_fault(name->value)) bad.push_back({field, *fault});
    };
    check("name_en", en);
    check("name_ar", ar);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

std::optional<std::string> text_of(const std::optional<name_text>& name) {
    return name ? std::optional(name->value) : std::nullopt;
}

} // namespace

boost::asio::awaitable<http::response> department_routes::list(http::request r) {
    const auto page = http::read_page(r, 200);
    auto work = [page](db::tx& t) { return list_departments(t, page.number("id", 0), page.fetch()); };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& d : found) items.push_back(to_json(d));
    const auto answer = http::page_answer(std::move(items), page, [&](const json&) {
        return json{{"id", found[static_cast<std::size_t>(page.limit) - 1].id}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> department_routes::create(http::request r) {
    const auto body = read_fields<new_department_body>(r.json_body());
    std::vector<field_error> bad;
    if (const auto fault = slug_fault(body.slug.value)) bad.push_back({"slug", *fault});
    check_names(std::move(bad), body.name_en, body.name_ar);
    auto work = [r, body, now = clock_.now()](db::tx& t) {
        const auto d =
            add_department(t, {0, body.slug.value, body.name_en.value, body.name_ar.value, false}, now);
        audit::record(
            t, audit::by(r, "department.create", d.slug, {{"name_en", d.name_en}, {"name_ar", d.name_ar}}));
        announce(t, d, now);
        return d;
    };
    const auto made = co_await pool_.run(std::move(work));
    co_return http::response::of(to_json(made), 201);
}

boost::asio::awaitable<http::response> department_routes::change(http::request r) {
    const std::string slug(r.path_values.at(0));
    const auto body = read_fields<department_change_body>(r.json_body());
    check_names({}, body.name_en, body.name_ar);
    auto work = [r, slug, body, now = clock_.now()](db::tx& t) {
        const auto before = department_by_slug(t, slug);
        const auto d = change_department(t, slug, text_of(body.name_en), text_of(body.name_ar));
        if (!before || !d) throw error::not_found("There is no such department.");
        if (before->name_en == d->name_en && before->name_ar == d->name_ar) return *d;
        audit::record(t, audit::by(r, "department.change", d->slug,
                                   {{"name_en", {before->name_en, d->name_en}},
                                    {"name_ar", {before->name_ar, d->name_ar}}}));
        announce(t, *d, now);
        return *d;
    };
    const auto changed = co_await pool_.run(std::move(work));
    co_return http::response::of(to_json(changed));
}

} // namespace chat_centre::staff
