#include <chat_centre/conversation/message.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

namespace chat_centre::conversation {

std::string_view to_string(speaker s) {
    switch (s) {
    case speaker::user: return "user";
    case speaker::ai: return "ai";
    case speaker::staff: return "staff";
    case speaker::system: return "system";
    }
    return "user";
}

speaker parse_speaker(std::string_view stored) {
    if (stored == "ai") return speaker::ai;
    if (stored == "staff") return speaker::staff;
    if (stored == "system") return speaker::system;
    return speaker::user;
}

// By hand rather than through a JSON tree: this text is made once per message on the hot path.
std::string to_json(const stored_message& m) {
    std::string out;
    out.reserve(m.text.size() + 320);
    const auto member = [&out](std::string_view name) {
        out.push_back(out.empty() ? '{' : ',');
        append_json_string(out, name);
        out.push_back(':');
    };
    const auto text = [&](std::string_view name, std::string_view value) {
        member(name);
        append_json_string(out, value);
    };
    const auto text_or_null = [&](std::string_view name, std::string_view value) {
        member(name);
        if (value.empty())
            out += "null";
        else
            append_json_string(out, value);
    };
    text("message_id", m.message_id);
    text("conversation_id", format_id("CONV", m.conversation));
    member("seq");
    out += std::to_string(m.seq);
    text("role", to_string(m.role));
    text("sender", m.sender);
    text("message", m.text);
    text("at", to_rfc3339(m.at));
    text("received_at", to_rfc3339(m.received_at));
    text_or_null("staff_id", m.staff == 0 ? std::string{} : format_id("STF", m.staff));
    text_or_null("client_message_id", m.client_message_id);
    text_or_null("feedback", m.feedback);
    out.push_back('}');
    return out;
}

} // namespace chat_centre::conversation
