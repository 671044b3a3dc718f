#pragma once
// How a person wants to hear of something. Pure.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::notify {

struct ways {
    bool in_app = true;
    bool browser = false;
    bool mail = false;
    bool operator==(const ways&) const = default;
};

struct preferences {
    std::map<std::string, ways, std::less<>> kinds; // what the person chose
    std::string quiet_from, quiet_to;               // "22:00" and "07:00"; "": no quiet hours
    bool chosen = false;                            // false: these are the defaults
};

// Kinds that people are shown with a default each; a kind not named here goes by its first word ("sla.breach" by "sla"),
// and that by its level.
const std::map<std::string, ways, std::less<>>& default_kinds();
ways ways_of(const preferences& p, std::string_view kind, std::string_view level);

std::optional<int> clock_minutes(std::string_view hh_mm); // "22:00" -> 1320; nullopt: no time of day

// Minutes until the quiet hours end; nullopt: it is not quiet. They may span midnight. Both times equal: never quiet.
std::optional<int> quiet_minutes(std::string_view from, std::string_view to, int minute_of_day);

struct decision {
    bool in_app = true;
    bool browser = false;
    bool mail = false;
    int mail_delay_minutes = 0; // until the quiet hours are over
    bool operator==(const decision&) const = default;
};
// Something urgent is always in the centre and breaks the quiet.
decision decide(const preferences& p, std::string_view kind, std::string_view level, int minute_of_day);

int minute_of_day(time_point t, std::string_view zone);

preferences read_preferences(std::string_view kinds_json, std::string quiet_from, std::string quiet_to);
json kinds_to_json(const std::map<std::string, ways, std::less<>>& kinds);

} // namespace chat_centre::notify
