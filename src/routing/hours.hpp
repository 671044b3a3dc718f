#pragma once
// When a department is open: local times of its zone, with split shifts and holidays. Pure.

#include <chat_centre/base/clock.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::routing {

struct shift {
    int day = 1;    // Monday is 1
    int opens = 0;  // minutes after midnight, local time
    int closes = 0; // exclusive; 1440 is the end of the day
};

struct calendar {
    std::string zone = "UTC";
    std::vector<shift> shifts;         // none: always open
    std::vector<std::string> holidays; // "2026-12-25"
};

bool is_open(const calendar& c, time_point at);
// The next moment it opens, after `at`; nullopt when it does not within a year.
std::optional<time_point> next_opening(const calendar& c, time_point at);

// "09:30" as minutes; "24:00" is 1440. nullopt for anything else.
std::optional<int> parse_minutes(std::string_view text);
std::string format_minutes(int minutes);

} // namespace chat_centre::routing
