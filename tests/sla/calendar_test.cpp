// Business time against a slow oracle: it walks minute by minute and asks the C library, not our zone library, what the
// wall clock shows.

#include <chat_centre/sla/calendar.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <ctime>
#include <random>
#include <set>
#include <string>

using namespace chat_centre;
using namespace chat_centre::sla;
using namespace std::chrono_literals;

namespace {

time_point at(const char* text) { return parse_time(text, "UTC").value(); }

std::chrono::sys_days day(const char* text) {
    return std::chrono::floor<std::chrono::days>(at((std::string(text) + "T00:00:00Z").c_str()));
}

std::string shown(const std::optional<time_point>& t) { return t ? to_rfc3339(*t) : "never"; }

calendar office(const char* zone) {
    calendar c;
    c.zone = zone;
    for (int d = 1; d <= 5; ++d) {
        c.hours.push_back({d, 9h, 13h});
        c.hours.push_back({d, 14h, 18h});
    }
    return c;
}

// The zone of the C library for the length of a scope.
class c_zone {
public:
    explicit c_zone(const std::string& zone) {
        if (const char* was = std::getenv("TZ")) before_ = was;
        setenv("TZ", zone.c_str(), 1);
        tzset();
    }
    ~c_zone() {
        if (before_.empty())
            unsetenv("TZ");
        else
            setenv("TZ", before_.c_str(), 1);
        tzset();
    }
    c_zone(const c_zone&) = delete;
    c_zone& operator=(const c_zone&) = delete;

private:
    std::string before_;
};

// Is the minute that begins now open? The C library's zone is the calendar's.
bool open_at(const calendar& c, const std::vector<standstill>& pauses, time_point now) {
    for (const auto& p : pauses)
        if (now >= p.from && (!p.until || now < *p.until)) return false;
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    std::tm wall{};
    localtime_r(&seconds, &wall);
    for (const auto& h : c.holidays) {
        const std::chrono::year_month_day d{h};
        if (static_cast<int>(d.year()) == wall.tm_year + 1900 &&
            static_cast<unsigned>(d.month()) == static_cast<unsigned>(wall.tm_mon + 1) &&
            static_cast<unsigned>(d.day()) == static_cast<unsigned>(wall.tm_mday))
            return false;
    }
    if (c.hours.empty()) return true;
    const int weekday = wall.tm_wday == 0 ? 7 : wall.tm_wday;
    const auto minute = std::chrono::hours(wall.tm_hour) + std::chrono::minutes(wall.tm_min);
    for (const auto& o : c.hours)
        if (o.day == weekday && minute >= o.opens && minute < o.closes) return true;
    return false;
}

struct schedule {
    calendar when;
    std::vector<standstill> pauses;
    time_point start;
    std::chrono::minutes amount;
};

schedule generate(std::mt19937& random) {
    const auto pick = [&random](int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(random); };
    // With and without daylight saving, on both hemispheres, half hours, changes at midnight and of half an hour.
    static const char* const zones[] = {
        "UTC",          "Europe/Berlin",       "America/New_York", "Africa/Harare",
        "Asia/Riyadh",  "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo",
        "Asia/Kolkata", "Pacific/Apia"};
    // Around the changes of 2024 to 2026, and anywhere.
    static const char* const changes[] = {
        "2025-03-30T01:00:00Z", "2025-10-26T01:00:00Z", "2025-03-09T07:00:00Z", "2025-11-02T06:00:00Z",
        "2025-04-05T15:00:00Z", "2025-10-04T15:30:00Z", "2025-09-07T04:00:00Z", "2025-04-24T22:00:00Z",
        "2025-10-30T21:00:00Z", "2026-02-11T12:00:00Z"};
    schedule s;
    const int zone = pick(0, 9);
    s.when.zone = zones[zone];
    s.start = at(changes[pick(0, 9)]) - std::chrono::minutes(pick(0, 6 * 1440)) +
              std::chrono::minutes(pick(0, 1440));
    if (pick(0, 9) != 0) {
        for (int d = 1; d <= 7; ++d) {
            const int shifts = pick(0, 9) < 2 ? 0 : pick(1, 3);
            for (int i = 0; i < shifts; ++i) { // shifts may touch and overlap
                const int opens = pick(0, 1438);
                s.when.hours.push_back(
                    {d, std::chrono::minutes(opens), std::chrono::minutes(pick(opens + 1, 1440))});
            }
        }
    }
    const auto first = std::chrono::floor<std::chrono::days>(s.start);
    for (int i = pick(0, 3); i > 0; --i) s.when.holidays.push_back(first + std::chrono::days(pick(-1, 7)));
    auto from = s.start - std::chrono::minutes(pick(0, 600));
    for (int i = pick(0, 4); i > 0; --i) {
        from += std::chrono::minutes(pick(0, 2000));
        const bool still = i == 1 && pick(0, 3) == 0;
        const auto until = from + std::chrono::minutes(pick(0, 1500));
        s.pauses.push_back({from, still ? std::nullopt : std::optional(until)});
        if (pick(0, 3) != 0) from = until; // else the next one may overlap
    }
    s.amount = std::chrono::minutes(pick(0, 2500));
    return s;
}

} // namespace

TEST_CASE("business time: 2,000 generated schedules against a minute-by-minute oracle", "[sla][calendar]") {
    std::mt19937 random(20261120); // NOLINT: the same schedules every time
    constexpr int schedules = 2000;
    constexpr auto limit = 14 * 24h;
    int differences = 0;
    int reached = 0;
    int stopped = 0;
    for (int n = 0; n < schedules; ++n) {
        const schedule s = generate(random);
        const c_zone zone(s.when.zone);
        std::chrono::minutes passed{0};
        std::optional<time_point> due;
        if (s.amount == 0min) due = s.start;
        std::vector<std::pair<time_point, std::chrono::minutes>> probes;
        for (auto now = s.start; now < s.start + limit; now += 1min) {
            if ((now - s.start) % 4999min == 0min) probes.emplace_back(now, passed);
            if (!open_at(s.when, s.pauses, now)) continue;
            passed += 1min;
            if (!due && passed == s.amount) due = now + 1min;
            if (due && probes.size() > 1) break;
        }
        const auto ours = reach(s.when, s.pauses, s.start, s.amount);
        bool same = due ? ours == due : !ours || *ours > s.start + limit;
        for (const auto& [when, sum] : probes) same = same && elapsed(s.when, s.pauses, s.start, when) == sum;
        if (ours) same = same && elapsed(s.when, s.pauses, s.start, *ours) == s.amount;
        (due ? reached : stopped) += 1;
        if (same) continue;
        ++differences;
        UNSCOPED_INFO("schedule " << n << " " << s.when.zone << " from " << to_rfc3339(s.start) << " "
                                  << s.amount.count() << " min: ours " << shown(ours) << ", oracle "
                                  << shown(due));
    }
    CHECK(differences == 0);
    CHECK(reached > 1000); // the generator is not all corner cases
    CHECK(stopped > 50);
}

TEST_CASE("business time: examples", "[sla][calendar]") {
    struct example {
        const char* what;
        calendar when;
        std::vector<standstill> pauses;
        const char* from;
        std::chrono::minutes amount;
        const char* due;
    };
    calendar holiday = office("UTC");
    holiday.holidays.push_back(day("2026-11-23"));
    calendar shut = office("UTC");
    for (int i = 0; i < 4000; ++i) shut.holidays.push_back(day("2026-11-20") + std::chrono::days(i));
    calendar night;
    night.zone = "Europe/Berlin";
    night.hours = {{7, 0h, 6h}};
    const std::vector<example> table = {
        {"around the clock", {}, {}, "2026-11-20T23:30:00Z", 60min, "2026-11-21T00:30:00.000Z"},
        {"within a shift", office("UTC"), {}, "2026-11-20T10:00:00Z", 60min, "2026-11-20T11:00:00.000Z"},
        {"across the break", office("UTC"), {}, "2026-11-20T12:30:00Z", 60min, "2026-11-20T14:30:00.000Z"},
        {"to the end of a shift", office("UTC"), {}, "2026-11-20T12:30:00Z", 30min, "2026-11-20T13:00:00.000Z"},
        {"over the weekend", office("UTC"), {}, "2026-11-20T17:30:00Z", 60min, "2026-11-23T09:30:00.000Z"},
        {"a holiday", holiday, {}, "2026-11-20T17:30:00Z", 60min, "2026-11-24T09:30:00.000Z"},
        {"local hours", office("Africa/Harare"), {}, "2026-11-20T05:00:00Z", 30min, "2026-11-20T07:30:00.000Z"},
        {"a pause",
         office("UTC"),
         {{at("2026-11-20T10:10:00Z"), at("2026-11-20T11:10:00Z")}},
         "2026-11-20T10:00:00Z",
         60min,
         "2026-11-20T12:00:00.000Z"},
        {"a pause that lasts",
         office("UTC"),
         {{at("2026-11-20T10:10:00Z"), std::nullopt}},
         "2026-11-20T10:00:00Z",
         60min,
         "never"},
        {"due before the pause",
         office("UTC"),
         {{at("2026-11-20T12:10:00Z"), std::nullopt}},
         "2026-11-20T10:00:00Z",
         60min,
         "2026-11-20T11:00:00.000Z"},
        {"never open again", shut, {}, "2026-11-20T10:00:00Z", 60min, "never"},
        {"spring: an hour is skipped", night, {}, "2025-03-29T20:00:00Z", 240min, "2025-03-30T03:00:00.000Z"},
        {"autumn: an hour comes twice", night, {}, "2025-10-25T20:00:00Z", 420min, "2025-10-26T05:00:00.000Z"},
    };
    for (const auto& e : table) {
        INFO(e.what);
        CHECK(shown(reach(e.when, e.pauses, at(e.from), e.amount)) == e.due);
    }
    CHECK(elapsed(office("UTC"), {}, at("2026-11-20T00:00:00Z"), at("2026-11-27T00:00:00Z")) == 40h);
    CHECK(elapsed(office("UTC"), {}, at("2026-11-20T12:00:00Z"), at("2026-11-20T11:00:00Z")) == 0h);
}
