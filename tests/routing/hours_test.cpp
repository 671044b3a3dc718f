#include "routing/hours.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::routing;

namespace {

time_point at(const char* text) { return *parse_time(text, "UTC"); }

// Riyadh is UTC+3 all year. Sunday to Thursday, with a pause at noon.
calendar riyadh() {
    calendar c;
    c.zone = "Asia/Riyadh";
    for (const int day : {7, 1, 2, 3, 4}) {
        c.shifts.push_back({day, 9 * 60, 13 * 60});
        c.shifts.push_back({day, 14 * 60, 18 * 60});
    }
    c.holidays = {"2026-11-23"};
    return c;
}

} // namespace

TEST_CASE("open and closed by local time", "[routing][hours]") {
    const auto c = riyadh();
    const std::pair<const char*, bool> table[] = {
        {"2026-11-19T05:59:00Z", false}, {"2026-11-19T06:00:00Z", true},  // Thursday, 9:00 in Riyadh
        {"2026-11-19T09:59:59Z", true},  {"2026-11-19T10:00:00Z", false}, // the pause
        {"2026-11-19T11:00:00Z", true},  {"2026-11-19T15:00:00Z", false}, // 18:00
        {"2026-11-20T08:00:00Z", false},                                  // Friday
        {"2026-11-22T08:00:00Z", true},                                   // Sunday
        {"2026-11-23T08:00:00Z", false},                                  // the holiday
    };
    for (const auto& [when, open] : table) {
        INFO(when);
        CHECK(is_open(c, at(when)) == open);
    }
    CHECK(is_open({}, at("2026-11-20T03:00:00Z")));
}

TEST_CASE("the next opening", "[routing][hours]") {
    const auto c = riyadh();
    CHECK(next_opening(c, at("2026-11-19T10:30:00Z")) == at("2026-11-19T11:00:00Z"));
    CHECK(next_opening(c, at("2026-11-19T15:00:00Z")) == at("2026-11-22T06:00:00Z"));
    CHECK(next_opening(c, at("2026-11-22T16:00:00Z")) == at("2026-11-24T06:00:00Z")); // over the holiday
    // Berlin: at 02:00 on 29 March 2026 the clock goes to 03:00, so 02:30 does not exist.
    const calendar spring{"Europe/Berlin", {{7, 150, 600}}, {}};
    CHECK(next_opening(spring, at("2026-03-28T12:00:00Z")) == at("2026-03-29T01:00:00Z"));
    const calendar winter{"Europe/Berlin", {{1, 540, 1020}}, {}};
    CHECK(next_opening(winter, at("2026-10-24T12:00:00Z")) == at("2026-10-26T08:00:00Z"));
    CHECK(next_opening(winter, at("2026-10-17T12:00:00Z")) == at("2026-10-19T07:00:00Z"));
}

TEST_CASE("times of a day as text", "[routing][hours]") {
    CHECK(parse_minutes("09:30") == 570);
    CHECK(parse_minutes("24:00") == 1440);
    for (const char* bad : {"9:30", "24:01", "12:60", "ab:cd", "", "12-30", "12:300"})
        CHECK_FALSE(parse_minutes(bad));
    CHECK(format_minutes(570) == "09:30");
    CHECK(format_minutes(1440) == "24:00");
}
