#include "channel/convai_ticket.hpp"

#include <chat_centre/base/json.hpp>

#include <array>
#include <utility>

namespace chat_centre::channel {
namespace {

constexpr std::array<std::pair<const char*, std::string convai_visitor::*>, 6> ticket_members{{
    {"user_id", &convai_visitor::user_id},
    {"user_name", &convai_visitor::user_name},
    {"user_email", &convai_visitor::user_email},
    {"user_phone", &convai_visitor::user_phone},
    {"language", &convai_visitor::language},
    {"scenario", &convai_visitor::scenario},
}};

} // namespace

std::string to_ticket_text(const convai_visitor& v) {
    json j = {{"expires", std::chrono::floor<std::chrono::seconds>(v.expires).time_since_epoch().count()}};
    for (const auto& [name, value] : ticket_members)
        if (!(v.*value).empty()) j[name] = v.*value;
    return dump(j);
}

std::optional<convai_visitor> from_ticket_text(std::string_view text, time_point now) {
    const json j = json::parse(text, nullptr, false);
    const auto until = j.is_object() ? j.find("expires") : j.end();
    if (until == j.end() || !until->is_number_integer()) return std::nullopt;
    convai_visitor v;
    v.expires = time_point(std::chrono::seconds(until->get<std::int64_t>()));
    if (v.expires <= now) return std::nullopt;
    for (const auto& [name, value] : ticket_members)
        if (const auto it = j.find(name); it != j.end() && it->is_string()) v.*value = it->get<std::string>();
    if (v.user_id.empty()) return std::nullopt;
    return v;
}

// xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx: 122 random bits.
bool is_unguessable(std::string_view user_id) {
    constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    if (user_id.size() != shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const char c =
            user_id[i] >= 'A' && user_id[i] <= 'F' ? static_cast<char>(user_id[i] - 'A' + 'a') : user_id[i];
        constexpr std::string_view hex = "0123456789abcdef";
        constexpr std::string_view variant = "89ab";
        const bool fits = shape[i] == 'x'   ? hex.find(c) != std::string_view::npos
                          : shape[i] == 'v' ? variant.find(c) != std::string_view::npos
                                            : c == shape[i];
        if (!fits) return false;
    }
    return true;
}

} // namespace chat_centre::channel
