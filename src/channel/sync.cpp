#include <chat_centre/channel/sync.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>

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

template <class T>
std::string or_empty(const std::optional<T>& v) {
    return v ? v->value : std::string{};
}

constexpr std::size_t most_metadata_bytes = 16 * 1024;

} // namespace

incoming decode_sync(const json& body, const sync_settings& s, const std::string& caller_key,
                     const std::string& idempotency) {
    detail::field_errors bad;
    sync_body b;
    detail::read_members(body, b, "", bad,
                         false); // unknown fields are the sender's business: nothing is refused for them

    incoming m;
    if (!b.sender.value.empty()) {
        const auto who = speaker_of(b.sender.value, s.assistant_name);
        if (who)
            m.role = *who;
        else
            bad.push_back(
                {"sender", "must be user, staff, or " + s.assistant_name + " (also ai, assistant, bot)"});
    }
    if (b.timestamp) {
        m.at = parse_time(b.timestamp->value, s.time_zone);
        if (!m.at)
            bad.push_back(
                {"timestamp", "must be a time: 2024-10-21 16:45:00, 2024-10-21T16:45:00Z or Unix seconds"});
    }
    if (b.conversation_id) {
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
    if (b.session_id) m.session_id = b.session_id->value;
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

    // What makes two posts the same message. 0x1F cannot be part of any of them but the text, which comes last.
    const std::string said = m.user_id + '\x1f' + lower(b.sender.value) + '\x1f' + or_empty(b.timestamp) +
                             '\x1f' + or_empty(b.session_id) + '\x1f' + or_empty(b.conversation_id) + '\x1f' +
                             b.message.value;
    m.body_hash = hash64(said);
    if (b.message_id) {
        m.message_id = b.message_id->value;
    } else if (b.timestamp && idempotency.empty()) {
        // Without an id: same user, sender, text and time is a retry (requirements, "How the documents are read" 3).
        const std::string four = m.user_id + '\x1f' + std::string(to_string(m.role)) + '\x1f' +
                                 to_rfc3339(*m.at) + '\x1f' + b.message.value;
        m.message_id = "MSG-" + sha256_base64url(four).substr(0, 24);
        m.body_hash = hash64(four);
    } else {
        m.message_id = "MSG-" + random_id(20);
    }
    if (!idempotency.empty()) m.idempotency_key = sha256_base64url(caller_key + '\x1f' + idempotency);
    m.text = std::move(b.message.value);
    return m;
}

boost::asio::awaitable<http::response> sync_routes::sync(http::request r) {
    const std::string idempotency(r.header("idempotency-key"));
    if (idempotency.size() > 200)
        throw error::unprocessable("Idempotency-Key", "must have at most 200 characters");
    const std::string caller_key = r.who.kind == caller::api_key ? "key" + std::to_string(r.who.api_key)
                                                                 : "staff" + std::to_string(r.who.staff);
    incoming m = decode_sync(r.json_body(), settings_, caller_key, idempotency);
    if (s_.screen) m.handover = s_.screen(m.text, m.role);
    const conversation::receipt got = co_await s_.lane.append(std::move(m));

    std::string out = R"({"success":true,"conversation_id":")";
    out += format_id("CONV", got.message.conversation);
    out += R"(","saved":true,"message_id":)";
    append_json_string(out, got.message.message_id);
    out += R"(,"seq":)" + std::to_string(got.message.seq);
    out += got.duplicate ? R"(,"duplicate":true,"status":")" : R"(,"duplicate":false,"status":")";
    out += got.status + R"(","handler":")" + got.handler + "\"}";
    http::response answer = http::response::json_text(std::move(out));
    if (got.duplicate) answer.with("Idempotent-Replayed", "true");
    co_return answer;
}

} // namespace chat_centre::channel
