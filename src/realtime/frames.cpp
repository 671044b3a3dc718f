#include "frames.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

#include <array>
#include <utility>

namespace chat_centre::realtime {

namespace {

constexpr std::size_t longest_ref = 128;
constexpr std::size_t longest_topic = 64; // of what an error frame repeats

constexpr std::array<std::pair<std::string_view, frame_type>, 7> frame_types{{
    {"subscribe", frame_type::subscribe},
    {"unsubscribe", frame_type::unsubscribe},
    {"ping", frame_type::ping},
    {"typing", frame_type::typing},
    {"viewing", frame_type::viewing},
    {"message", frame_type::message},
    {"auth", frame_type::auth},
}};

// One object's members with errors that carry its ref.
class members {
public:
    members(const json& object, std::string ref) : object_(object), ref_(std::move(ref)) {}

    [[noreturn]] void invalid(std::string message) const {
        throw frame_error("invalid_frame", std::move(message), ref_);
    }
    const json* find(const char* name) const {
        const auto it = object_.find(name);
        return it == object_.end() || it->is_null() ? nullptr : &*it;
    }
    std::string text(const char* name, bool required) const {
        const json* j = find(name);
        if (!j && !required) return {};
        if (!j || !j->is_string()) invalid(std::string("\"") + name + "\" must be a string.");
        return j->get<std::string>();
    }
    bool flag(const char* name) const {
        const json* j = find(name);
        if (!j || !j->is_boolean()) invalid(std::string("\"") + name + "\" must be true or false.");
        return j->get<bool>();
    }
    // 0 when absent: a customer has only one conversation and need not name it.
    std::int64_t conversation() const {
        const std::string name = text("conversation_id", false);
        if (name.empty()) return 0;
        const auto id = parse_id("CONV", name);
        if (!id) invalid("\"conversation_id\" must be an id such as CONV-12.");
        return *id;
    }
    const std::string& ref() const { return ref_; }

private:
    const json& object_;
    std::string ref_;
};

std::string ref_of(const json& object) {
    const auto it = object.find("ref");
    if (it == object.end() || !(it->is_string() || it->is_number_integer())) return {};
    std::string text = dump(*it);
    return text.size() <= longest_ref ? text : std::string{};
}

void read_topics(const members& m, bool required, client_frame& out) {
    const json* list = m.find("topics");
    if (!list && !required) return;
    if (!list || !list->is_array()) m.invalid("\"topics\" must be a list of strings.");
    for (const json& item : *list) {
        if (!item.is_string()) m.invalid("\"topics\" must be a list of strings.");
        const auto& name = item.get_ref<const std::string&>();
        if (const auto t = parse_topic(name)) {
            bool known = false;
            for (const topic& other : out.topics) known = known || other == *t;
            if (!known) out.topics.push_back(*t);
        } else {
            out.unknown_topics.push_back(name.substr(0, longest_topic));
        }
    }
}

void append_member(std::string& out, std::string_view name, std::string_view value_json) {
    if (value_json.empty()) return;
    out += ",\"";
    out += name;
    out += "\":";
    out += value_json;
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(out, text);
}

std::string live_frame(std::string_view type, std::int64_t conversation, const participant& who, bool on,
                       std::string_view extra, time_point at, bool with_staff_id) {
    const std::string id = format_id("CONV", conversation);
    std::string out = R"({"type":"events","events":[{"id":0,"type":")";
    out += type;
    out += R"(","at":")" + to_rfc3339(at) + R"(","conversation_id":")" + id +
           R"(","data":{"conversation_id":")" + id;
    out += who.staff == 0 ? R"(","who":"customer")" : R"(","who":"staff")";
    if (who.staff != 0) {
        if (with_staff_id) out += R"(,"staff_id":")" + format_id("STF", who.staff) + '"';
        append_text(out, "name", who.name);
    }
    append_member(out, type, on ? "true" : "false");
    out += extra;
    out += "}}]}";
    return out;
}

} // namespace

client_frame parse_frame(std::string_view text) {
    json object;
    try {
        object = parse_json(text);
    } catch (const error& e) {
        throw frame_error("invalid_json", "The frame was not read. " + e.detail());
    }
    if (!object.is_object()) throw frame_error("invalid_frame", "A frame is a JSON object with a \"type\".");
    const members m(object, ref_of(object));

    const std::string type = m.text("type", true);
    client_frame out;
    out.ref = m.ref();
    bool known = false;
    for (const auto& [name, value] : frame_types) {
        if (name != type) continue;
        out.type = value;
        known = true;
    }
    if (!known)
        throw frame_error("unknown_type", "There is no frame of this type: see docs/protocol.md.", m.ref());

    switch (out.type) {
    case frame_type::subscribe:
        read_topics(m, false, out);
        if (const json* since = m.find("since")) {
            if (!since->is_number_integer() || since->get<std::int64_t>() < 0)
                m.invalid("\"since\" must be an event id.");
            out.since = since->get<std::int64_t>();
        }
        break;
    case frame_type::unsubscribe: read_topics(m, true, out); break;
    case frame_type::ping: break;
    case frame_type::typing: {
        out.conversation = m.conversation();
        out.on = m.flag("typing");
        const std::string kind = m.text("kind", false);
        if (kind == "note")
            out.kind = typing_kind::note;
        else if (!kind.empty() && kind != "reply")
            m.invalid("\"kind\" must be reply or note.");
        break;
    }
    case frame_type::viewing:
        out.conversation = m.conversation();
        out.on = m.flag("viewing");
        break;
    case frame_type::message:
        out.conversation = m.conversation();
        out.text = m.text("message", true);
        out.client_message_id = m.text("client_message_id", false);
        if (out.text.empty()) m.invalid("\"message\" must not be empty.");
        break;
    case frame_type::auth: out.token = m.text("token", true); break;
    }
    return out;
}

std::string hello_frame(std::int64_t head, const principal& who, std::chrono::seconds heartbeat) {
    std::string out = R"({"type":"hello","head":)" + std::to_string(head) + R"(,"you":)";
    if (who.kind == caller::customer) {
        out += R"({"kind":"customer","conversation_id":")" + format_id("CONV", who.conversation) + "\"}";
    } else {
        out += R"({"kind":"staff","staff_id":")" + format_id("STF", who.staff) + '"';
        append_text(out, "name", who.name);
        append_text(out, "role", to_string(who.role));
        out += '}';
    }
    out += R"(,"heartbeat_seconds":)" + std::to_string(heartbeat.count()) + '}';
    return out;
}

std::string subscribed_frame(const std::vector<topic>& topics, std::int64_t head, std::string_view ref_json) {
    std::string out = R"({"type":"subscribed","topics":[)";
    for (std::size_t i = 0; i < topics.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, to_string(topics[i]));
    }
    out += R"(],"head":)" + std::to_string(head);
    append_member(out, "ref", ref_json);
    out += '}';
    return out;
}

std::string head_frame(std::string_view type, std::int64_t head, std::string_view ref_json) {
    std::string out = R"({"type":")";
    out += type;
    out += R"(","head":)" + std::to_string(head);
    append_member(out, "ref", ref_json);
    out += '}';
    return out;
}

std::string ack_frame(std::string_view ref_json, std::string_view message_json) {
    std::string out = R"({"type":"ack")";
    append_member(out, "ref", ref_json);
    append_member(out, "message", message_json);
    out += '}';
    return out;
}

std::string error_frame(std::string_view code, std::string_view message, std::string_view ref_json,
                        std::string_view topic) {
    std::string out = R"({"type":"error")";
    append_text(out, "code", code);
    append_text(out, "message", message);
    if (!topic.empty()) append_text(out, "topic", topic);
    append_member(out, "ref", ref_json);
    out += '}';
    return out;
}

std::string code_of(int http_status) {
    switch (http_status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 409: return "conflict";
    case 429: return "rate_limited";
    case 503: return "unavailable";
    default: return http_status >= 500 ? "internal" : "invalid";
    }
}

std::string error_frame(const error& e, std::string_view ref_json) {
    std::string out = R"({"type":"error")";
    append_text(out, "code", code_of(e.status()));
    append_text(out, "message", e.detail());
    append_member(out, "status", std::to_string(e.status()));
    append_text(out, "title", e.title());
    append_text(out, "detail", e.detail());
    if (!e.fields().empty()) {
        std::string list = "[";
        for (const field_error& f : e.fields()) {
            if (list.size() > 1) list += ',';
            list += R"({"field":)";
            append_json_string(list, f.field);
            append_text(list, "message", f.message);
            list += '}';
        }
        append_member(out, "errors", list + ']');
    }
    for (const auto& [name, value] : e.extra()) append_member(out, name, value);
    append_member(out, "ref", ref_json);
    out += '}';
    return out;
}

void events_frame::add(std::string_view event_json) {
    text_ += count_ == 0 ? std::string_view(R"({"type":"events","events":[)") : std::string_view(",");
    text_ += event_json;
    ++count_;
}

std::string events_frame::take() {
    text_ += "]}";
    count_ = 0;
    return std::exchange(text_, {});
}

std::string typing_frame(std::int64_t conversation, const participant& who, bool on, typing_kind kind,
                         time_point at, bool for_customer) {
    const std::string_view extra = who.staff == 0 || for_customer ? ""
                                   : kind == typing_kind::note    ? R"(,"kind":"note")"
                                                                  : R"(,"kind":"reply")";
    return live_frame("typing", conversation, who, on, extra, at, !for_customer);
}

std::string viewing_frame(std::int64_t conversation, const participant& who, bool on, time_point at) {
    return live_frame("viewing", conversation, who, on, "", at, true);
}

} // namespace chat_centre::realtime
