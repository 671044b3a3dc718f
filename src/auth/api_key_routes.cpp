#include <chat_centre/audit/audit.hpp>
#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/auth/routes.hpp>
#include <chat_centre/auth/sessions.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/page.hpp>

#include "auth/api_key.hpp"
#include "auth/queries.hpp"

#include <algorithm>
#include <limits>

namespace chat_centre::auth {
namespace {

json to_json(const db::row& row) {
    const auto revoked = row.get<std::optional<time_point>>(5);
    return {{"key_id", format_id("KEY", row.get<std::int64_t>(0))},
            {"name", row.text(1)},
            {"hint", row.text(2)},
            {"scopes", parse_json(row.text(3))},
            {"created_at", to_rfc3339(row.get<time_point>(4))},
            {"revoked_at", revoked ? json(to_rfc3339(*revoked)) : json(nullptr)}};
}

std::vector<std::string> wanted_scopes(const new_api_key_body& body) {
    std::vector<std::string> scopes;
    if (!body.scopes) return {"sync"};
    for (const auto& s : *body.scopes)
        if (std::find(scopes.begin(), scopes.end(), s.value) == scopes.end()) scopes.push_back(s.value);
    if (scopes.empty())
        throw error::unprocessable("scopes", "must name at least one: sync, assistant, tools");
    return scopes;
}

} // namespace

boost::asio::awaitable<http::response> api_key_routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        const auto after = page.number("id", std::numeric_limits<std::int64_t>::max());
        for (const auto row : t.many(sql::list_api_keys, after, page.fetch())) items.push_back(to_json(row));
        return items;
    };
    auto items = co_await pool_.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("KEY", last["key_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> api_key_routes::create(http::request r) {
    const auto body = read_fields<new_api_key_body>(r.json_body());
    if (const auto fault = name_fault(body.name.value)) throw error::unprocessable("name", *fault);
    const auto scopes = wanted_scopes(body);
    const auto key = make_api_key();
    const auto now = clock_.now();
    const auto name = body.name.value;
    auto work = [r, name, scopes, key, now](db::tx& t) {
        const auto id = t.scalar<std::int64_t>(sql::add_api_key, name, sha256_hex(key), key_hint(key),
                                               db::array_of(scopes), 0, r.who.staff, now);
        audit::record(
            t, audit::by(r, "api_key.create", format_id("KEY", id), {{"name", name}, {"scopes", scopes}}));
        std::vector<event::entry> events{api_keys_changed(now)};
        event::append(t, events);
        return id;
    };
    const auto id = co_await pool_.run(std::move(work));
    co_await directory_.reload_api_keys();
    const json answer = {
        {"key_id", format_id("KEY", id)}, {"name", name},     {"key", key},
        {"hint", key_hint(key)},          {"scopes", scopes}, {"created_at", to_rfc3339(now)},
        {"revoked_at", nullptr}};
    co_return http::response::of(answer, 201);
}

boost::asio::awaitable<http::response> api_key_routes::revoke(http::request r) {
    const auto id = r.path_id(0, "KEY");
    auto work = [r, id, now = clock_.now()](db::tx& t) {
        const auto revoked = t.maybe(sql::revoke_api_key, id, now);
        if (!revoked) {
            if (!t.maybe(sql::find_api_key, id)) throw error::not_found("There is no such API key.");
            return; // again: it stays as it is
        }
        audit::record(t, audit::by(r, "api_key.revoke", format_id("KEY", id), {{"name", revoked->text(0)}}));
        std::vector<event::entry> events{api_keys_changed(now)};
        event::append(t, events);
    };
    co_await pool_.run(std::move(work));
    co_await directory_.reload_api_keys();
    co_return http::response::no_content();
}

} // namespace chat_centre::auth
