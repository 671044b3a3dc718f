#pragma once
// Time is injected: nothing but system_clock_source reads the machine's clock.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre {

// UTC, microseconds: what PostgreSQL's timestamptz holds.
using time_point = std::chrono::sys_time<std::chrono::microseconds>;

class clock_source {
public:
    virtual ~clock_source() = default;
    virtual time_point now() const = 0;                               // wall clock, may step
    virtual std::chrono::steady_clock::time_point steady() const = 0; // for deadlines and rates
};

// Thread-safe. Lives as long as the program.
const clock_source& system_clock_source();

// "2026-11-20T10:00:00.000Z"
std::string to_rfc3339(time_point t);

// Reads RFC 3339 / ISO 8601 with a zone, Unix seconds ("1732096800", fractions allowed), and the documented
// "2024-10-21 16:45:00" (also with T), which is taken in `zone` (an IANA name such as "Africa/Harare").
// nullopt when it is none of these or outside the years 1970 to 9999.
std::optional<time_point> parse_time(std::string_view text, std::string_view zone);

// PostgreSQL's text form of a timestamptz in a session with TimeZone=UTC: "2026-11-20 10:00:00.123456+00".
time_point from_postgres(std::string_view text);
std::string to_postgres(time_point t);

// Midnight at the start of t's day in `zone`, as UTC.
time_point start_of_day(time_point t, std::string_view zone);
bool is_known_zone(std::string_view zone);

} // namespace chat_centre
