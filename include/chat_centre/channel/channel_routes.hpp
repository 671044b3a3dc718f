#pragma once
// The list of channels for everybody on our side, and for admins how those that can be set up are set up.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/channel/context.hpp>
#include <chat_centre/http/router.hpp>

#include <boost/asio/thread_pool.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

struct send_format_set {
    static constexpr std::array<std::string_view, 2> names{"json", "form"};
};

struct send_body_fields {
    std::optional<text<1, 2000>> url;  // absent: as it is
    std::optional<json> headers;       // name -> value; absent: as they are
    std::optional<text<0, 8000>> body; // template; "" or absent: {"number":"{{number}}","text":"{{text}}"}
    std::optional<choice<send_format_set>> format;
};
BOOST_DESCRIBE_STRUCT(send_body_fields, (), (url, headers, body, format))

struct new_channel_body {
    text<2, 40> name; // letters, digits and hyphens: conversations carry it, and the path ends with it
    text<1, 60> name_en, name_ar;
    std::optional<text<0, 60>> scenario;
    std::optional<text<1, 60>> secret_header;
    std::optional<bool> active;
    json mapping;
    std::optional<send_body_fields> send;
};
BOOST_DESCRIBE_STRUCT(new_channel_body, (),
                      (name, name_en, name_ar, scenario, secret_header, active, mapping, send))

struct channel_change_body {
    std::optional<text<1, 60>> name_en, name_ar;
    std::optional<text<0, 60>> scenario;
    std::optional<text<1, 60>> secret_header;
    std::optional<bool> active;
    std::optional<json> mapping;
    std::optional<send_body_fields> send;
    std::optional<bool> stop_sending; // true: replies stay here from now on
};
BOOST_DESCRIBE_STRUCT(channel_change_body, (),
                      (name_en, name_ar, scenario, secret_header, active, mapping, send, stop_sending))

struct channel_secret_body {
    std::optional<text<8, 200>> secret; // absent: a new one is made
};
BOOST_DESCRIBE_STRUCT(channel_secret_body, (), (secret))

struct channel_preview_body {
    json mapping;
    json sample;
};
BOOST_DESCRIBE_STRUCT(channel_preview_body, (), (mapping, sample))

struct channel_test_body {
    chat_centre::text<1, 200> to;
    std::optional<chat_centre::text<1, 1000>> text;
};
BOOST_DESCRIBE_STRUCT(channel_test_body, (), (to, text))

struct channel_view {
    std::string name, kind; // built_in, whatsapp, json
    std::string name_en, name_ar, icon, replies;
    bool own_assistant = true, active = true, sends = false;
};
BOOST_DESCRIBE_STRUCT(channel_view, (),
                      (name, kind, name_en, name_ar, icon, replies, own_assistant, active, sends))
struct channel_page {
    std::vector<channel_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(channel_page, (), (items, next_cursor))

struct send_view {
    std::string host;
    std::vector<std::string> header_names;
    std::string body, format;
};
BOOST_DESCRIBE_STRUCT(send_view, (), (host, header_names, body, format))
struct channel_detail {
    std::string name, kind, name_en, name_ar, icon, replies;
    bool own_assistant = true, active = true, sends = false;
    std::string scenario, path, secret_header;
    bool has_secret = false, from_environment = false, unreadable = false;
    std::optional<json> mapping;
    std::optional<send_view> send;
    std::optional<std::string> secret; // once, when it is made
    time_point created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(channel_detail, (),
                      (name, kind, name_en, name_ar, icon, replies, own_assistant, active, sends, scenario,
                       path, secret_header, has_secret, from_environment, unreadable, mapping, send, secret,
                       created_at, updated_at))

struct preview_message {
    std::string user_id, text, message_id, name, phone, email, session;
    std::optional<time_point> at;
};
BOOST_DESCRIBE_STRUCT(preview_message, (), (user_id, text, message_id, name, phone, email, session, at))
struct preview_fault {
    std::string field, message;
};
BOOST_DESCRIBE_STRUCT(preview_fault, (), (field, message))
struct channel_preview {
    std::vector<preview_message> messages;
    std::vector<preview_fault> missing;
    std::int64_t ignored = 0;
};
BOOST_DESCRIBE_STRUCT(channel_preview, (), (messages, missing, ignored))

struct channel_test_view {
    bool delivered = false;
    std::int64_t status = 0;
    std::string error, external_id;
};
BOOST_DESCRIBE_STRUCT(channel_test_view, (), (delivered, status, error, external_id))

class channel_routes {
public:
    explicit channel_routes(context& c) : c_(c), hands_(std::make_unique<boost::asio::thread_pool>(1)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer create(http::request r);
    answer preview(http::request r);
    answer show(http::request r);
    answer change(http::request r);
    answer remove(http::request r);
    answer renew_secret(http::request r);
    answer test(http::request r);

    static constexpr auto table() {
        using http::takes;
        using http::verb;
        using self = channel_routes;
        constexpr auto who = permission::webhook_write;
        return std::to_array<http::row<self>>({
            {verb::get, "/api/v1/channels", permission::signed_in, &self::list, "listChannels",
             "The ways in, and whose assistant speaks there", http::answers<channel_page>()},
            {verb::post, "/api/v1/channels", who, &self::create, "createChannel",
             "Set up a channel for a system that posts JSON", takes<new_channel_body, channel_detail>(201)},
            {verb::post, "/api/v1/channels/preview", who, &self::preview, "previewChannel",
             "What a mapping reads out of a sample", takes<channel_preview_body, channel_preview>()},
            {verb::get, "/api/v1/channels/{name}", who, &self::show, "getChannel", "How a channel is set up",
             http::answers<channel_detail>()},
            {verb::patch, "/api/v1/channels/{name}", who, &self::change, "changeChannel",
             "Change a channel, or switch it on or off", takes<channel_change_body, channel_detail>()},
            {verb::del, "/api/v1/channels/{name}", who, &self::remove, "removeChannel", "Remove a channel",
             http::answers<no_body>(204)},
            {verb::post, "/api/v1/channels/{name}/secret", who, &self::renew_secret, "renewChannelSecret",
             "A new secret for a channel; the one before ends at once",
             takes<channel_secret_body, channel_detail>()},
            {verb::post, "/api/v1/channels/{name}/test", who, &self::test, "testChannel",
             "Post a test message to the channel's send address now",
             takes<channel_test_body, channel_test_view>()},
        });
    }

private:
    context& c_;
    std::unique_ptr<boost::asio::thread_pool> hands_; // for tests, which wait for the other side
};

// What became of replies.
struct delivery_view {
    std::string delivery_id, channel, conversation_id, message_id, message, user_name, state;
    std::int64_t seq = 0, attempts = 0, last_status = 0;
    std::string last_error;
    time_point created_at;
    std::optional<time_point> done_at, next_attempt_at;
};
BOOST_DESCRIBE_STRUCT(delivery_view, (),
                      (delivery_id, channel, conversation_id, message_id, message, user_name, state, seq,
                       attempts, last_status, last_error, created_at, done_at, next_attempt_at))
struct delivery_page {
    std::vector<delivery_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(delivery_page, (), (items, next_cursor))
struct message_delivery {
    std::int64_t seq = 0, attempts = 0, last_status = 0;
    std::string state, last_error;
    std::optional<time_point> done_at;
};
BOOST_DESCRIBE_STRUCT(message_delivery, (), (seq, attempts, last_status, state, last_error, done_at))
struct message_deliveries {
    std::vector<message_delivery> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(message_deliveries, (), (items, next_cursor))

class delivery_routes {
public:
    explicit delivery_routes(context& c) : c_(c) {}

    boost::asio::awaitable<http::response> list(http::request r); // ?state= ?channel=
    boost::asio::awaitable<http::response> retry(http::request r);
    boost::asio::awaitable<http::response> of_conversation(http::request r);

    static constexpr auto table() {
        using http::verb;
        using self = delivery_routes;
        constexpr auto who = permission::desk_write;
        return std::to_array<http::row<self>>({
            {verb::get, "/api/v1/channel-deliveries", who, &self::list, "listChannelDeliveries",
             "Replies that leave by a channel, newest first; state=dead: what was given up",
             http::answers<delivery_page>()},
            {verb::post, "/api/v1/channel-deliveries/{id}/retry", who, &self::retry, "retryChannelDelivery",
             "Send one that was given up again", http::answers<delivery_view>(202)},
            {verb::get, "/api/v1/conversations/{id}/deliveries", permission::conversation_note,
             &self::of_conversation, "listConversationDeliveries",
             "What became of the replies of this conversation, newest first",
             http::answers<message_deliveries>()},
        });
    }

private:
    context& c_;
};

} // namespace chat_centre::channel
