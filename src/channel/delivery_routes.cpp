#include <chat_centre/channel/channel_routes.hpp>

#include "channel/queries.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/channel/deliveries.hpp>
#include <chat_centre/http/page.hpp>

#include <algorithm>
#include <limits>

namespace chat_centre::channel {
namespace {

json when_or_null(const db::row& r, int column) {
    return r.is_null(column) ? json(nullptr) : json(to_rfc3339(r.get<time_point>(column)));
}

json delivery_json(const db::row& r) {
    std::string name = r.get<std::string>(13);
    if (name.empty()) name = r.get<std::string>(14);
    return {{"delivery_id", format_id("CDL", r.get<std::int64_t>(0))},
            {"channel", r.text(1)},
            {"conversation_id", format_id("CONV", r.get<std::int64_t>(2))},
            {"seq", r.get<std::int64_t>(3)},
            {"state", r.text(4)},
            {"attempts", r.get<std::int64_t>(5)},
            {"last_status", r.get<std::int64_t>(6)},
            {"last_error", r.text(7)},
            {"created_at", to_rfc3339(r.get<time_point>(8))},
            {"done_at", when_or_null(r, 9)},
            {"next_attempt_at", when_or_null(r, 10)},
            {"message_id", r.text(11)},
            {"message", r.text(12)},
            {"user_name", name}};
}

json find_delivery(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::list_deliveries, std::numeric_limits<std::int64_t>::max(), std::nullopt,
                             std::nullopt, id, 1);
    if (!row) throw error::not_found("There is no such delivery.");
    return delivery_json(*row);
}

} // namespace

boost::asio::awaitable<http::response> delivery_routes::list(http::request r) {
    const auto page = http::read_page(r);
    const auto state = r.query("state");
    const auto channel = r.query("channel");
    constexpr std::array states{"waiting", "sent", "dead", "dropped"};
    if (state && std::find(states.begin(), states.end(), *state) == states.end())
        throw error::unprocessable("state", "must be one of waiting, sent, dead, dropped");
    auto work = [page, state, channel](db::tx& t) {
        json items = json::array();
        const auto before = page.number("id", std::numeric_limits<std::int64_t>::max());
        for (const auto row : t.many(sql::list_deliveries, before, state, channel, 0, page.fetch()))
            items.push_back(delivery_json(row));
        return items;
    };
    auto items = co_await c_.chats.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("CDL", last["delivery_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> delivery_routes::retry(http::request r) {
    auto work = [r, &known = c_.known, id = r.path_id(0, "CDL"), now = c_.chats.clock.now()](db::tx& t) {
        const json before = find_delivery(t, id);
        const auto channel = known.find(before["channel"].get<std::string>());
        if (!channel || !channel->active || channel->send.url.empty())
            throw error::conflict("The channel has no gateway yet. Set it up, then send again.");
        if (!deliver_again(t, id, now))
            throw error::conflict("Only what was given up can be sent again; this one is " +
                                  before["state"].get<std::string>() + ".");
        audit::record(t, audit::by(r, "channel.retry", format_id("CDL", id)));
        return find_delivery(t, id);
    };
    const auto again = co_await c_.chats.pool.run(std::move(work));
    co_return http::response::of(again, 202);
}

boost::asio::awaitable<http::response> delivery_routes::of_conversation(http::request r) {
    auto work = [r, id = r.path_id(0, "CONV")](db::tx& t) {
        conversation::find_visible(t, r.who, id);
        json items = json::array();
        for (const auto row : t.many(sql::conversation_deliveries, id))
            items.push_back({{"seq", row.get<std::int64_t>(0)},
                             {"state", row.text(1)},
                             {"attempts", row.get<std::int64_t>(2)},
                             {"last_status", row.get<std::int64_t>(3)},
                             {"last_error", row.text(4)},
                             {"done_at", when_or_null(row, 5)}});
        return json{{"items", std::move(items)}, {"next_cursor", nullptr}};
    };
    const auto found = co_await c_.chats.pool.run(std::move(work));
    co_return http::response::of(found);
}

} // namespace chat_centre::channel
