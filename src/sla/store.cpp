#include "sla/store.hpp"

#include "sla/queries.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <limits>

namespace chat_centre::sla {
namespace {

stored_policy from_row(const db::row& r) {
    stored_policy p;
    p.id = r.get<std::int64_t>(0);
    p.name = r.get<std::string>(1);
    p.department = r.is_null(2) ? 0 : r.get<std::int64_t>(2);
    p.category = r.get<std::optional<std::string>>(3);
    p.priority = r.get<std::optional<std::string>>(4);
    p.first_response_minutes = r.get<int>(5);
    p.resolution_minutes = r.get<int>(6);
    p.reminder_minutes = r.get<int>(7);
    p.business_hours = r.get<bool>(8);
    p.active = r.get<bool>(9);
    p.department_slug = r.text(10);
    p.department_en = r.text(11);
    p.department_ar = r.text(12);
    return p;
}

std::optional<std::int64_t> id_or_null(std::int64_t id) { return id == 0 ? std::nullopt : std::optional(id); }

[[noreturn]] void rethrow(const db::failure& e, const policy& p) {
    if (e.constraint() == "sla_policy_name_key")
        throw error::conflict("There is a policy with the name " + p.name + " already.");
    throw db::failure(e);
}

} // namespace

json to_json(const stored_policy& p) {
    json j = {{"sla_policy_id", format_id("SLA", p.id)},
              {"name", p.name},
              {"department", nullptr},
              {"category", p.category ? json(*p.category) : json(nullptr)},
              {"priority", p.priority ? json(*p.priority) : json(nullptr)},
              {"first_response_minutes", p.first_response_minutes},
              {"resolution_minutes", p.resolution_minutes},
              {"reminder_minutes", p.reminder_minutes},
              {"business_hours", p.business_hours},
              {"active", p.active}};
    if (p.department != 0)
        j["department"] = {
            {"slug", p.department_slug}, {"name_en", p.department_en}, {"name_ar", p.department_ar}};
    return j;
}

std::vector<policy> all_policies(db::tx& t) {
    std::vector<policy> out;
    for (const auto r : t.many(sql::policies, 0, std::numeric_limits<std::int64_t>::max()))
        out.push_back(from_row(r));
    return out;
}

std::vector<stored_policy> list_policies(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<stored_policy> out;
    for (const auto r : t.many(sql::policies, after, limit)) out.push_back(from_row(r));
    return out;
}

std::optional<stored_policy> lock_policy(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::policy, id);
    return r ? std::optional(from_row(*r)) : std::nullopt;
}

std::int64_t add_policy(db::tx& t, const policy& p, time_point now) {
    try {
        return t.scalar<std::int64_t>(sql::add_policy, p.name, id_or_null(p.department), p.category,
                                      p.priority, p.first_response_minutes, p.resolution_minutes,
                                      p.reminder_minutes, p.business_hours, p.active, now);
    } catch (const db::failure& e) {
        rethrow(e, p);
    }
}

void save_policy(db::tx& t, const policy& p, time_point now) {
    try {
        t.exec(sql::change_policy, p.id, p.name, id_or_null(p.department), p.category, p.priority,
               p.first_response_minutes, p.resolution_minutes, p.reminder_minutes, p.business_hours, p.active,
               now);
    } catch (const db::failure& e) {
        rethrow(e, p);
    }
}

bool remove_policy(db::tx& t, std::int64_t id) { return t.exec(sql::remove_policy, id) > 0; }

calendar calendar_of(db::tx& t, std::int64_t department) {
    calendar c;
    const auto zone = department == 0 ? t.maybe(sql::company_zone) : t.maybe(sql::zone, department);
    if (zone) c.zone = zone->get<std::string>(0);
    for (const auto r : t.many(sql::hours, department))
        c.hours.push_back(
            {r.get<int>(0), std::chrono::minutes(r.get<int>(1)), std::chrono::minutes(r.get<int>(2))});
    for (const auto r : t.many(sql::holidays, department))
        if (const auto day = parse_time(r.get<std::string>(0) + "T00:00:00Z", "UTC"))
            c.holidays.push_back(std::chrono::floor<std::chrono::days>(*day));
    return c;
}

} // namespace chat_centre::sla
