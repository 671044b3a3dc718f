#include <chat_centre/channel/widget.hpp>

#include "channel/socket_address.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

namespace chat_centre::channel {
namespace {

using conversation::incoming;
using conversation::speaker;

} // namespace

boost::asio::awaitable<http::response> widget_routes::start(http::request r) {
    const auto b = r.body.empty() ? start_body{} : read_fields<start_body>(r.json_body());
    incoming m;
    m.channel = "widget";
    m.user_id = "web_" + random_id(16);
    m.start_new = true;
    m.user_name = or_empty(b.name);
    m.user_email = or_empty(b.email);
    m.user_phone = or_empty(b.phone);
    m.scenario = or_empty(b.scenario);
    m.language = or_empty(b.language);
    m.message_id = "MSG-" + random_id(20);
    if (b.message) {
        m.role = speaker::user;
        m.sender = m.user_name.empty() ? "user" : m.user_name;
        m.text = b.message->value;
        if (m.language.empty())
            if (const auto language = detect_language(m.text); language != "mixed") m.language = language;
        if (s_.screen) m.handover = s_.screen(m.text, m.role);
        if (s_.concerns_rules) m.concerns_rules = s_.concerns_rules(m.text, m.channel);
    } else {
        m.role = speaker::ai;
        m.own_assistant = true;
        auto first = settings_.greeting(m.language, m.scenario);
        m.sender = std::move(first.sender);
        m.text = std::move(first.text);
    }
    m.body_hash = hash64(r.body);
    // A start whose answer was lost can be asked again: the same key finds the same conversation.
    if (const auto key = r.header("idempotency-key"); !key.empty())
        m.idempotency_key = sha256_base64url("start\x1f" + std::string(key.substr(0, 200)));
    const conversation::receipt got = co_await s_.lane.append(std::move(m));

    const std::int64_t id = got.message.conversation;
    json out = {{"conversation_id", format_id("CONV", id)},
                {"token", settings_.make_token(id)},
                {"ws_url", socket_address(r, settings_.public_url, "/ws/" + format_id("CONV", id))},
                {"status", got.status},
                {"messages", json::array({json::parse(to_json(got.message))})}};
    co_return http::response::of(out, 201);
}

} // namespace chat_centre::channel
