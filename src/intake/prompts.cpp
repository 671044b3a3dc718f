#include <chat_centre/intake/prompts.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::intake {
namespace {

constexpr std::array<std::string_view, 6> everywhere{"name",         "phone",   "email",
                                                     "service_type", "company", "department"};

bool is_variable(std::string_view name) {
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Calls on_text and on_name for the pieces of a text, in order.
template <class Text, class Name>
void walk(std::string_view text, Text on_text, Name on_name) {
    while (!text.empty()) {
        const auto open = text.find('{');
        on_text(text.substr(0, open));
        if (open == std::string_view::npos) return;
        text.remove_prefix(open);
        const auto close = text.find('}');
        const auto name = close == std::string_view::npos ? std::string_view{} : text.substr(1, close - 1);
        if (is_variable(name)) {
            on_name(name);
            text.remove_prefix(close + 1);
        } else {
            on_text(text.substr(0, 1));
            text.remove_prefix(1);
        }
    }
}

} // namespace

const prompt* find_prompt(std::string_view department, std::string_view key) {
    const auto all = all_prompts();
    const auto it = std::find_if(all.begin(), all.end(),
                                 [&](const prompt& p) { return p.department == department && p.key == key; });
    return it == all.end() ? nullptr : &*it;
}

std::span<const std::string_view> common_variables() { return everywhere; }

std::vector<std::string> allowed_variables(const prompt& p) {
    std::vector<std::string> out(everywhere.begin(), everywhere.end());
    std::string_view rest = p.variables;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        out.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

std::vector<std::string> variables_in(std::string_view text) {
    std::vector<std::string> out;
    walk(
        text, [](std::string_view) {},
        [&out](std::string_view name) {
            if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
        });
    return out;
}

std::string render(std::string_view text, const std::map<std::string, std::string>& values) {
    std::string out;
    bool left_out = false;
    walk(
        text,
        [&](std::string_view plain) {
            if (left_out && !plain.empty()) {
                // "Thank you, {name}." without a name is "Thank you."
                const bool closes = std::string_view(".!?:;,").find(plain.front()) != std::string_view::npos ||
                                    plain.starts_with("،") || plain.starts_with("؟");
                while (!out.empty() && (out.back() == ' ' || (closes && out.back() == ','))) out.pop_back();
                if (closes && out.ends_with("،")) out.erase(out.size() - std::string_view("،").size());
                if (!closes && plain.front() != ' ' && !out.empty() && out.back() != '\n') out.push_back(' ');
                left_out = false;
            }
            out += plain;
        },
        [&](std::string_view name) {
            const auto it = values.find(std::string(name));
            if (it == values.end() || it->second.empty())
                left_out = true;
            else
                out += it->second;
        });
    while (left_out && !out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

} // namespace chat_centre::intake
