#include <chat_centre/channel/sync.hpp>

#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

namespace chat_centre::channel {
namespace {

using conversation::incoming;
using conversation::speaker;

std::string lower(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

std::optional<speaker> speaker_of(const std::string& sender, const std::string& assistant_name) {
    const std::string s = lower(sender);
    if (s == "user" || s == "customer") return speaker::user;
    if (s == "staff") return speaker::staff;
    if (s == "ai" || s == "assistant" || s == "bot" || s == lower(assistant_name)) return speaker::ai;
    return std::nullopt;
}

// The documents' words for one scale.
std::optional<std::string> priority_of(const std::string& given) {
    const std::string s = lower(given);
    if (s.empty()) return "";
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> words{{{"emergency", "emergency"},
                                                                                  {"urgent", "emergency"},
                                                                                  {"critical", "emergency"},
                                                                                  {"high", "high"},
                                                                                  {"normal", "normal"},
                                                                                  {"medium", "normal"},
                                                                                  {"low", "low"}}};
    for (const auto& [word, stored] : words)
        if (word == s) return std::string(stored);
    return std::nullopt;
}

// Each part with its length in front, so that no part can pretend to be two.
std::string joined(std::initializer_list<std::string> parts) {
    std::string out;
    for (const auto& p : parts) out += std::to_string(p.size()) + ':' + p;
    return out;
}

constexpr std::size_t most_metadata_bytes = 16 * 1024;

} // namespace

incoming decode_sync(const json& body, const sync_settings& s, const std::string& caller_key,
                     const std::string& idempotency) {
    detail::field_errors bad;
    sync_body b;
    detail::read_members(body, b, "", bad,
                         false); // unknown fields are the sender's business: nothing is refused for them

    // A value of the wrong kind was named already.
    const auto readable = [&bad](std::string_view name) {
        return std::none_of(bad.begin(), bad.end(), [name](const field_error& e) { return e.field == name; });
    };
    incoming m;
    if (!b.sender.value.empty()) {
        const auto who = speaker_of(b.sender.value, s.assistant_name);
        if (who)
            m.role = *who;
        else
            bad.push_back(
                {"sender", "must be user, staff, or " + s.assistant_name + " (also ai, assistant, bot)"});
    }
    if (b.timestamp && readable("timestamp")) {
        m.at = parse_time(b.timestamp->value, s.time_zone);
        if (!m.at)
            bad.push_back(
                {"timestamp", "must be a time: 2024-10-21 16:45:00, 2024-10-21T16:45:00Z or Unix seconds"});
    }
    if (b.conversation_id && readable("conversation_id")) {
        const auto id = parse_id("CONV", b.conversation_id->value);
        if (id)
            m.conversation = *id;
        else
            bad.push_back({"conversation_id", "must be an id this server gave, such as CONV-12"});
    }
    const auto priority = priority_of(or_empty(b.priority));
    if (priority)
        m.priority = *priority;
    else
        bad.push_back({"priority", "must be one of emergency, high, normal, low"});
    if (b.metadata) {
        m.metadata = dump(*b.metadata);
        if (m.metadata.size() > most_metadata_bytes) bad.push_back({"metadata", "must be at most 16 KB"});
    }
    if (!bad.empty()) throw error::unprocessable(std::move(bad));

    m.channel = b.channel ? lower(b.channel->value) : "elevenlabs";
    m.user_id = b.user_id.value;
    if (b.session_id)
        m.session_id = b.session_id->value;
    else if (b.elevenlabs_conversation_id)
        m.session_id = b.elevenlabs_conversation_id->value;
    m.user_name = or_empty(b.user_name);
    m.user_email = or_empty(b.user_email);
    m.user_phone = or_empty(b.user_phone);
    m.category = or_empty(b.issue_type);
    switch (m.role) {
    case speaker::user: m.sender = m.user_name.empty() ? "user" : m.user_name; break;
    case speaker::ai: m.sender = s.assistant_name; break;
    default: m.sender = "staff"; break;
    }
    if (m.role == speaker::user)
        if (const auto language = detect_language(b.message.value); language != "mixed")
            m.language = language;

    // What makes two posts the same message.
    m.body_hash = hash64(joined({m.user_id, lower(b.sender.value), or_empty(b.timestamp),
                                 or_empty(b.session_id), or_empty(b.conversation_id), b.message.value}));
    if (b.message_id) {
        m.message_id = b.message_id->value;
    } else if (b.occurrence && m.session_id && m.role != speaker::staff) {
        m.message_id = session_message_id(*m.session_id, m.role == speaker::user, b.message.value,
                                          static_cast<int>(b.occurrence->value));
        m.body_hash = hash64(m.message_id);
    } else if (b.event_id && m.session_id) {
        const std::string event =
            joined({*m.session_id, std::string(to_string(m.role)), std::to_string(b.event_id->value)});
        m.message_id = "EL-" + sha256_base64url("event\x1f" + event).substr(0, 32);
        m.body_hash = hash64(b.message.value);
    } else if (b.timestamp && idempotency.empty()) {
        // Without an id: same user, sender, text and time is a retry (requirements, "How the documents are read" 3).
        const std::string four =
            joined({m.user_id, std::string(to_string(m.role)), to_postgres(*m.at), b.message.value});
        m.message_id = "MSG-" + sha256_base64url(four).substr(0, 24);
        m.body_hash = hash64(four);
    } else {
        m.message_id = "MSG-" + random_id(20);
    }
    if (!idempotency.empty()) m.idempotency_key = sha256_base64url(caller_key + '\x1f' + idempotency);
    m.text = std::move(b.message.value);
    return m;
}

} // namespace chat_centre::channel
