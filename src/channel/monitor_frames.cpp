#include "channel/monitor_frames.hpp"

#include <chat_centre/base/fields.hpp>

#include <charconv>

namespace chat_centre::channel {
namespace {

const json& monitor_event(const json& frame, const char* name) {
    static const json none = json::object();
    const auto it = frame.find(name);
    return it != frame.end() && it->is_object() ? *it : none;
}

std::string event_text(const json& event, const char* name) {
    const auto it = event.find(name);
    return it != event.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

// A number, or a number written as text.
std::optional<std::int64_t> event_number(const json& event) {
    const auto it = event.find("event_id");
    if (it == event.end()) return std::nullopt;
    if (it->is_number_integer()) return it->get<std::int64_t>();
    if (!it->is_string()) return std::nullopt;
    const auto& text = it->get_ref<const std::string&>();
    std::int64_t out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

} // namespace

std::optional<overheard> read_monitor_frame(const json& frame) {
    const std::string type = frame.is_object() ? event_text(frame, "type") : "";
    overheard o;
    if (type == "user_transcript") {
        const json& e = monitor_event(frame, "user_transcription_event");
        o = {true, event_text(e, "user_transcript"), event_number(e), ""};
    } else if (type == "agent_response") {
        const json& e = monitor_event(frame, "agent_response_event");
        o = {false, event_text(e, "agent_response"), event_number(e), ""};
    } else if (type == "agent_response_correction") {
        const json& e = monitor_event(frame, "agent_response_correction_event");
        o = {false, event_text(e, "corrected_agent_response"), event_number(e),
             event_text(e, "original_agent_response")};
        if (is_blank(o.instead_of)) return std::nullopt;
    }
    if (is_blank(o.text) && o.instead_of.empty()) return std::nullopt;
    return o;
}

std::string monitor_command(std::string_view type) { return dump({{"command_type", type}}); }

std::string monitor_human_message(std::string_view text) {
    return dump({{"command_type", "send_human_message"}, {"parameters", {{"text", text}}}});
}

} // namespace chat_centre::channel
