#pragma once
// Our side of the demo: which accounts there are. Only Sarah Johnson is a person, of document 000; the others are
// named by what they do.

#include "demo/dialogue.hpp"

#include <span>
#include <string>
#include <string_view>

namespace chat_centre::demo {

struct desk_account {
    desk who = desk::none;
    std::string_view name;
    std::string_view email;
    std::string_view role;
    std::span<const std::string_view> departments;
    std::span<const std::string_view> languages;
};

// Every desk but none and admin, who signs in as who the operator says.
std::span<const desk_account> desk_accounts();

// Whether this desk may see what waits in the department.
bool serves(desk who, std::string_view department);

} // namespace chat_centre::demo
