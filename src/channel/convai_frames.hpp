#pragma once
// The frames of ElevenLabs' agents protocol in which a customer's widget talks to us, both ways. Pure.

#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

// What the page says of its customer in its first frame. Nothing here is proven.
struct convai_start {
    std::string user_id, user_name, user_email, user_phone, language, scenario; // "" when not said
    std::string ticket;        // a visitor token that came as cc_session
    std::string first_message; // the greeting that the page draws by itself
    std::string source, version;
    json variables = json::object(); // dynamic variables as they came, but secrets and what is too long
};

enum class convai_kind : std::uint8_t {
    start,    // conversation_initiation_client_data
    message,  // user_message, or the text of a multimodal_message
    activity, // the customer is typing
    context,  // contextual_update
    feedback,
    pong,
    audio,
    other // known and of no use to us, or unknown
};

struct convai_frame {
    convai_kind kind = convai_kind::other;
    convai_start start;
    std::string text;         // message, context
    bool file = false;        // message: there was a file beside the text
    std::int64_t event = 0;   // feedback, pong
    std::optional<bool> like; // feedback; nullopt: taken back
};

// Throws error 400 when it is no frame at all. Members of a wrong type count as not said.
convai_frame read_convai_frame(std::string_view text);

// What we say. event: a number of this connection.
std::string convai_metadata(std::string_view session_id);
std::string convai_ping(std::int64_t event, std::optional<std::int64_t> milliseconds);
std::string convai_response(std::string_view text, std::int64_t event);
// The stored text in the pieces of a streamed answer: start, deltas of whole words, stop.
std::vector<std::string> convai_parts(std::string_view text, std::int64_t event);
std::string convai_typing(bool typing, std::int64_t milliseconds);
std::string convai_person_came();
std::string convai_person_left();
std::string convai_end_call(std::int64_t event);
std::string convai_error(int code, std::string_view type, std::string_view message);

} // namespace chat_centre::channel
