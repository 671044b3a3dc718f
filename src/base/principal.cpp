#include <chat_centre/base/principal.hpp>

#include <array>
#include <utility>

namespace chat_centre {
namespace {

constexpr std::array<std::pair<role, std::string_view>, 4> role_names{{
    {role::agent, "agent"},
    {role::engineer, "engineer"},
    {role::manager, "manager"},
    {role::admin, "admin"},
}};

} // namespace

std::string_view to_string(role r) {
    for (const auto& [value, name] : role_names)
        if (value == r) return name;
    return "agent";
}

bool parse_role(std::string_view text, role& out) {
    for (const auto& [value, name] : role_names)
        if (name == text) {
            out = value;
            return true;
        }
    return false;
}

} // namespace chat_centre
