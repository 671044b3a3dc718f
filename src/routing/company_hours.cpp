#include <chat_centre/routing/company_hours.hpp>

#include "routing/dispatch.hpp"
#include "routing/queries.hpp"

#include <chat_centre/audit/audit.hpp>

#include <optional>

namespace chat_centre::routing {

void set_company_hours(db::tx& t, const config::settings& s, time_point now) {
    std::optional<std::string> opens, closes; // none: around the clock
    if (s.business_hours_given) {
        opens = s.business_hours_start;
        closes = s.business_hours_end;
    }
    const auto changed = t.maybe(sql::set_company_hours, s.time_zone, opens, closes);
    if (!changed) return;
    if (changed->get<bool>(0)) t.exec(sql::seed_zones, s.time_zone);
    audit::row r;
    r.action = "company_hours.change";
    r.target = "company";
    r.detail = {{"time_zone", s.time_zone}, {"opens", opens.value_or("")}, {"closes", closes.value_or("")}};
    audit::record(t, r);
    for (const auto d : t.many(sql::automatic_departments)) drain_soon(t, d.get<std::int64_t>(0), now);
}

} // namespace chat_centre::routing
