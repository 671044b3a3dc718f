#pragma once
// The state of one target, as a pure function of what is stored.

#include <chat_centre/sla/calendar.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::sla {

struct facts {
    time_point start{};                 // the ticket was made
    duration target{};                  // of open time
    std::optional<time_point> met;      // answered, resolved
    bool paused = false;                // nobody on our side can do anything
    std::optional<time_point> breached; // noticed before: it stays missed, whatever is changed later
};

struct reading {
    std::optional<time_point> due; // nullopt: the clock stands still
    std::optional<time_point> met;
    std::string state;                  // running, paused, met, breached
    bool remind = false, watch = false; // a reminder, a breach may still come
};
reading read(const calendar& c, const std::vector<standstill>& pauses, const facts& f, time_point now);

} // namespace chat_centre::sla
