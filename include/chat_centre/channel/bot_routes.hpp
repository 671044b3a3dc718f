#pragma once
// The bot switch: whether our assistant has the turn in a conversation, by telephone number as document 003 has it (lines
// 65-66), or by conversation. Switching is the conversation's own takeover and hand back.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/channel/context.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>

namespace chat_centre::channel {

struct bot_switch_body {
    std::optional<bool> enabled;     // absent: the other way round
    std::optional<bool> bot_enabled; // the same by the name that the status gives it
};
BOOST_DESCRIBE_STRUCT(bot_switch_body, (), (enabled, bot_enabled))

struct bot_state_view {
    std::string phone_number;
    bool bot_enabled = true;
    std::string conversation_id, status, handler, channel;
    bool handover_requested = false;
};
BOOST_DESCRIBE_STRUCT(bot_state_view, (),
                      (phone_number, bot_enabled, conversation_id, status, handler, channel,
                       handover_requested))

class bot_routes {
public:
    explicit bot_routes(context& c) : c_(c) {}

    boost::asio::awaitable<http::response> status(http::request r);              // {phone}
    boost::asio::awaitable<http::response> toggle(http::request r);              // {phone}
    boost::asio::awaitable<http::response> conversation_status(http::request r); // {id}
    boost::asio::awaitable<http::response> conversation_toggle(http::request r); // {id}

    static constexpr auto table() {
        using http::verb;
        using self = bot_routes;
        constexpr auto read = http::limited(
            http::described(
                http::answers<bot_state_view>(),
                "Needs a sync key or a member of staff who answers customers. A server that only this "
                "machine can reach takes it without."),
            http::rate::api);
        constexpr auto change = http::takes<bot_switch_body, bot_state_view>();
        constexpr auto who = permission::bot_switch;
        return std::to_array<http::row<self>>({
            {verb::get, "/api/bot/status/{phone}", permission::open, &self::status, "getBotStatus",
             "Whether the assistant answers this telephone number", read},
            {verb::get, "/api/v1/bot/status/{phone}", permission::open, &self::status, "getBotStatusV1",
             "The same under the canonical prefix", read},
            {verb::post, "/api/bot/toggle/{phone}", who, &self::toggle, "toggleBot",
             "Switch the assistant on or off for this telephone number", change},
            {verb::post, "/api/v1/bot/toggle/{phone}", who, &self::toggle, "toggleBotV1",
             "The same under the canonical prefix", change},
            {verb::get, "/api/v1/conversations/{id}/bot", who, &self::conversation_status, "getConversationBot",
             "Whether the assistant answers in this conversation", http::answers<bot_state_view>()},
            {verb::post, "/api/v1/conversations/{id}/bot", who, &self::conversation_toggle,
             "setConversationBot", "Switch the assistant on or off in this conversation", change},
        });
    }

private:
    context& c_;
};

} // namespace chat_centre::channel
