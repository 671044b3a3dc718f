#pragma once
// A message on its way in, what the caller is told of it, and its public JSON.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace chat_centre::conversation {

enum class speaker : std::uint8_t { user, ai, staff, system };
std::string_view to_string(speaker s);
speaker parse_speaker(std::string_view stored);

// A text that asks for a person, as judged before it was queued.
struct handover_signal {
    std::string reason;    // shown to staff: what made us think so
    double confidence = 1; // 0 to 1
    bool urgent = false;   // raises the priority to high
    bool needed = true;    // false: judged and declined ("I don't need a human"); only logged
    std::string model = "patterns";
    std::string about;      // the customer's words that were judged; "": those of the message itself
    bool logged = true;     // in intent_analysis_log (AI_INTENT_LOGGING_ENABLED)
    bool emergency = false; // raises the priority to the top: life, or everything, is at stake
};

// All text is valid UTF-8 without NUL, within its limits: the edge (channel, routes) has checked it, because one bad
// row would abort a whole batch.
struct incoming {
    std::string channel;
    std::string user_id; // who the customer is on this channel
    std::optional<std::string> session_id;
    std::int64_t conversation = 0; // 0: found by session, else by user
    bool start_new = false;        // always a new conversation (POST /conversations/start)
    std::optional<bool> own_brain; // our assistant speaks in it from now on, or another's; nullopt: as it is

    speaker role = speaker::user;
    std::string sender;
    std::int64_t staff = 0;     // speaker::staff by a signed-in member: they must hold the conversation
    std::int64_t beside = 0;    // or this colleague must, with whom a supervisor has joined in
    bool own_assistant = false; // our engine speaks: only in its turn (handler bot; as system: queue)
    std::string text;
    std::optional<time_point> at; // claimed by the sender; nullopt: the receive time
    std::string message_id;       // unique within the channel; never empty
    std::string idempotency_key;  // "" when none
    std::uint64_t body_hash = 0;  // same key with another hash is a conflict
    std::string client_message_id;

    std::string user_name, user_email, user_phone, language, scenario; // "" when not given
    std::string category;
    std::string priority; // "" when not given
    std::string metadata; // JSON object text or ""
    std::optional<handover_signal> handover;
    bool concerns_rules = false; // makes internal event "message.heard"
    // Was said before, elsewhere (history.hpp): recorded as it was. It takes no turn, wakes and reopens nothing, and the
    // conversation that it begins is over.
    bool history = false;
};

struct stored_message {
    std::int64_t conversation = 0;
    int seq = 0;
    std::string message_id;
    speaker role = speaker::user;
    std::string sender;
    std::int64_t staff = 0;
    std::string client_message_id;
    std::string text;
    time_point at{};
    time_point received_at{};
    std::string feedback; // "", "up" or "down"
};

// {message_id, conversation_id, seq, role, sender, message, at, received_at, staff_id, client_message_id, feedback}
std::string to_json(const stored_message& m);

struct receipt {
    stored_message message;
    bool duplicate = false;
    std::string status; // of the conversation, after the message
    std::string handler;
    bool called_assistant =
        false; // our assistant was told of it, and will say something unless staff are faster
};

} // namespace chat_centre::conversation
