#include "channel/convai_frames.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/text.hpp>

#include <array>
#include <utility>

namespace chat_centre::channel {
namespace {

constexpr std::size_t most_variables = 50;
constexpr std::size_t longest_variable = 500;
constexpr std::size_t longest_context = 2'000;
constexpr std::size_t part_bytes = 48;

constexpr std::array<std::pair<std::string_view, convai_kind>, 6> frame_kinds{{
    {"conversation_initiation_client_data", convai_kind::start},
    {"user_message", convai_kind::message},
    {"multimodal_message", convai_kind::message},
    {"user_activity", convai_kind::activity},
    {"contextual_update", convai_kind::context},
    {"feedback", convai_kind::feedback},
}};

const json* said(const json& j, const char* name) {
    if (!j.is_object()) return nullptr;
    const auto it = j.find(name);
    return it == j.end() || it->is_null() ? nullptr : &*it;
}

std::string said_text(const json& j, const char* name) {
    const json* found = said(j, name);
    return found && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t said_number(const json& j, const char* name) {
    const json* found = said(j, name);
    return found && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// One line that people will read as a name or an address; "" when it is not one.
std::string said_line(const json& j, const char* name, std::size_t most) {
    std::string s(trimmed(said_text(j, name)));
    if (count_characters(s) > most) return {};
    for (const char c : s)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return {};
    return s;
}

json kept_variables(const json& given) {
    json out = json::object();
    for (const auto& [name, value] : given.items()) {
        if (out.size() >= most_variables) break;
        if (name.size() > 100 || name.starts_with("secret__") || name == "cc_session") continue;
        if (value.is_string() && value.get_ref<const std::string&>().size() > longest_variable) continue;
        if (value.is_string() || value.is_number() || value.is_boolean()) out[name] = value;
    }
    return out;
}

convai_start read_start(const json& j) {
    convai_start s;
    s.user_id = said_line(j, "user_id", 200);
    if (const json* given = said(j, "dynamic_variables"); given && given->is_object()) {
        s.user_name = said_line(*given, "user_name", 100);
        s.user_email = said_line(*given, "user_email", 254);
        s.user_phone = said_line(*given, "user_phone", 40);
        s.language = said_line(*given, "language", 20);
        s.scenario = said_line(*given, "scenario", 60);
        s.ticket = said_text(*given, "cc_session");
        s.variables = kept_variables(*given);
    }
    if (const json* body = said(j, "custom_llm_extra_body"))
        if (std::string ticket = said_text(*body, "cc_session"); !ticket.empty())
            s.ticket = std::move(ticket);
    if (const json* all = said(j, "conversation_config_override"))
        if (const json* agent = said(*all, "agent")) {
            if (std::string l = said_line(*agent, "language", 20); !l.empty()) s.language = std::move(l);
            s.first_message = said_text(*agent, "first_message");
            if (count_characters(s.first_message) > 2'000) s.first_message.clear();
        }
    if (const json* source = said(j, "source_info")) {
        s.source = said_line(*source, "source", 60);
        s.version = said_line(*source, "version", 40);
    }
    return s;
}

std::string enveloped(std::string_view type, std::string_view name, std::string_view members) {
    std::string out = R"({"type":")";
    out.append(type).append(R"(",")").append(name).append(R"(":{)").append(members).append("}}");
    return out;
}

std::string in_quotes(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string chat_part(std::string_view kind, std::string_view text, std::int64_t event) {
    return enveloped("agent_chat_response_part", "text_response_part",
                     R"("text":)" + in_quotes(text) + R"(,"type":")" + std::string(kind) +
                         R"(","event_id":)" + std::to_string(event));
}

} // namespace

convai_frame read_convai_frame(std::string_view text) {
    const json j = parse_json(text);
    if (!j.is_object()) throw error::bad_request("A frame is a JSON object.");
    convai_frame f;
    if (j.contains("user_audio_chunk")) { // the one frame without a type
        f.kind = convai_kind::audio;
        return f;
    }
    const std::string type = said_text(j, "type");
    if (type.empty()) throw error::bad_request("A frame has a \"type\".");
    for (const auto& [name, kind] : frame_kinds)
        if (name == type) f.kind = kind;
    if (type == "pong") f.kind = convai_kind::pong;
    switch (f.kind) {
    case convai_kind::start: f.start = read_start(j); break;
    case convai_kind::message: {
        const json* inner = type == "multimodal_message" ? said(j, "text") : &j;
        if (inner) f.text = inner->is_string() ? inner->get<std::string>() : said_text(*inner, "text");
        f.file = said(j, "file") != nullptr;
        break;
    }
    case convai_kind::context:
        f.text = said_text(j, "text");
        if (f.text.size() > longest_context) f.text.clear();
        break;
    case convai_kind::feedback: {
        f.event = said_number(j, "event_id");
        const std::string score = said_text(j, "score");
        if (score == "like" || score == "dislike") f.like = score == "like";
        break;
    }
    case convai_kind::pong: f.event = said_number(j, "event_id"); break;
    case convai_kind::activity:
    case convai_kind::audio:
    case convai_kind::other: break;
    }
    return f;
}

// The audio formats are required even where nobody speaks.
std::string convai_metadata(std::string_view session_id) {
    return enveloped("conversation_initiation_metadata", "conversation_initiation_metadata_event",
                     R"("conversation_id":)" + in_quotes(session_id) +
                         R"(,"agent_output_audio_format":"pcm_16000","user_input_audio_format":"pcm_16000")");
}

std::string convai_ping(std::int64_t event, std::optional<std::int64_t> milliseconds) {
    std::string members = R"("event_id":)" + std::to_string(event);
    if (milliseconds) members += R"(,"ping_ms":)" + std::to_string(*milliseconds);
    return enveloped("ping", "ping_event", members);
}

std::string convai_response(std::string_view text, std::int64_t event) {
    return enveloped("agent_response", "agent_response_event",
                     R"("agent_response":)" + in_quotes(text) + R"(,"event_id":)" + std::to_string(event));
}

std::vector<std::string> convai_parts(std::string_view text, std::int64_t event) {
    std::vector<std::string> out{chat_part("start", "", event)};
    while (!text.empty()) {
        std::size_t end = text.size();
        if (end > part_bytes) {
            // After a blank, else where a character begins.
            end = text.find(' ', part_bytes);
            end = end == std::string_view::npos || end > 2 * part_bytes ? part_bytes : end + 1;
            while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
        }
        out.push_back(chat_part("delta", text.substr(0, end), event));
        text.remove_prefix(end);
    }
    out.push_back(chat_part("stop", "", event));
    return out;
}

std::string convai_typing(bool typing, std::int64_t milliseconds) {
    return enveloped("agent_typing", "agent_typing_event",
                     std::string(R"("is_typing":)") + (typing ? "true" : "false") + R"(,"duration_ms":)" +
                         std::to_string(milliseconds));
}

std::string convai_person_came() {
    return enveloped("external_agent_connected", "external_agent_connected_event", "");
}

std::string convai_person_left() {
    return enveloped("external_agent_disconnected", "external_agent_disconnected_event", "");
}

std::string convai_end_call(std::int64_t event) {
    return enveloped("agent_tool_response", "agent_tool_response",
                     R"("tool_name":"end_call","tool_call_id":"end_)" + std::to_string(event) +
                         R"(","tool_type":"system","is_error":false,"is_called":true,"event_id":)" +
                         std::to_string(event));
}

std::string convai_error(int code, std::string_view type, std::string_view message) {
    return enveloped("error", "error_event",
                     R"("code":)" + std::to_string(code) + R"(,"message":)" + in_quotes(message) +
                         R"(,"error_type":)" + in_quotes(type) + R"(,"reason":)" + in_quotes(message));
}

} // namespace chat_centre::channel
