#include <chat_centre/notify/routes.hpp>

#include "notify/centre.hpp"
#include "notify/context.hpp"
#include "notify/preferences.hpp"
#include "notify/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>
#include <limits>

namespace chat_centre::notify {
namespace {

constexpr std::size_t most_kinds = 50;

bool is_kind(std::string_view name) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    };
    return !name.empty() && name.size() <= 50 && std::all_of(name.begin(), name.end(), letter);
}

void read_kinds(const json& given, preferences& p, std::vector<field_error>& bad) {
    for (const auto& [kind, w] : given.items()) {
        const std::string field = "kinds." + kind;
        if (!is_kind(kind)) {
            bad.push_back({field, "is not the name of a kind"});
            continue;
        }
        ways chosen = ways_of(p, kind, "info");
        if (!w.is_object()) {
            bad.push_back(
                {field, "must be an object such as {\"in_app\": true, \"browser\": true, \"mail\": false}"});
            continue;
        }
        for (const auto& [way, on] : w.items()) {
            bool* to = way == "in_app"    ? &chosen.in_app
                       : way == "browser" ? &chosen.browser
                       : way == "mail"    ? &chosen.mail
                                          : nullptr;
            if (to == nullptr)
                bad.push_back({field + "." + way, "is not a known field"});
            else if (!on.is_boolean())
                bad.push_back({field + "." + way, "must be true or false"});
            else
                *to = on.get<bool>();
        }
        p.kinds[kind] = chosen;
    }
    if (p.kinds.size() > most_kinds) bad.push_back({"kinds", "must have at most 50 entries"});
}

json to_json(const context& c, const preferences& p) {
    auto all = default_kinds();
    for (const auto& [kind, w] : p.kinds) all[kind] = w;
    const auto time = [](const std::string& s) { return s.empty() ? json(nullptr) : json(s); };
    return {{"kinds", kinds_to_json(all)},  {"quiet_from", time(p.quiet_from)},
            {"quiet_to", time(p.quiet_to)}, {"chosen", p.chosen},
            {"time_zone", c.time_zone},     {"mail_available", c.smtp.configured()}};
}

preferences find_preferences(db::tx& t, std::int64_t staff) {
    const auto row = t.one(sql::find_preferences, staff);
    auto p = read_preferences(row.text(0), row.get<std::string>(1), row.get<std::string>(2));
    p.chosen = row.get<bool>(4);
    return p;
}

// Other windows of the same person show the same number.
std::int64_t announce_unread(db::tx& t, std::int64_t staff, time_point now) {
    const auto unread = count_unread(t, staff);
    std::vector<event::entry> events{
        personal_event("notification.read", staff, dump({{"unread", unread}}), now)};
    event::append(t, events);
    return unread;
}

std::int64_t notification_number(const std::string& text, const char* field) {
    const auto id = parse_id("NTF", text);
    if (!id) throw error::unprocessable(field, "must be an id such as NTF-12");
    return *id;
}

} // namespace

boost::asio::awaitable<http::response> own_routes::list(http::request r) {
    const auto page = http::read_page(r);
    const auto asked = r.query("unread");
    if (asked && *asked != "true" && *asked != "false")
        throw error::unprocessable("unread", "must be true or false");
    const bool unread_only = asked && *asked == "true";
    auto work = [page, unread_only, staff = r.who.staff](db::tx& t) {
        const bool arabic = reads_arabic(t.one(sql::find_preferences, staff).text(3));
        const auto before = page.number("id", std::numeric_limits<std::int64_t>::max());
        json items = json::array();
        for (const auto row : t.many(sql::list_notifications, staff, before, unread_only, page.fetch()))
            items.push_back(notification_json(row, arabic));
        return std::pair(std::move(items), count_unread(t, staff));
    };
    auto found = co_await c_.pool.run(std::move(work));
    json answer = http::page_answer(std::move(found.first), page, [](const json& last) {
        return json{{"id", parse_id("NTF", last["notification_id"].get<std::string>()).value()}};
    });
    answer["unread"] = found.second;
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> own_routes::read(http::request r) {
    const auto body = read_fields<read_body>(r.json_body());
    if (body.ids && body.up_to) throw error::unprocessable("up_to", "cannot be given together with ids");
    std::vector<std::int64_t> ids;
    if (body.ids)
        for (const auto& id : *body.ids) ids.push_back(notification_number(id.value, "ids"));
    const auto up_to = body.up_to ? notification_number(body.up_to->value, "up_to")
                                  : std::numeric_limits<std::int64_t>::max();
    auto work = [staff = r.who.staff, some = body.ids.has_value(), ids, up_to,
                 now = c_.clock.now()](db::tx& t) {
        const auto changed = some ? t.exec(sql::read_some, staff, db::array_of(ids), now)
                                  : t.exec(sql::read_up_to, staff, up_to, now);
        return changed == 0 ? count_unread(t, staff) : announce_unread(t, staff, now);
    };
    const auto unread = co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"unread", unread}});
}

boost::asio::awaitable<http::response> own_routes::acknowledge(http::request r) {
    auto work = [staff = r.who.staff, id = r.path_id(0, "NTF"), now = c_.clock.now()](db::tx& t) {
        const auto notice = t.maybe(sql::acknowledge, staff, id, now);
        if (!notice) throw error::not_found("There is no such notification of yours.");
        const auto number = notice->get<std::int64_t>(0);
        if (t.exec(sql::settle, number, now, staff) > 0)
            jobs::cancel(t, escalate_job, std::to_string(number));
        return announce_unread(t, staff, now);
    };
    const auto unread = co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"unread", unread}});
}

boost::asio::awaitable<http::response> own_routes::preferences(http::request r) {
    auto work = [staff = r.who.staff](db::tx& t) { return find_preferences(t, staff); };
    const auto p = co_await c_.pool.run(std::move(work));
    co_return http::response::of(to_json(c_, p));
}

boost::asio::awaitable<http::response> own_routes::change_preferences(http::request r) {
    const auto body = read_fields<preferences_body>(r.json_body());
    std::vector<field_error> bad;
    const auto check = [&bad](const char* field, const std::optional<text<0, 5>>& time) {
        if (time && !time->value.empty() && !clock_minutes(time->value))
            bad.push_back({field, "must be a time of day such as 22:00, or empty"});
    };
    check("quiet_from", body.quiet_from);
    check("quiet_to", body.quiet_to);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    auto work = [body, staff = r.who.staff, now = c_.clock.now()](db::tx& t) {
        auto p = find_preferences(t, staff);
        std::vector<field_error> wrong;
        if (body.kinds) read_kinds(*body.kinds, p, wrong);
        if (body.quiet_from) p.quiet_from = body.quiet_from->value;
        if (body.quiet_to) p.quiet_to = body.quiet_to->value;
        if (p.quiet_from.empty() != p.quiet_to.empty())
            wrong.push_back({p.quiet_from.empty() ? "quiet_from" : "quiet_to", "is needed as well"});
        if (!wrong.empty()) throw error::unprocessable(std::move(wrong));
        t.exec(sql::save_preferences, staff, dump(kinds_to_json(p.kinds)), p.quiet_from, p.quiet_to, now);
        p.chosen = true;
        return p;
    };
    const auto p = co_await c_.pool.run(std::move(work));
    co_return http::response::of(to_json(c_, p));
}

} // namespace chat_centre::notify
