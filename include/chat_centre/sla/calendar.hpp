#pragma once
// Business time: pure arithmetic over opening hours, holidays, time zones and pauses.
//
// An instant is open when the wall clock of the zone shows a time within the hours of its day and that day is no holiday.
// So an hour that the clock skips does not count, and one that it shows twice counts twice.

#include <chat_centre/base/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::sla {

struct opening {
    int day = 1; // 1 to 7, Monday first
    std::chrono::minutes opens{0};
    std::chrono::minutes closes{0}; // after opens, at most 24 h
};

struct calendar {
    std::string zone = "UTC";   // an IANA name; an unknown one counts as UTC
    std::vector<opening> hours; // several a day are split shifts; none at all: open around the clock
    std::vector<std::chrono::sys_days> holidays; // days of the zone
};

// When the clock stands still. until nullopt: still.
struct standstill {
    time_point from{};
    std::optional<time_point> until;
};

using duration = std::chrono::microseconds;

// Open time between the two, without the pauses; 0 when to is before from.
duration elapsed(const calendar& c, const std::vector<standstill>& pauses, time_point from, time_point to);

// The first instant at which `amount` of open time has passed since from. nullopt: the clock stands still before that, or
// it is more than ten years away.
std::optional<time_point> reach(const calendar& c, const std::vector<standstill>& pauses, time_point from,
                                duration amount);

} // namespace chat_centre::sla
