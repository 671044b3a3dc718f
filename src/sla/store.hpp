#pragma once
// SQL of service levels.

#include <chat_centre/sla/calendar.hpp>
#include <chat_centre/sla/sla.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::sla {

struct stored_policy : policy {
    std::string department_slug, department_en, department_ar;
};
json to_json(const stored_policy& p);

std::vector<policy> all_policies(db::tx& t); // in order of id
std::vector<stored_policy> list_policies(db::tx& t, std::int64_t after, std::int64_t limit);
std::optional<stored_policy> lock_policy(db::tx& t, std::int64_t id);
std::int64_t add_policy(db::tx& t, const policy& p, time_point now); // throws 409 for a name in use
void save_policy(db::tx& t, const policy& p, time_point now);        // the same
bool remove_policy(db::tx& t, std::int64_t id);

// A department's opening hours; around the clock in UTC for none.
calendar calendar_of(db::tx& t, std::int64_t department);

} // namespace chat_centre::sla
