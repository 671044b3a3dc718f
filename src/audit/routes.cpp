#include <chat_centre/audit/routes.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include "audit/queries.hpp"

#include <limits>

namespace chat_centre::audit {
namespace {

struct filter {
    std::optional<std::string> action, target, actor_kind;
    std::optional<std::int64_t> actor_id;
    std::optional<time_point> from, to;
};

struct kind {
    std::string_view prefix;
    std::string_view name;
};
constexpr std::array<kind, 3> kinds{{{"STF", "staff"}, {"CONV", "customer"}, {"KEY", "api_key"}}};

void read_actor(std::string_view text, filter& out) {
    if (text == "system") {
        out.actor_kind = "system";
        return;
    }
    for (const auto& k : kinds)
        if (const auto id = parse_id(k.prefix, text)) {
            out.actor_kind = std::string(k.name);
            out.actor_id = id;
            return;
        }
    throw error::unprocessable("actor", "must be system or an id such as STF-3, KEY-1 or CONV-12");
}

std::optional<time_point> read_moment(const http::request& r, std::string_view name) {
    const auto text = r.query(name);
    if (!text || text->empty()) return std::nullopt;
    const auto at = parse_time(*text, "UTC");
    if (!at) throw error::unprocessable(std::string(name), "must be a time such as 2026-11-20T10:00:00Z");
    return at;
}

std::optional<std::string> given(std::optional<std::string> text) {
    return text && !text->empty() ? text : std::nullopt;
}

filter read_filter(const http::request& r) {
    filter f;
    f.action = given(r.query("action"));
    f.target = given(r.query("target"));
    if (const auto actor = given(r.query("actor"))) read_actor(*actor, f);
    f.from = read_moment(r, "from");
    f.to = read_moment(r, "to");
    return f;
}

std::string actor_text(std::string_view name, std::optional<std::int64_t> id) {
    for (const auto& k : kinds)
        if (k.name == name && id) return format_id(k.prefix, *id);
    return std::string(name);
}

json to_json(const db::row& row) {
    return {{"audit_id", row.get<std::int64_t>(0)},
            {"at", to_rfc3339(row.get<time_point>(1))},
            {"actor", actor_text(row.text(2), row.get<std::optional<std::int64_t>>(3))},
            {"actor_name", row.text(4)},
            {"action", row.text(5)},
            {"target", row.text(6)},
            {"detail", parse_json(row.text(7))},
            {"address", row.text(8)},
            {"request_id", row.text(9)},
            {"hash", row.is_null(10) ? json(nullptr) : json(row.text(10))}};
}

} // namespace

boost::asio::awaitable<http::response> routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto wanted = read_filter(r);
    auto work = [page, f = std::move(wanted)](db::tx& t) {
        json items = json::array();
        const auto rows = t.many(sql::list, page.number("id", std::numeric_limits<std::int64_t>::max()),
                                 f.action, f.target, f.actor_kind, f.actor_id, f.from, f.to, page.fetch());
        for (const auto row : rows) items.push_back(to_json(row));
        return items;
    };
    auto items = co_await pool_.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page,
                                          [](const json& last) { return json{{"id", last["audit_id"]}}; });
    co_return http::response::of(answer);
}

} // namespace chat_centre::audit
