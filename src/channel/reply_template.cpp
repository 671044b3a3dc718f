#include <chat_centre/channel/reply_template.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::channel {
namespace {

constexpr std::array<std::string_view, 9> variables{
    "text", "to", "number", "name", "sender", "role", "message_id", "conversation_id", "session"};
constexpr std::size_t longest_template = 8000;

// Calls `with` for each {{name}}, which returns what stands there; nullopt leaves it as it is written.
template <class With>
std::string replaced(std::string_view text, With with) {
    std::string out;
    while (true) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open + 2);
        if (close == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, open));
        auto name = text.substr(open + 2, close - open - 2);
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        out.append(with(name));
        text.remove_prefix(close + 2);
    }
}

template <class Each>
void each_text(json& j, Each each) {
    if (j.is_string()) {
        j = each(j.get_ref<const std::string&>());
    } else if (j.is_structured()) {
        for (auto& member : j) each_text(member, each);
    }
}

std::string percent_encoded(std::string_view s) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char ch : s) {
        const auto c = static_cast<unsigned char>(ch);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out.push_back(ch);
        else
            out.append({'%', digits[c >> 4U], digits[c & 15U]});
    }
    return out;
}

std::string form_of(const json& j) {
    std::string out;
    for (const auto& [name, value] : j.items()) {
        if (!out.empty()) out.push_back('&');
        out += percent_encoded(name) + '=' +
               percent_encoded(value.is_string() ? value.get<std::string>() : dump(value));
    }
    return out;
}

} // namespace

std::optional<std::string> template_fault(std::string_view text, bool form) {
    if (text.size() > longest_template) return "must have at most 8,000 bytes";
    json j;
    try {
        j = parse_json(text);
    } catch (const error& e) {
        return "must be JSON: " + e.detail();
    }
    if (!j.is_object()) return "must be a JSON object";
    if (form && std::any_of(j.begin(), j.end(), [](const json& v) { return v.is_structured(); }))
        return "must be one flat object, as it is sent as a form";
    std::string unknown;
    bool says = false;
    each_text(j, [&](const std::string& s) {
        replaced(s, [&](std::string_view name) -> std::string {
            if (std::find(variables.begin(), variables.end(), name) == variables.end()) unknown = name;
            says = says || name == "text";
            return {};
        });
        return s;
    });
    if (!unknown.empty())
        return "has {{" + unknown.substr(0, 40) +
               "}}; there are text, to, number, name, sender, role, message_id, conversation_id, session";
    if (!says) return "must hold {{text}} somewhere";
    return std::nullopt;
}

std::string fill_template(std::string_view text, bool form, const reply_values& values) {
    json j = parse_json(text);
    each_text(j, [&values](const std::string& s) {
        return replaced(s, [&values](std::string_view name) -> std::string {
            const auto it = values.find(name);
            return it == values.end() ? std::string{} : it->second;
        });
    });
    return form ? form_of(j) : dump(j);
}

std::string external_id_in(std::string_view answer) {
    json j;
    try {
        j = parse_json(answer);
    } catch (const error&) {
        return {}; // it may be anything
    }
    if (!j.is_object()) return {};
    for (const char* place : {"/key/id", "/data/key/id", "/messages/0/id", "/message_id", "/messageId",
                              "/result/message_id", "/id", "/sid"}) {
        const json::json_pointer pointer(place);
        if (!j.contains(pointer)) continue;
        const json& found = j.at(pointer);
        std::string id = found.is_string()   ? found.get<std::string>()
                         : found.is_number() ? dump(found)
                                             : std::string{};
        if (!id.empty() && id.size() <= 200) return id;
    }
    return {};
}

} // namespace chat_centre::channel
