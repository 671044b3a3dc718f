#pragma once
// The guided intake over HTTP: for the call page, and for whoever has a voice or a text channel of their own.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/intake/service.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::intake {

struct languages {
    static constexpr std::array<std::string_view, 2> names{"en", "ar"};
};

struct start_body {
    std::optional<choice<languages>> language; // none: greeted in both, and the first words tell
    std::optional<text<1, 40>> phone;
    std::optional<text<1, 40>> channel; // by what way the call came, for the record: "web", "phone"
};
BOOST_DESCRIBE_STRUCT(start_body, (), (language, phone, channel))

struct input_body {
    chat_centre::text<1, 16000> text;
    std::optional<chat_centre::text<1, 200>> client_message_id;
};
BOOST_DESCRIBE_STRUCT(input_body, (), (text, client_message_id))

struct language_body {
    choice<languages> language;
};
BOOST_DESCRIBE_STRUCT(language_body, (), (language))

struct switch_body {
    std::optional<bool> on; // none: on
};
BOOST_DESCRIBE_STRUCT(switch_body, (), (on))

struct transfer_body {
    std::optional<text<1, 60>> department; // slug
    std::optional<text<1, 60>> staff_id;
};
BOOST_DESCRIBE_STRUCT(transfer_body, (), (department, staff_id))

struct end_body {
    std::optional<text<1, 100>> outcome;
};
BOOST_DESCRIBE_STRUCT(end_body, (), (outcome))

struct stage_view {
    std::string stage, status; // done, current, to_come
};
BOOST_DESCRIBE_STRUCT(stage_view, (), (stage, status))
struct caller_view {
    std::string name, phone, email, service_type;
};
BOOST_DESCRIBE_STRUCT(caller_view, (), (name, phone, email, service_type))
struct call_view {
    std::string call_id, conversation_id, stage;
    std::vector<stage_view> stages;
    std::optional<std::string> language;
    std::string status; // active, paused, on_hold, ended
    std::optional<std::string> handling;
    caller_view customer;
    bool confirmed = false;
    std::optional<std::string> department, ticket_id;
    std::vector<std::string> say;
    time_point started_at, updated_at;
    std::optional<time_point> ended_at;
};
BOOST_DESCRIBE_STRUCT(call_view, (),
                      (call_id, conversation_id, stage, stages, language, status, handling, customer,
                       confirmed, department, ticket_id, say, started_at, updated_at, ended_at))
struct started_view {
    std::string call_id, conversation_id, token, ws_url, stage;
    std::vector<stage_view> stages;
    std::vector<std::string> say;
};
BOOST_DESCRIBE_STRUCT(started_view, (), (call_id, conversation_id, token, ws_url, stage, stages, say))
struct call_page {
    std::vector<call_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(call_page, (), (items, next_cursor))
struct spoken_line {
    std::int64_t sequence = 0;
    std::string speaker, speaker_name, text;
    time_point timestamp;
};
BOOST_DESCRIBE_STRUCT(spoken_line, (), (sequence, speaker, speaker_name, text, timestamp))
struct transcript_view {
    std::string call_id, conversation_id;
    std::vector<spoken_line> items;
    std::optional<std::int64_t> next_after_seq;
};
BOOST_DESCRIBE_STRUCT(transcript_view, (), (call_id, conversation_id, items, next_after_seq))
struct features_view {
    bool call_center_mode = true, email_required = false;
    std::int64_t max_retries = 3, timeout_seconds = 30;
    std::vector<std::string> languages, stages;
    json overrides; // name -> whether the feature is switched off
};
BOOST_DESCRIBE_STRUCT(features_view, (),
                      (call_center_mode, email_required, max_retries, timeout_seconds, languages, stages,
                       overrides))

class routes {
public:
    // `s` outlives it. public_url: "" takes the request's host.
    routes(service& s, std::string public_url) : s_(s), public_url_(std::move(public_url)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer start(http::request r);
    answer say(http::request r);
    answer show(http::request r);
    answer list(http::request r);
    answer transcript(http::request r);
    answer language(http::request r);
    answer hold(http::request r);
    answer mute(http::request r);
    answer transfer(http::request r);
    answer end(http::request r);
    answer features(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::cross_origin;
        using http::row;
        using http::takes;
        using http::verb;
        using p = permission;
        using c = call_view;
        return std::to_array<row<routes>>({
            {verb::post, "/api/v1/intake/start", p::open, &routes::start, "startCall",
             "A guided call begins; the token is the caller's",
             cross_origin(http::limited(takes<start_body, started_view>(201), http::rate::open))},
            {verb::get, "/api/v1/intake/features", p::open, &routes::features, "getIntakeFeatures",
             "What the guided intake asks for, and what call-centre mode switches off",
             cross_origin(http::limited(answers<features_view>(), http::rate::open))},
            {verb::get, "/api/v1/intake", p::queue_read, &routes::list, "listCalls",
             "Calls under way that you may see, newest first", answers<call_page>()},
            {verb::get, "/api/v1/intake/{id}", p::conversation_read, &routes::show, "getCall",
             "Where a call stands and what is known of the caller", cross_origin(answers<c>())},
            {verb::post, "/api/v1/intake/{id}/input", p::conversation_write, &routes::say, "sayInCall",
             "What the caller said, and what is said to it", cross_origin(takes<input_body, c>())},
            {verb::get, "/api/v1/intake/{id}/transcript", p::conversation_read, &routes::transcript,
             "getCallTranscript",
             "Everything that was said, in order; ?after_seq=", cross_origin(answers<transcript_view>())},
            {verb::post, "/api/v1/intake/{id}/language", p::conversation_write, &routes::language,
             "setCallLanguage", "Go on in the other language", cross_origin(takes<language_body, c>())},
            {verb::post, "/api/v1/intake/{id}/hold", p::conversation_write, &routes::hold, "holdCall",
             "The caller asks for a moment, or staff hold the call", cross_origin(takes<switch_body, c>())},
            {verb::post, "/api/v1/intake/{id}/mute", p::conversation_take, &routes::mute, "muteCall",
             "No more alerts about this call for you", takes<switch_body, c>()},
            {verb::post, "/api/v1/intake/{id}/transfer", p::conversation_write, &routes::transfer,
             "transferCall", "The caller asks for a person, or staff pass the call on",
             cross_origin(takes<transfer_body, c>())},
            {verb::post, "/api/v1/intake/{id}/end", p::conversation_write, &routes::end, "endCall",
             "The caller hangs up, or staff resolve the call", cross_origin(takes<end_body, c>())},
        });
    }

private:
    boost::asio::awaitable<std::int64_t> conversation_of(http::request r);
    boost::asio::awaitable<http::response> view_of(principal who, std::int64_t conversation);
    boost::asio::awaitable<void> act(std::int64_t conversation, input in);

    service& s_;
    std::string public_url_;
};

} // namespace chat_centre::intake
