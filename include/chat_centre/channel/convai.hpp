#pragma once
// GET /convai/ws: this server as the other end of ElevenLabs' own widget and client library (docs/protocol.md, "The
// ElevenLabs widget"), and the call by which a site vouches for who its customer is.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/outbound.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/realtime/dialect.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

// An agent at ElevenLabs that speaks instead of our assistant.
struct convai_agent {
    std::string api_url, api_key, agent_id;
    http::outbound_rules rules;
};

struct convai_settings {
    std::string assistant_name = "bibiana";
    std::string public_url; // "": from the request's Host
    // Of pages that may connect, "https://example.org"; null, or none: all. Hub thread.
    std::function<std::vector<std::string>()> origins;
    bool ticket_required = false;             // only visitors that a site has vouched for
    std::chrono::seconds waiting_notice{510}; // see channel/convai_stage.hpp
    bool staff_names = true;
    double rate_scale = 1.0; // of new sockets for each address
    bool rate_limits = true;
    // Signs and reads texts that pages carry; thread-safe.
    std::function<std::string(std::string_view prefix, std::string_view text)> sign;
    std::function<std::optional<std::string>(std::string_view prefix, std::string_view token)> read_signed;
    // Who speaks: nullopt, or empty, for our own assistant. asked: the page says mode=relay. Thread-safe.
    std::function<std::optional<convai_agent>(bool asked)> agent = {};
    // What was used, or failed, for the set-up page: a part of elevenlabs_desk::uses. Thread-safe; may be null.
    std::function<void(const std::string& part, const std::string& detail)> note = {};
};

// For hub::learn(). `s` outlives the hub.
realtime::dialect convai_dialect(conversation::surroundings& s, convai_settings settings);

struct convai_visitor_body {
    text<1, 200> user_id;
    std::optional<text<0, 100>> user_name;
    std::optional<text<0, 254>> user_email;
    std::optional<text<0, 40>> user_phone;
    std::optional<text<0, 20>> language;
    std::optional<text<0, 60>> scenario;
    std::optional<number<60, 86400>> valid_seconds;
};
BOOST_DESCRIBE_STRUCT(convai_visitor_body, (),
                      (user_id, user_name, user_email, user_phone, language, scenario, valid_seconds))

struct convai_visitor_answer {
    std::string token, ws_url;
    time_point expires_at;
};
BOOST_DESCRIBE_STRUCT(convai_visitor_answer, (), (token, ws_url, expires_at))

class convai_routes {
public:
    convai_routes(const clock_source& clock, convai_settings settings)
        : clock_(clock), settings_(std::move(settings)) {}

    boost::asio::awaitable<http::response> vouch(http::request r);

    static constexpr auto table() {
        return std::to_array<http::row<convai_routes>>({
            {http::verb::post, "/api/v1/convai/sessions", permission::sync_write, &convai_routes::vouch,
             "vouchForVisitor", "A token with which the page of a known customer opens /convai/ws",
             http::limited(http::takes<convai_visitor_body, convai_visitor_answer>(201), http::rate::none)},
        });
    }

private:
    const clock_source& clock_;
    convai_settings settings_;
};

} // namespace chat_centre::channel
