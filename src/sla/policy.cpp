#include "sla/store.hpp"

#include <tuple>

namespace chat_centre::sla {

const policy* most_specific(const std::vector<policy>& all, const ticket::row& t) {
    const auto fits = [&t](const policy& p) {
        return p.active && (p.department == 0 || p.department == t.department) &&
               (!p.category || p.category == t.category) && (!p.priority || p.priority == t.priority);
    };
    const auto weight = [](const policy& p) {
        const int category = p.category ? 1 : 0;
        const int department = p.department != 0 ? 1 : 0;
        const int priority = p.priority ? 1 : 0;
        return std::tuple(category + department + priority, category, department);
    };
    const policy* best = nullptr;
    for (const auto& p : all)
        if (fits(p) && (!best || weight(p) > weight(*best))) best = &p;
    return best;
}

std::chrono::minutes reminder_before(const policy& p, bool response) {
    const int target = response ? p.first_response_minutes : p.resolution_minutes;
    return std::chrono::minutes(p.reminder_minutes < target ? p.reminder_minutes : target / 2);
}

} // namespace chat_centre::sla
