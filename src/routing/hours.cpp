#include "routing/hours.hpp"

#include <date/tz.h>

#include <algorithm>

namespace chat_centre::routing {
namespace {

using std::chrono::microseconds;

const date::time_zone& zone_of(const calendar& c) {
    try {
        return *date::locate_zone(c.zone.empty() ? "UTC" : c.zone);
    } catch (
        const std::exception&) { // it was checked when it was set; the machine's zone files have changed since
        return *date::locate_zone("UTC");
    }
}

bool holiday(const calendar& c, date::local_days day) {
    return !c.holidays.empty() &&
           std::find(c.holidays.begin(), c.holidays.end(), date::format("%F", day)) != c.holidays.end();
}

int weekday_of(date::local_days day) { return static_cast<int>(date::weekday(day).iso_encoding()); }

} // namespace

bool is_open(const calendar& c, time_point at) {
    if (c.shifts.empty() && c.holidays.empty()) return true;
    const auto local = zone_of(c).to_local(date::sys_time<microseconds>{at.time_since_epoch()});
    const auto day = date::floor<date::days>(local);
    if (holiday(c, day)) return false;
    if (c.shifts.empty()) return true;
    const auto minute = date::floor<std::chrono::minutes>(local - day).count();
    const int weekday = weekday_of(day);
    return std::any_of(c.shifts.begin(), c.shifts.end(), [&](const shift& s) {
        return s.day == weekday && s.opens <= minute && minute < s.closes;
    });
}

std::optional<time_point> next_opening(const calendar& c, time_point at) {
    const auto& zone = zone_of(c);
    const auto today =
        date::floor<date::days>(zone.to_local(date::sys_time<microseconds>{at.time_since_epoch()}));
    for (int n = 0; n <= 366; ++n) {
        const auto day = today + date::days(n);
        if (holiday(c, day)) continue;
        std::optional<time_point> first;
        const auto consider = [&](int minutes) {
            const date::local_time<microseconds> moment = day + std::chrono::minutes(minutes);
            const time_point when{zone.to_sys(moment, date::choose::earliest).time_since_epoch()};
            if (when > at && (!first || when < *first)) first = when;
        };
        if (c.shifts.empty()) consider(0);
        for (const auto& s : c.shifts)
            if (s.day == weekday_of(day)) consider(s.opens);
        if (first) return first;
    }
    return std::nullopt;
}

std::optional<int> parse_minutes(std::string_view text) {
    const auto digit = [](char d) { return d >= '0' && d <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(text[0]) || !digit(text[1]) || !digit(text[3]) ||
        !digit(text[4]))
        return std::nullopt;
    const int hours = (text[0] - '0') * 10 + (text[1] - '0');
    const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (hours > 24 || minutes > 59 || (hours == 24 && minutes != 0)) return std::nullopt;
    return hours * 60 + minutes;
}

std::string format_minutes(int minutes) {
    const auto two = [](int n) {
        return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
    };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

} // namespace chat_centre::routing
