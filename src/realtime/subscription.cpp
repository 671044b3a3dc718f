#include "subscription.hpp"

#include <algorithm>

namespace chat_centre::realtime {

bool subscriptions::has(const topic& t) const {
    return std::any_of(list_.begin(), list_.end(), [&](const subscription& s) { return s.what == t; });
}

void subscriptions::set(const topic& t, std::int64_t since, std::int64_t from) {
    for (subscription& s : list_) {
        if (s.what != t) continue;
        s.since = since;
        s.from = from;
        return;
    }
    list_.push_back({t, since, from});
}

bool subscriptions::remove(const topic& t) {
    return std::erase_if(list_, [&](const subscription& s) { return s.what == t; }) != 0;
}

bool subscriptions::owes(const event::entry& e, std::int64_t staff) const {
    const routing r = route(e);
    return std::any_of(list_.begin(), list_.end(),
                       [&](const subscription& s) { return e.id > s.from && carries(r, s.what, staff); });
}

bool subscriptions::replays(const std::vector<topic>& asked, const event::entry& e, std::int64_t staff) const {
    const routing r = route(e);
    if (std::none_of(asked.begin(), asked.end(), [&](const topic& t) { return carries(r, t, staff); }))
        return false;
    return std::none_of(list_.begin(), list_.end(), [&](const subscription& s) {
        return std::find(asked.begin(), asked.end(), s.what) == asked.end() && e.id > s.since &&
               carries(r, s.what, staff);
    });
}

bool replay_range::advance(std::int64_t page_reached) {
    if (page_reached <= reached_) return false;
    reached_ = page_reached;
    return true;
}

} // namespace chat_centre::realtime
