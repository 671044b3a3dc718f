#include <chat_centre/notify/routes.hpp>

#include "notify/context.hpp"
#include "notify/outbox.hpp"
#include "notify/queries.hpp"
#include "notify/retry.hpp"
#include "notify/route_parts.hpp"
#include "notify/signature.hpp"
#include "notify/webhooks.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>
#include <limits>

namespace chat_centre::notify {
namespace {

json webhook_json(const db::row& r) {
    return {{"webhook_id", format_id("WHK", r.get<std::int64_t>(0))},
            {"url", r.text(1)},
            {"events", json::parse(r.text(2))},
            {"active", r.get<bool>(3)},
            {"failing_since", time_or_null(r, 4)},
            {"disabled_reason", r.text(5)},
            {"former_secret_until", time_or_null(r, 6)},
            {"created_at", to_rfc3339(r.get<time_point>(7))},
            {"updated_at", to_rfc3339(r.get<time_point>(8))},
            {"secret", nullptr}};
}

json find_webhook(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::find_webhook, id);
    if (!row) throw error::not_found("There is no such webhook.");
    return webhook_json(*row);
}

json delivery_json(const db::row& r) {
    return {{"delivery_id", format_id("DLV", r.get<std::int64_t>(0))},
            {"message_id", r.text(1)},
            {"type", r.text(2)},
            {"state", r.text(3)},
            {"created_at", to_rfc3339(r.get<time_point>(7))},
            {"done_at", time_or_null(r, 8)},
            {"next_attempt_at", time_or_null(r, 9)},
            {"attempts", json::parse(r.text(11))},
            {"payload", json::parse(r.text(10), nullptr, false)}};
}

std::vector<std::string> event_names(const std::vector<choice<webhook_event_set>>& events) {
    std::vector<std::string> out;
    for (const auto& e : events)
        if (std::find(out.begin(), out.end(), e.value) == out.end()) out.push_back(e.value);
    if (out.empty()) throw error::unprocessable("events", "must name at least one");
    return out;
}

} // namespace

boost::asio::awaitable<http::response> webhook_routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_webhooks, page.number("id", 0), page.fetch()))
            items.push_back(webhook_json(row));
        return items;
    };
    auto items = co_await c_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("WHK", last["webhook_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> webhook_routes::get(http::request r) {
    auto work = [id = r.path_id(0, "WHK")](db::tx& t) { return find_webhook(t, id); };
    const auto found = co_await c_.pool.run(std::move(work));
    co_return http::response::of(found);
}

boost::asio::awaitable<http::response> webhook_routes::create(http::request r) {
    const auto body = read_fields<new_webhook_body>(r.json_body());
    check_url(c_, body.url.value);
    const auto events = event_names(body.events);
    const std::string secret = new_secret();
    auto work = [r, body, events, sealed = c_.box.seal(secret, webhook_purpose),
                 now = c_.clock.now()](db::tx& t) {
        const auto id = t.scalar<std::int64_t>(sql::add_webhook, body.url.value, db::array_of(events),
                                               body.active.value_or(true), sealed, now);
        audit::record(t, audit::by(r, "webhook.create", format_id("WHK", id),
                                   {{"host", http::host_of(body.url.value)}, {"events", events}}));
        return find_webhook(t, id);
    };
    json made = co_await c_.pool.run(std::move(work));
    made["secret"] = secret;
    co_return http::response::of(made, 201);
}

boost::asio::awaitable<http::response> webhook_routes::change(http::request r) {
    const auto id = r.path_id(0, "WHK");
    const auto body = read_fields<webhook_change_body>(r.json_body());
    if (body.url) check_url(c_, body.url->value);
    std::optional<std::vector<std::string>> events;
    if (body.events) events = event_names(*body.events);
    auto work = [r, id, body, events, now = c_.clock.now()](db::tx& t) {
        const json before = find_webhook(t, id);
        const auto url = body.url ? body.url->value : before["url"].get<std::string>();
        const auto names = events ? *events : before["events"].get<std::vector<std::string>>();
        const bool active = body.active.value_or(before["active"].get<bool>());
        t.exec(sql::change_webhook, id, url, db::array_of(names), active, now);
        audit::record(t, audit::by(r, "webhook.change", format_id("WHK", id),
                                   {{"host", http::host_of(url)}, {"events", names}, {"active", active}}));
        return find_webhook(t, id);
    };
    const auto changed = co_await c_.pool.run(std::move(work));
    co_return http::response::of(changed);
}

boost::asio::awaitable<http::response> webhook_routes::remove(http::request r) {
    auto work = [r, id = r.path_id(0, "WHK")](db::tx& t) {
        if (t.exec(sql::remove_webhook, id) == 0) throw error::not_found("There is no such webhook.");
        audit::record(t, audit::by(r, "webhook.remove", format_id("WHK", id)));
    };
    co_await c_.pool.run(std::move(work));
    co_return http::response::no_content();
}

boost::asio::awaitable<http::response> webhook_routes::rotate(http::request r) {
    const auto id = r.path_id(0, "WHK");
    const std::string secret = new_secret();
    auto work = [r, id, sealed = c_.box.seal(secret, webhook_purpose), now = c_.clock.now()](db::tx& t) {
        if (t.exec(sql::rotate_secret, id, sealed, now + rotation_overlap, now) == 0)
            throw error::not_found("There is no such webhook.");
        audit::record(t, audit::by(r, "webhook.rotate_secret", format_id("WHK", id)));
        return find_webhook(t, id);
    };
    json changed = co_await c_.pool.run(std::move(work));
    changed["secret"] = secret;
    co_return http::response::of(changed);
}

boost::asio::awaitable<http::response> webhook_routes::test(http::request r) {
    auto work = [this, r, id = r.path_id(0, "WHK")](db::tx& t) {
        const json hook = find_webhook(t, id);
        if (!hook["active"].get<bool>())
            throw error::conflict("This webhook is switched off. Switch it on to test it.");
        outgoing o;
        o.kind = "webhook";
        o.webhook = id;
        o.recipient = http::host_of(hook["url"].get<std::string>());
        o.subject = "test";
        o.payload = test_body(c_.clock.now());
        audit::record(t, audit::by(r, "webhook.test", format_id("WHK", id)));
        return put(t, c_, o, c_.clock.now());
    };
    const auto made = co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"outbox_id", format_id("OUT", made)}}, 202);
}

boost::asio::awaitable<http::response> webhook_routes::deliveries(http::request r) {
    const auto page = http::read_page(r);
    const auto state = r.query("state");
    if (state && std::find(delivery_state_set::names.begin(), delivery_state_set::names.end(), *state) ==
                     delivery_state_set::names.end())
        throw error::unprocessable("state", "must be one of waiting, sent, dead, dropped");
    auto work = [page, state, id = r.path_id(0, "WHK")](db::tx& t) {
        find_webhook(t, id);
        json items = json::array();
        const auto before = page.number("id", std::numeric_limits<std::int64_t>::max());
        for (const auto row : t.many(sql::list_deliveries, id, before, state, page.fetch()))
            items.push_back(delivery_json(row));
        return items;
    };
    auto items = co_await c_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("DLV", last["delivery_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> webhook_routes::replay(http::request r) {
    auto work = [r, id = r.path_id(0, "DLV"), now = c_.clock.now()](db::tx& t) {
        const auto o = find_outgoing(t, id);
        if (!o || o->kind != "webhook") throw error::not_found("There is no such delivery.");
        if (!find_webhook(t, o->webhook)["active"].get<bool>())
            throw error::conflict("The webhook is switched off. Switch it on to send this again.");
        send_again(t, id, true, now);
        audit::record(t, audit::by(r, "webhook.replay", format_id("DLV", id)));
    };
    co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"outbox_id", format_id("OUT", r.path_id(0, "DLV"))}}, 202);
}

} // namespace chat_centre::notify
