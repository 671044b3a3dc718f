#pragma once
// POST /api/chat/sync: the webhook by which every other system's messages come in (document 000 lines 110-117).

#include <chat_centre/base/fields.hpp>
#include <chat_centre/channel/elevenlabs_desk.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>

namespace chat_centre::channel {

// A time as text or as Unix seconds.
struct moment {
    std::string value;
};

struct sync_body {
    text<1, 200> user_id;
    text<1, 16000> message;
    text<1, 100> sender; // user, staff, or the assistant's name (also ai, assistant, bot)
    std::optional<moment> timestamp;
    std::optional<text<1, 200>> message_id;
    std::optional<text<1, 200>> session_id;
    std::optional<text<1, 60>> conversation_id;
    std::optional<text<0, 100>> user_name;
    std::optional<text<0, 254>> user_email;
    std::optional<text<0, 40>> user_phone;
    std::optional<text<0, 50>> issue_type;
    std::optional<text<0, 20>> priority;
    std::optional<text<1, 40>> channel;
    std::optional<json> metadata;
    // Of conversations held at ElevenLabs: their id (or session_id), our name of the visit, the number of their event, and
    // the how-manieth time these words are said by this side, which makes what a page and others report one message.
    std::optional<text<1, 200>> elevenlabs_conversation_id;
    std::optional<text<1, 200>> cc_session;
    std::optional<number<0, 1'000'000'000>> event_id;
    std::optional<number<1, 100'000>> occurrence;
};
BOOST_DESCRIBE_STRUCT(sync_body, (),
                      (user_id, message, sender, timestamp, message_id, session_id, conversation_id,
                       user_name, user_email, user_phone, issue_type, priority, channel, metadata,
                       elevenlabs_conversation_id, cc_session, event_id, occurrence))

struct sync_answer {
    bool success = true;
    std::string conversation_id;
    bool saved = true;
    std::string message_id;
    std::int64_t seq = 0;
    bool duplicate = false;
    std::string status, handler;
};
BOOST_DESCRIBE_STRUCT(sync_answer, (),
                      (success, conversation_id, saved, message_id, seq, duplicate, status, handler))

struct sync_settings {
    std::string assistant_name = "bibiana";
    std::string time_zone = "UTC"; // of timestamps without a zone
};

// Everything about the body that does not need the database. `caller_key` scopes Idempotency-Key headers; `idempotency`
// is "" when none was sent. Throws 422 naming each bad field.
conversation::incoming decode_sync(const json& body, const sync_settings& s, const std::string& caller_key,
                                   const std::string& idempotency);

class sync_routes {
public:
    // desk outlives it.
    sync_routes(conversation::surroundings& s, sync_settings settings, elevenlabs_desk& desk)
        : s_(s), settings_(std::move(settings)), desk_(desk) {}

    boost::asio::awaitable<http::response> sync(http::request r);

    static constexpr auto table() {
        using http::rate;
        constexpr auto io = http::described(
            http::cross_origin(http::limited(http::takes<sync_body, sync_answer>(), rate::none)),
            "By a server with a key, or by a customer's page with a page token (GET /api/elevenlabs/signed-url), which may "
            "only report what its own user and the assistant said.");
        return std::to_array<http::row<sync_routes>>({
            {http::verb::post, "/api/chat/sync", permission::sync_write, &sync_routes::sync, "syncMessage",
             "Store one message of a conversation held elsewhere", io},
            {http::verb::post, "/api/v1/chat/sync", permission::sync_write, &sync_routes::sync,
             "syncMessageV1", "The same under the canonical prefix", io},
        });
    }

private:
    boost::asio::awaitable<std::optional<conversation::receipt>> of_page(http::request r,
                                                                         conversation::incoming m);

    conversation::surroundings& s_;
    sync_settings settings_;
    elevenlabs_desk& desk_;
};

} // namespace chat_centre::channel

namespace chat_centre::detail {

template <>
struct field_codec<channel::moment> {
    static void read(const json& j, channel::moment& out, const std::string& name, field_errors& bad) {
        if (j.is_string())
            out.value = j.get<std::string>();
        else if (j.is_number())
            out.value = dump(j);
        else
            bad.push_back({name, "must be a time: 2024-10-21 16:45:00, 2024-10-21T16:45:00Z or Unix seconds"});
    }
    static json schema() {
        return {{"oneOf", json::array({{{"type", "string"}}, {{"type", "number"}}})},
                {"description", "2024-10-21 16:45:00 in the company's time zone, RFC 3339, or Unix seconds"}};
    }
};

} // namespace chat_centre::detail
