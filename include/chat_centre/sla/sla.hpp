#pragma once
// Service levels of tickets: which policy covers one, when its answer and its solution are due, and what happens before,
// at and after that moment. The clocks are worked out anew at each change from what is stored (creation, pauses, opening
// hours), so nothing drifts, and each reminder, breach and escalation is a job that runs once.

#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/ticket/service.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::sla {

struct policy {
    std::int64_t id = 0;
    std::string name;
    std::int64_t department = 0; // 0: any
    std::optional<std::string> category, priority;
    int first_response_minutes = 0;
    int resolution_minutes = 0;
    int reminder_minutes = 30; // before a target is missed; 0: no reminder
    bool business_hours = true;
    bool active = true;
};

// The policy that covers a ticket: of those that fit, the one that names most; of equal ones, category counts more than
// department, and that more than priority; then the older one. nullptr: none. Pure.
const policy* most_specific(const std::vector<policy>& all, const ticket::row& t);

// How long before a target (of first response, or of resolution) somebody is reminded: as the policy says, and half of
// the target when that is not longer. 0: not at all. Pure.
std::chrono::minutes reminder_before(const policy& p, bool response);

// Counts a ticket's clocks and sets its jobs. In the transaction of each change, after the row is stored.
void count(db::tx& t, const ticket::row& of, time_point now);

// Handlers of sla.remind, sla.breach, sla.escalate, and sla.recount (policies or opening hours changed: all open tickets).
// A missed target goes up a level at once, and on to the manager when nobody has taken notice of that for `patience`.
// `s` outlives the runner.
void handle_jobs(jobs::runner& runner, const ticket::surroundings& s,
                 std::chrono::minutes patience = std::chrono::minutes(10));

// Opening hours or a policy changed: all open tickets are counted anew, soon.
void recount_soon(db::tx& t, time_point now);

} // namespace chat_centre::sla
