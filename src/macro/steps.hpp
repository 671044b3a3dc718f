#pragma once
// What the steps of a macro are, before any conversation: pure.

#include <chat_centre/conversation/staff_actions.hpp>
#include <chat_centre/macro/macro_routes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::macro {

constexpr std::string_view template_prefix = "template:";

std::optional<conversation::staff_act> act_of(std::string_view what); // nullopt: send and note
bool changes_standing(std::string_view what);                         // who has it, or its status
std::optional<std::string> template_named(const macro_step& s);       // the shortcut in "template:await"
void check_steps(const std::vector<macro_step>& steps);               // throws 422 naming the step

// Indexes of steps that are done in one transaction each. Messages go through the append lane, which has its own, so
// each send stands alone.
std::vector<std::vector<std::size_t>> segments_of(const std::vector<macro_step>& steps);

} // namespace chat_centre::macro
