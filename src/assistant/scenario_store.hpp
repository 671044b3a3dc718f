#pragma once
// Scenarios in the database. Database threads only.

#include <chat_centre/assistant/scenario.hpp>
#include <chat_centre/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::assistant {

std::vector<scenario> list_scenarios(db::tx& t, std::int64_t after, std::int64_t limit);
// By slug or as "SCN-3".
std::optional<scenario> find_scenario(db::tx& t, std::string_view name);
std::optional<scenario> lock_scenario(db::tx& t, std::string_view name);
std::int64_t add_scenario(db::tx& t, const scenario& s, time_point now);
void change_scenario(db::tx& t, const scenario& s, time_point now);

// Pure. A threshold that is not given stays as it is; throws error 422 for one that is unknown or out of range.
thresholds read_thresholds(const json& given, thresholds base = {});
json to_json(const thresholds& t);
json to_json(const branding& b);

} // namespace chat_centre::assistant
