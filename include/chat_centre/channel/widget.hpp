#pragma once
// POST /api/v1/conversations/start: a conversation of our own widget or portal begins (document 004 line 72).

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

struct start_body {
    std::optional<text<0, 100>> name;
    std::optional<text<0, 254>> email;
    std::optional<text<0, 40>> phone;
    std::optional<text<0, 60>> scenario;
    std::optional<text<0, 20>> language;
    std::optional<text<1, 16000>> message;
};
BOOST_DESCRIBE_STRUCT(start_body, (), (name, email, phone, scenario, language, message))

struct start_answer {
    std::string conversation_id, token, ws_url;
    std::vector<conversation::message_view> messages;
};
BOOST_DESCRIBE_STRUCT(start_answer, (), (conversation_id, token, ws_url, messages))

struct first_words {
    std::string sender, text;
};

struct widget_settings {
    std::string public_url; // "": from the request's Host
    std::function<std::string(std::int64_t conversation)> make_token;
    // What the assistant says first; scenario: slug, or "".
    std::function<first_words(std::string_view language, std::string_view scenario)> greeting;
};

class widget_routes {
public:
    widget_routes(conversation::surroundings& s, widget_settings settings)
        : s_(s), settings_(std::move(settings)) {}

    boost::asio::awaitable<http::response> start(http::request r);

    static constexpr auto table() {
        return std::to_array<http::row<widget_routes>>({
            {http::verb::post, "/api/v1/conversations/start", permission::open, &widget_routes::start,
             "startConversation", "A customer begins; the token is theirs for this conversation",
             http::cross_origin(http::limited(http::takes<start_body, start_answer>(201), http::rate::open))},
        });
    }

private:
    conversation::surroundings& s_;
    widget_settings settings_;
};

} // namespace chat_centre::channel
