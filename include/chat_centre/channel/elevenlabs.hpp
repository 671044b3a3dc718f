#pragma once
// What ElevenLabs calls, and what pages with its widget need. The custom LLM is in custom_llm.hpp.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/channel/elevenlabs_desk.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/ticket/service.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>

namespace chat_centre::channel {

// All members outlive the features.
struct elevenlabs_context {
    conversation::surroundings& chats;
    ticket::surroundings& tickets;
    elevenlabs_desk& desk;
    std::string assistant_name = "bibiana";
    std::string public_url; // "": from the request's Host
    std::string default_country;
    std::function<std::string(std::string_view purpose)> key_for; // auth::directory's
    std::function<std::string(std::string_view prefix, std::string_view text)> sign;
    std::function<std::string(std::string_view language)> greeting, holding;
};

inline constexpr const char* elevenlabs_event_job = "elevenlabs.event";
// Joins a stored event with what arrived live. In the job's transaction; events it makes are appended as its last statement.
void process_elevenlabs_event(db::tx& t, const elevenlabs_context& c, const jobs::job& j);

// A call that was fetched instead of delivered: `data` of post_call_transcription, joined by the same job.
void take_elevenlabs_call(db::tx& t, const json& data, time_point now);
// Those of these conversations of theirs of which no transcript has come in yet.
std::vector<std::string> calls_without_transcript(db::tx& t, const std::vector<std::string>& sessions);

struct received_answer {
    bool received = true;
};
BOOST_DESCRIBE_STRUCT(received_answer, (), (received))

// POST /webhooks/elevenlabs: events of theirs after a conversation.
class elevenlabs_webhook {
public:
    explicit elevenlabs_webhook(const elevenlabs_context& c) : c_(c) {}

    boost::asio::awaitable<http::response> receive(http::request r);

    static constexpr std::size_t body_limit = 4UL * 1024 * 1024;
    static constexpr std::size_t audio_limit = 64UL * 1024 * 1024;
    static constexpr const char* path = "/webhooks/elevenlabs";

    static constexpr auto table() {
        constexpr auto io = [] {
            auto s = http::answers<received_answer>();
            s.body_limit = body_limit;
            return http::described(
                s,
                "Signed by ElevenLabs: header `ElevenLabs-Signature`, `t=<seconds>,v0=<HMAC-SHA-256 of "
                "t.body in hex>`. 200 means stored; a repeated event is stored once. 401: the signature is not "
                "theirs. 503: not stored, send it again. Any JSON object with `type`, `event_timestamp` and "
                "`data` is taken; post_call_transcription is joined with what arrived live.");
        }();
        return std::to_array<http::row<elevenlabs_webhook>>({
            {http::verb::post, path, permission::open, &elevenlabs_webhook::receive, "receiveElevenlabsEvent",
             "An event of ElevenLabs after a conversation", io},
        });
    }

private:
    const elevenlabs_context& c_;
};

} // namespace chat_centre::channel
