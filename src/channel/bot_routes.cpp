#include <chat_centre/channel/bot_routes.hpp>

#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/conversation/staff_actions.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::channel {
namespace {

constexpr const char* switched_off = "The assistant was switched off.";
constexpr const char* switched_on = "The assistant was switched on.";

// A number as somebody wrote it, in every form that a conversation may have it in.
struct asked_number {
    std::string written;
    std::string e164; // "" when it is no number that can be called
    db::array forms;
};

asked_number read_number(const std::string& written, const std::string& default_country) {
    asked_number n{written, {}, {}};
    std::string digits;
    bool only_number = true;
    for (const char ch : written) {
        if (std::isdigit(static_cast<unsigned char>(ch)) != 0)
            digits.push_back(ch);
        else if (std::string_view("+-() ./").find(ch) == std::string_view::npos)
            only_number = false;
    }
    const auto phone = parse_phone(written, default_country);
    if (phone && phone->valid) {
        n.e164 = phone->e164;
        n.forms.add(std::string_view(n.e164)).add(std::string_view(n.e164).substr(1));
    }
    if (only_number && !digits.empty())
        n.forms.add(std::string_view(digits)).add(std::string_view("+" + digits));
    n.forms.add(std::string_view(written)); // what is no number, such as the documents' "test"
    return n;
}

bool sees(db::tx& t, const principal& who, std::int64_t id) {
    if (who.kind != caller::staff) return true; // a key, or the machine's own
    try {
        conversation::find_visible(t, who, id);
        return true;
    } catch (const error&) {
        return false;
    }
}

std::int64_t conversation_of(db::tx& t, const principal& who, const asked_number& n) {
    for (const auto r : t.many(sql::conversations_of_number, n.forms, n.e164))
        if (const auto id = r.get<std::int64_t>(0); sees(t, who, id)) return id;
    throw error::not_found("Nobody has written from the number " + n.written.substr(0, 60) + ".");
}

std::int64_t conversation_named(db::tx& t, const principal& who, std::int64_t id) {
    if (!t.maybe(sql::bot_state, id) || !sees(t, who, id))
        throw error::not_found("There is no such conversation.");
    return id;
}

json state_of(db::tx& t, std::int64_t id, const std::string& number) {
    const auto r = t.one(sql::bot_state, id);
    std::string shown = number;
    if (shown.empty()) shown = r.get<std::string>(4);
    const auto handler = r.get<std::string>(2);
    return {{"phone_number", shown},
            {"bot_enabled", handler == "bot"},
            {"conversation_id", format_id("CONV", r.get<std::int64_t>(0))},
            {"status", r.get<std::string>(1)},
            {"handler", handler},
            {"channel", r.get<std::string>(6)},
            {"handover_requested", r.get<bool>(3)}};
}

// By somebody who answers customers it is a takeover; a program only silences the assistant: nobody is asked for.
void switch_bot(db::tx& t, const http::request& r, std::int64_t id, std::optional<bool> wanted,
                time_point now) {
    const auto c = conversation::lock_for_server(t, id);
    if (!c) throw error::not_found("There is no such conversation.");
    const bool enabled = c->handler == "bot";
    const bool target = wanted.value_or(!enabled);
    if (target == enabled) return;
    std::vector<event::entry> events;
    if (r.who.kind == caller::staff) {
        conversation::act_as_staff(t, r, id, conversation::staff_act::status, target ? "bot" : "active", now,
                                   events);
    } else {
        conversation::switch_assistant(t, r, id, target, target ? switched_on : switched_off, now, events);
    }
    if (!events.empty()) event::append(t, events);
}

std::optional<bool> wanted_state(const http::request& r) {
    if (r.body.empty()) return std::nullopt;
    const auto body = read_fields<bot_switch_body>(r.json_body());
    return body.enabled ? body.enabled : body.bot_enabled;
}

void check_reader(const http::request& r, const context& c) {
    if (r.who.may(permission::bot_switch) ||
        (r.who.kind == caller::nobody && from_this_machine(r, c.private_server)))
        return;
    throw error::unauthorized("Send a sync key, or sign in as somebody who answers customers.");
}

} // namespace

boost::asio::awaitable<http::response> bot_routes::status(http::request r) {
    check_reader(r, c_);
    auto work = [r, number = read_number(r.path_values.at(0), c_.default_country)](db::tx& t) {
        const auto id = conversation_of(t, r.who, number);
        return state_of(t, id, number.e164.empty() ? number.written : number.e164);
    };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(work)));
}

boost::asio::awaitable<http::response> bot_routes::toggle(http::request r) {
    const auto wanted = wanted_state(r);
    auto find = [r, number = read_number(r.path_values.at(0), c_.default_country), wanted,
                 now = c_.chats.clock.now()](db::tx& t) {
        const auto id = conversation_of(t, r.who, number);
        switch_bot(t, r, id, wanted, now);
        return std::pair{id, number.e164.empty() ? number.written : number.e164};
    };
    const auto done = co_await c_.chats.pool.run(std::move(find));
    auto look = [done](db::tx& t) { return state_of(t, done.first, done.second); };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(look)));
}

boost::asio::awaitable<http::response> bot_routes::conversation_status(http::request r) {
    auto work = [r, id = r.path_id(0, "CONV")](db::tx& t) {
        return state_of(t, conversation_named(t, r.who, id), {});
    };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(work)));
}

boost::asio::awaitable<http::response> bot_routes::conversation_toggle(http::request r) {
    const auto id = r.path_id(0, "CONV");
    const auto wanted = wanted_state(r);
    auto change = [r, id, wanted, now = c_.chats.clock.now()](db::tx& t) {
        switch_bot(t, r, conversation_named(t, r.who, id), wanted, now);
    };
    co_await c_.chats.pool.run(std::move(change));
    auto look = [id](db::tx& t) { return state_of(t, id, {}); };
    co_return http::response::of(co_await c_.chats.pool.run(std::move(look)));
}

} // namespace chat_centre::channel
