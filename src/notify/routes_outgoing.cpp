#include <chat_centre/notify/routes.hpp>

#include "notify/context.hpp"
#include "notify/outbox.hpp"
#include "notify/queries.hpp"
#include "notify/route_parts.hpp"
#include "notify/webhooks.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>
#include <limits>

namespace chat_centre::notify {
namespace {

json integration_json(const db::row& r) {
    return {{"integration_id", format_id("INT", r.get<std::int64_t>(0))},
            {"kind", r.text(1)},
            {"name", r.text(2)},
            {"url_host", r.text(3)},
            {"events", json::parse(r.text(4))},
            {"active", r.get<bool>(5)},
            {"created_at", to_rfc3339(r.get<time_point>(6))},
            {"updated_at", to_rfc3339(r.get<time_point>(7))}};
}

json find_integration(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::find_integration, id);
    if (!row) throw error::not_found("There is no such integration.");
    return integration_json(*row);
}

json outbox_json(const db::row& r) {
    return {{"outbox_id", format_id("OUT", r.get<std::int64_t>(0))},
            {"kind", r.text(1)},
            {"message_id", r.text(2)},
            {"recipient", r.text(3)},
            {"subject", r.text(4)},
            {"state", r.text(5)},
            {"attempts", r.get<std::int64_t>(6)},
            {"last_status", r.get<std::int64_t>(7)},
            {"last_error", r.text(8)},
            {"created_at", to_rfc3339(r.get<time_point>(9))},
            {"done_at", time_or_null(r, 10)},
            {"next_attempt_at", time_or_null(r, 11)}};
}

json find_outbox_item(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::list_outbox, std::numeric_limits<std::int64_t>::max(), std::nullopt,
                             std::nullopt, id, 1);
    if (!row) throw error::not_found("There is no such item in the outbox.");
    return outbox_json(*row);
}

template <class List>
std::vector<std::string> unique_texts(const List& list) {
    std::vector<std::string> out;
    for (const auto& entry : list)
        if (std::find(out.begin(), out.end(), entry.value) == out.end()) out.push_back(entry.value);
    if (out.empty()) throw error::unprocessable("events", "must name at least one; \"*\" is everything");
    return out;
}

template <class Set>
std::optional<std::string> one_of(const http::request& r, const char* name) {
    auto given = r.query(name);
    if (!given || given->empty()) return std::nullopt;
    if (std::find(Set::names.begin(), Set::names.end(), *given) == Set::names.end()) {
        std::string all;
        for (const auto n : Set::names) all += (all.empty() ? "" : ", ") + std::string(n);
        throw error::unprocessable(name, "must be one of " + all);
    }
    return given;
}

} // namespace

boost::asio::awaitable<http::response> outgoing_routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto work = [page](db::tx& t) {
        json items = json::array();
        for (const auto row : t.many(sql::list_integrations, page.number("id", 0), page.fetch()))
            items.push_back(integration_json(row));
        return items;
    };
    auto items = co_await c_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("INT", last["integration_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> outgoing_routes::create(http::request r) {
    const auto body = read_fields<new_integration_body>(r.json_body());
    check_url(c_, body.url.value);
    const auto events = unique_texts(body.events);
    auto work = [r, body, events, sealed = c_.box.seal(body.url.value, integration_purpose),
                 now = c_.clock.now()](db::tx& t) {
        const auto id = t.scalar<std::int64_t>(sql::add_integration, body.kind.value, body.name.value, sealed,
                                               http::host_of(body.url.value), db::array_of(events),
                                               body.active.value_or(true), now);
        audit::record(t,
                      audit::by(r, "integration.create", format_id("INT", id),
                                {{"kind", body.kind.value}, {"name", body.name.value}, {"events", events}}));
        return find_integration(t, id);
    };
    const auto made = co_await c_.pool.run(std::move(work));
    co_return http::response::of(made, 201);
}

boost::asio::awaitable<http::response> outgoing_routes::change(http::request r) {
    const auto id = r.path_id(0, "INT");
    const auto body = read_fields<integration_change_body>(r.json_body());
    std::optional<std::string> sealed, host;
    if (body.url) {
        check_url(c_, body.url->value);
        sealed = c_.box.seal(body.url->value, integration_purpose);
        host = http::host_of(body.url->value);
    }
    std::optional<std::vector<std::string>> events;
    if (body.events) events = unique_texts(*body.events);
    auto work = [r, id, body, sealed, host, events, now = c_.clock.now()](db::tx& t) {
        const json before = find_integration(t, id);
        const auto name = body.name ? body.name->value : before["name"].get<std::string>();
        const auto kinds = events ? *events : before["events"].get<std::vector<std::string>>();
        const bool active = body.active.value_or(before["active"].get<bool>());
        t.exec(sql::change_integration, id, name, sealed, host, db::array_of(kinds), active, now);
        audit::record(
            t, audit::by(r, "integration.change", format_id("INT", id),
                         {{"name", name}, {"events", kinds}, {"active", active}, {"url", host.has_value()}}));
        return find_integration(t, id);
    };
    const auto changed = co_await c_.pool.run(std::move(work));
    co_return http::response::of(changed);
}

boost::asio::awaitable<http::response> outgoing_routes::remove(http::request r) {
    auto work = [r, id = r.path_id(0, "INT")](db::tx& t) {
        if (t.exec(sql::remove_integration, id) == 0) throw error::not_found("There is no such integration.");
        audit::record(t, audit::by(r, "integration.remove", format_id("INT", id)));
    };
    co_await c_.pool.run(std::move(work));
    co_return http::response::no_content();
}

boost::asio::awaitable<http::response> outgoing_routes::test(http::request r) {
    auto work = [this, r, id = r.path_id(0, "INT")](db::tx& t) {
        const json to = find_integration(t, id);
        outgoing o;
        o.kind = to["kind"].get<std::string>();
        o.integration = id;
        o.recipient = to["url_host"].get<std::string>();
        o.subject = "test";
        o.payload = o.kind == "slack" ? slack_json(test_notice(), c_.own) : teams_json(test_notice(), c_.own);
        audit::record(t, audit::by(r, "integration.test", format_id("INT", id)));
        return put(t, c_, o, c_.clock.now());
    };
    const auto made = co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"outbox_id", format_id("OUT", made)}}, 202);
}

boost::asio::awaitable<http::response> outgoing_routes::outbox(http::request r) {
    const auto page = http::read_page(r);
    const auto state = one_of<delivery_state_set>(r, "state");
    const auto kind = one_of<outbox_kind_set>(r, "kind");
    auto work = [page, state, kind](db::tx& t) {
        json items = json::array();
        const auto before = page.number("id", std::numeric_limits<std::int64_t>::max());
        for (const auto row : t.many(sql::list_outbox, before, state, kind, 0, page.fetch()))
            items.push_back(outbox_json(row));
        return items;
    };
    auto items = co_await c_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("OUT", last["outbox_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> outgoing_routes::outbox_item(http::request r) {
    auto work = [id = r.path_id(0, "OUT")](db::tx& t) { return find_outbox_item(t, id); };
    const auto found = co_await c_.pool.run(std::move(work));
    co_return http::response::of(found);
}

boost::asio::awaitable<http::response> outgoing_routes::retry(http::request r) {
    auto work = [r, id = r.path_id(0, "OUT"), now = c_.clock.now()](db::tx& t) {
        const auto o = find_outgoing(t, id);
        if (!o) throw error::not_found("There is no such item in the outbox.");
        if (!send_again(t, id, false, now))
            throw error::conflict("Only what was given up can be tried again; this one is " + o->state + ".");
        audit::record(t, audit::by(r, "outbox.retry", format_id("OUT", id)));
        return find_outbox_item(t, id);
    };
    const auto again = co_await c_.pool.run(std::move(work));
    co_return http::response::of(again, 202);
}

boost::asio::awaitable<http::response> outgoing_routes::mail_status(http::request) {
    auto work = [this](db::tx& t) {
        const auto counts = t.one(sql::mail_counts);
        const auto failure = t.maybe(sql::last_mail_failure);
        json out = {{"configured", c_.smtp.configured()},
                    {"server", http::host_of(c_.smtp.url)},
                    {"tls", c_.smtp.configured() && needs_tls(c_.smtp.url)},
                    {"from", c_.from.address},
                    {"waiting", counts.get<std::int64_t>(0)},
                    {"dead", counts.get<std::int64_t>(1)},
                    {"last_sent_at", time_or_null(counts, 2)},
                    {"last_failure_at", nullptr},
                    {"last_error", ""}};
        if (failure) {
            out["last_failure_at"] = time_or_null(*failure, 0);
            out["last_error"] = failure->text(2);
        }
        return out;
    };
    const auto status = co_await c_.pool.run(std::move(work));
    co_return http::response::of(status);
}

boost::asio::awaitable<http::response> outgoing_routes::mail_test(http::request r) {
    const auto body = read_fields<mail_test_body>(r.json_body());
    const auto to = parse_mailbox(body.to.value);
    if (!to) throw error::unprocessable("to", "must be an e-mail address");
    if (!c_.smtp.configured())
        throw error::conflict("No mail server is configured: set SMTP_URL and MAIL_FROM, and start again.");
    auto work = [this, r, to = *to](db::tx& t) {
        const std::string language(t.one(sql::find_preferences, r.who.staff).text(3));
        const letter l = test_mail(c_.own, language);
        outgoing o;
        o.kind = "mail";
        o.recipient = to.address;
        o.subject = l.subject;
        o.payload = dump({{"text", l.text}, {"language", language}, {"name", to.name}});
        audit::record(t, audit::by(r, "mail.test", "", {{"to", to.address}}));
        return put(t, c_, o, c_.clock.now());
    };
    const auto made = co_await c_.pool.run(std::move(work));
    co_return http::response::of({{"outbox_id", format_id("OUT", made)}}, 202);
}

} // namespace chat_centre::notify
