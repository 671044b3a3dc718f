#pragma once
// Where other systems post what customers say: WhatsApp's gateway (document 003 line 64), and channels that an admin has
// described.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/channel/context.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

struct whatsapp_body {
    text<1, 100> event; // "messages.upsert"; others are answered and ignored
    json data; // {"messages":[{key:{remoteJid,fromMe,id},message:{conversation},pushName,messageTimestamp}]}
};
BOOST_DESCRIBE_STRUCT(whatsapp_body, (), (event, data))

struct taken_message {
    std::string message_id, conversation_id;
    std::int64_t seq = 0;
    std::string status, handler;
    bool duplicate = false;
};
BOOST_DESCRIBE_STRUCT(taken_message, (), (message_id, conversation_id, seq, status, handler, duplicate))

struct taken_answer {
    bool success = true;
    std::int64_t received = 0, stored = 0, duplicates = 0, ignored = 0, refused = 0;
    std::vector<taken_message> messages;
};
BOOST_DESCRIBE_STRUCT(taken_answer, (), (success, received, stored, duplicates, ignored, refused, messages))

class incoming_routes {
public:
    explicit incoming_routes(context& c) : c_(c) {}

    boost::asio::awaitable<http::response> whatsapp(http::request r);
    boost::asio::awaitable<http::response> receive(http::request r); // {name}

    static constexpr auto table() {
        using http::rate;
        using http::verb;
        using self = incoming_routes;
        constexpr auto many = [](http::shape s) {
            // The usual limit for each address: a guess at the secret costs, and a gateway is let through.
            s.body_limit = 1024 * 1024;
            return s;
        };
        constexpr auto whatsapp_io = many(http::described(
            http::takes<whatsapp_body, taken_answer>(),
            "Needs the channel's token (header `apikey`, `Authorization: Bearer`, or `?token=`) or "
            "a sync key. A server that only this machine can reach takes it without."));
        constexpr auto any_io = many(http::described(
            http::answers<taken_answer>(),
            "The body is any JSON, or a form, read by the channel's mapping. Needs the channel's secret "
            "(its header, `Authorization: Bearer`, or `?token=`)."));
        return std::to_array<http::row<self>>({
            {verb::post, "/webhook", permission::open, &self::whatsapp, "receiveWhatsApp",
             "Messages from WhatsApp, as its gateway posts them", whatsapp_io},
            {verb::post, "/channels/{name}", permission::open, &self::receive, "receiveFromChannel",
             "Messages from a channel that was set up", any_io},
        });
    }

private:
    context& c_;
};

// application/x-www-form-urlencoded as a JSON object of texts. Throws 400.
json form_to_json(std::string_view body);

} // namespace chat_centre::channel
