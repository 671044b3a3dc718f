#include <chat_centre/channel/context.hpp>

#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/network.hpp>
#include <chat_centre/base/phone.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::channel {
namespace {

constexpr std::chrono::hours echo_span{24};
// Staff read it; staff_text.cpp has the Arabic.
constexpr const char* answered_elsewhere = "A colleague answered on the phone.";

std::string_view bearer(std::string_view header) {
    constexpr std::string_view scheme = "bearer ";
    if (header.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i)
        if ((static_cast<unsigned char>(header[i]) | 0x20U) != static_cast<unsigned char>(scheme[i]) &&
            scheme[i] != ' ')
            return {};
    return trimmed(header.substr(scheme.size()));
}

bool is_local_name(std::string_view host) {
    const auto port = host.rfind(':');
    if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos)
        host = host.substr(0, port);
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

// Which of them this server has sent itself; and whoever writes from a known number is that contact from now on.
std::vector<bool> look_before(db::tx& t, const definition& d, const std::vector<heard>& all,
                              const std::string& default_country, time_point now) {
    std::vector<bool> echoes;
    for (const auto& s : all) {
        const bool echo =
            s.by_us && t.scalar<bool>(sql::sent_by_us, s.id, d.name, s.user_id, s.text, now - echo_span);
        echoes.push_back(echo);
        if (s.by_us) continue;
        const auto phone = parse_phone(s.phone, default_country);
        if (phone && phone->valid)
            t.exec(sql::join_known_contact, d.name, s.user_id, phone->e164, d.kind == "whatsapp");
    }
    return echoes;
}

// Somebody of ours speaks with the customer elsewhere: the assistant does not speak in between.
boost::asio::awaitable<void> silence_assistant(context& c, std::int64_t conversation) {
    auto work = [conversation, now = c.chats.clock.now()](db::tx& t) {
        std::vector<event::entry> events;
        if (conversation::silence_by_server(t, conversation, answered_elsewhere, now, events))
            event::append(t, events);
    };
    co_await c.chats.pool.run(std::move(work));
}

void judge(const conversation::surroundings& s, conversation::incoming& m) {
    if (m.role != conversation::speaker::user) return;
    if (s.screen) m.handover = s.screen(m.text, m.role);
    if (s.concerns_rules) m.concerns_rules = s.concerns_rules(m.text, m.channel);
}

json told_of(const conversation::receipt& r) {
    return {{"message_id", r.message.message_id},
            {"conversation_id", format_id("CONV", r.message.conversation)},
            {"seq", r.message.seq},
            {"status", r.status},
            {"handler", r.handler},
            {"duplicate", r.duplicate}};
}

} // namespace

bool proves(const http::request& r, const definition& d) {
    if (d.secret.empty()) return false;
    const auto fits = [&d](std::string_view given) {
        return !given.empty() && equal_constant_time(given, d.secret);
    };
    std::string name = d.secret_header;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
    return fits(r.header(name)) || fits(bearer(r.header("authorization"))) || fits(r.header("apikey")) ||
           fits(r.query("token").value_or(""));
}

bool from_this_machine(const http::request& r, bool private_server) {
    if (!private_server) return false;
    const auto peer = parse_address(r.remote_address);
    if (!peer || !is_loopback(*peer) || !is_local_name(r.header("host"))) return false;
    for (const char* name :
         {"origin", "sec-fetch-site", "forwarded", "via", "x-forwarded-for", "x-forwarded-host",
          "x-forwarded-proto", "x-real-ip", "cf-connecting-ip", "true-client-ip"})
        if (!r.header(name).empty()) return false;
    return true;
}

boost::asio::awaitable<taken> take_in(context& c, definition d, std::vector<heard> messages) {
    taken out;
    if (messages.empty()) co_return out;
    auto look = [d, messages, country = c.default_country, now = c.chats.clock.now()](db::tx& t) {
        return look_before(t, d, messages, country, now);
    };
    const auto echoes = co_await c.chats.pool.run(std::move(look));
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (echoes[i]) {
            ++out.ignored;
            continue;
        }
        for (auto& piece : to_incoming(messages[i], d.name, d.scenario, c.default_country)) {
            judge(c.chats, piece);
            const bool by_us = messages[i].by_us;
            std::optional<conversation::receipt> got;
            try {
                got = co_await c.chats.lane.append(std::move(piece));
            } catch (const error& e) {
                if (e.status() >= 500) throw;
                spdlog::warn("channel {}: a message was refused: {}", d.name, e.detail());
            }
            if (!got) {
                ++out.refused;
                continue;
            }
            got->duplicate ? ++out.duplicates : ++out.stored;
            out.messages.push_back(told_of(*got));
            if (by_us && !got->duplicate && got->handler == "bot")
                co_await silence_assistant(c, got->message.conversation);
        }
    }
    co_return out;
}

} // namespace chat_centre::channel
