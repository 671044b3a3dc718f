#include <chat_centre/base/clock.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <stdexcept>
#include <string>

using namespace chat_centre;
using std::chrono::microseconds;
using std::chrono::sys_days;

namespace {

std::string read(std::string_view text, std::string_view zone = "UTC") {
    const auto t = parse_time(text, zone);
    return t ? to_postgres(*t) : "-";
}

} // namespace

TEST_CASE("times with a zone of their own", "[base][clock]") {
    struct {
        const char* text;
        const char* utc; // to_postgres; "-": refused
    } const table[] = {
        {"2024-10-21T16:45:00Z", "2024-10-21 16:45:00.000000+00"},
        {"2024-10-21t16:45:00z", "2024-10-21 16:45:00.000000+00"},
        {"2024-10-21 16:45:00Z", "2024-10-21 16:45:00.000000+00"},
        {"2024-10-21T16:45Z", "2024-10-21 16:45:00.000000+00"},
        {"2024-10-21T16:45:00.5Z", "2024-10-21 16:45:00.500000+00"},
        {"2024-10-21T16:45:00.123456Z", "2024-10-21 16:45:00.123456+00"},
        {"2024-10-21T16:45:00.123456789Z", "2024-10-21 16:45:00.123456+00"},
        {"2024-10-21T16:45:00+02:00", "2024-10-21 14:45:00.000000+00"},
        {"2024-10-21T16:45:00-0530", "2024-10-21 22:15:00.000000+00"},
        {"2024-10-21T16:45:00+02", "2024-10-21 14:45:00.000000+00"},
        {"2024-10-21T00:30:00+02:00", "2024-10-20 22:30:00.000000+00"},
        {"2024-02-29T12:00:00Z", "2024-02-29 12:00:00.000000+00"},
        {"2023-02-29T12:00:00Z", "-"},
        {"2000-02-29T12:00:00Z", "2000-02-29 12:00:00.000000+00"},
        {"2100-02-29T12:00:00Z", "-"},
        {"2016-12-31T23:59:60Z", "2017-01-01 00:00:00.000000+00"}, // a leap second
        {"1970-01-01T00:00:00Z", "1970-01-01 00:00:00.000000+00"},
        {"9999-12-31T23:59:59.999999Z", "9999-12-31 23:59:59.999999+00"},
        // Over the ends: by the text, by the zone, by the leap second.
        {"1969-12-31T23:59:59Z", "-"},
        {"1970-01-01T00:00:00+05:00", "-"},
        {"1969-12-31T23:00:00-05:00", "-"},
        {"9999-12-31T23:59:59-15:00", "-"},
        {"9999-12-31T23:59:60Z", "-"},
        {"10000-01-01T00:00:00Z", "-"},
        {"0000-00-00T00:00:00Z", "-"},
        {"2024-13-01T00:00:00Z", "-"},
        {"2024-00-01T00:00:00Z", "-"},
        {"2024-04-31T00:00:00Z", "-"},
        {"2024-10-21T24:00:00Z", "-"},
        {"2024-10-21T16:60:00Z", "-"},
        {"2024-10-21T16:45:61Z", "-"},
        {"2024-10-21T16:45:00.Z", "-"},
        {"2024-10-21T16:45:00ZZ", "-"},
        {"2024-10-21T16:45:00 Z", "-"},
        {"2024-10-21T16:45:00+", "-"},
        {"2024-10-21T16:45:00+2", "-"},
        {"2024-10-21T16:45:00+02:", "-"},
        {"2024-10-21T16:45:00+02:0", "-"},
        {"2024-10-21T16:45:00+02:60", "-"},
        {"2024-10-21T16:45:00+16:00", "-"},
        {"2024-10-21T16:45:00+02:00x", "-"},
        {"2024-10-21T16:45:00 Africa/Harare", "-"},
        {"2024-10-21", "-"},
        {"2024-10-21T", "-"},
        {"2024-1-2T03:04:05Z", "-"},
        {"24-10-21T16:45:00Z", "-"},
        {" 2024-10-21T16:45:00Z", "-"},
        {"2024/10/21 16:45:00", "-"},
        {"21-10-2024 16:45:00", "-"},
        {"-2024-10-21T16:45:00Z", "-"},
        {"yesterday", "-"},
        {"", "-"},
        {"-", "-"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(read(t.text) == t.utc);
    }
}

TEST_CASE("Unix seconds", "[base][clock]") {
    struct {
        const char* text;
        const char* utc;
    } const table[] = {
        {"0", "1970-01-01 00:00:00.000000+00"},
        {"1732096800", "2024-11-20 10:00:00.000000+00"},
        {"1732096800.5", "2024-11-20 10:00:00.500000+00"},
        {"1732096800.0000009", "2024-11-20 10:00:00.000000+00"},
        {"253402300799", "9999-12-31 23:59:59.000000+00"},
        {"253402300799.999999", "9999-12-31 23:59:59.999999+00"},
        {"253402300800", "-"},
        {"1732096800000", "-"}, // milliseconds: another unit, not another century
        {"99999999999999999999", "-"},
        {"-1", "-"},
        {"+1", "-"},
        {" 1", "-"},
        {"1 ", "-"},
        {"1.", "-"},
        {".5", "-"},
        {"1e9", "-"},
        {"1.5.5", "-"},
        {"0x10", "-"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(read(t.text) == t.utc);
        CHECK(read(t.text, "Africa/Harare") == t.utc); // the zone is of no importance
    }
}

TEST_CASE("times without a zone are the company's", "[base][clock]") {
    struct {
        const char* zone;
        const char* text;
        const char* utc;
    } const table[] = {
        {"UTC", "2024-10-21 16:45:00", "2024-10-21 16:45:00.000000+00"},
        {"", "2024-10-21 16:45:00", "2024-10-21 16:45:00.000000+00"},
        {"Africa/Harare", "2024-10-21 16:45:00", "2024-10-21 14:45:00.000000+00"},
        {"Africa/Harare", "2024-10-21T16:45:00.25", "2024-10-21 14:45:00.250000+00"},
        {"Asia/Riyadh", "2024-01-01 02:00:00", "2023-12-31 23:00:00.000000+00"},
        {"Asia/Kolkata", "2024-10-21 16:45:00", "2024-10-21 11:15:00.000000+00"},
        {"America/New_York", "2024-07-01 12:00:00", "2024-07-01 16:00:00.000000+00"},
        {"America/New_York", "2024-12-01 12:00:00", "2024-12-01 17:00:00.000000+00"},
        {"Africa/Harare", "2024-10-21T16:45:00Z", "2024-10-21 16:45:00.000000+00"}, // its own wins
        // Berlin, 31 March 2024: 02:00 becomes 03:00. What is skipped is the moment of the change.
        {"Europe/Berlin", "2024-03-31 01:59:59", "2024-03-31 00:59:59.000000+00"},
        {"Europe/Berlin", "2024-03-31 02:00:00", "2024-03-31 01:00:00.000000+00"},
        {"Europe/Berlin", "2024-03-31 02:30:00", "2024-03-31 01:00:00.000000+00"},
        {"Europe/Berlin", "2024-03-31 03:00:00", "2024-03-31 01:00:00.000000+00"},
        // 27 October 2024: 03:00 becomes 02:00. What comes twice is the first.
        {"Europe/Berlin", "2024-10-27 01:59:59", "2024-10-26 23:59:59.000000+00"},
        {"Europe/Berlin", "2024-10-27 02:30:00", "2024-10-27 00:30:00.000000+00"},
        {"Europe/Berlin", "2024-10-27 03:00:00", "2024-10-27 02:00:00.000000+00"},
        // Over the ends by the zone.
        {"America/New_York", "9999-12-31 23:59:59", "-"},
        {"Africa/Harare", "1970-01-01 00:00:00", "-"},
    };
    for (const auto& t : table) {
        INFO(t.zone << " " << t.text);
        CHECK(read(t.text, t.zone) == t.utc);
    }
}

TEST_CASE("whatever is accepted can be stored and read again", "[base][clock]") {
    for (const char* text :
         {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2024-02-29T12:34:56.789012Z",
          "2024-10-21T16:45:00-15:59", "253402300799.999999", "2016-12-31T23:59:60+15:59"}) {
        const auto t = parse_time(text, "UTC");
        INFO(text);
        REQUIRE(t);
        CHECK(from_postgres(to_postgres(*t)) == *t);
        CHECK(parse_time(to_rfc3339(*t), "UTC") == std::chrono::floor<std::chrono::milliseconds>(*t));
    }
    // PostgreSQL's own forms of a timestamptz with TimeZone=UTC.
    for (const auto& [text, rfc] : {std::pair{"2026-11-20 10:00:00+00", "2026-11-20T10:00:00.000Z"},
                                    std::pair{"2026-11-20 10:00:00.1+00", "2026-11-20T10:00:00.100Z"},
                                    std::pair{"2026-11-20 10:00:00.123456+00", "2026-11-20T10:00:00.123Z"}})
        CHECK(to_rfc3339(from_postgres(text)) == rfc);
    for (const char* bad :
         {"", "infinity", "-infinity", "10000-01-01 00:00:00+00", "0001-01-01 00:00:00+00 BC"})
        CHECK_THROWS_AS(from_postgres(bad), std::invalid_argument);
}

TEST_CASE("the start of a day", "[base][clock]") {
    struct {
        const char* zone;
        const char* t;
        const char* start;
    } const table[] = {
        {"UTC", "2024-10-21T16:45:00Z", "2024-10-21T00:00:00.000Z"},
        {"UTC", "2024-10-21T00:00:00Z", "2024-10-21T00:00:00.000Z"},
        {"Africa/Harare", "2024-10-21T16:45:00Z", "2024-10-20T22:00:00.000Z"},
        {"Africa/Harare", "2024-10-21T21:59:59Z", "2024-10-20T22:00:00.000Z"},
        {"Africa/Harare", "2024-10-21T22:00:00Z", "2024-10-21T22:00:00.000Z"},
        {"Europe/Berlin", "2024-03-31T12:00:00Z", "2024-03-30T23:00:00.000Z"},
        {"Europe/Berlin", "2024-10-27T12:00:00Z", "2024-10-26T22:00:00.000Z"},
        // Beirut, 31 March 2024: midnight is skipped, the day starts at 01:00.
        {"Asia/Beirut", "2024-03-31T12:00:00Z", "2024-03-30T22:00:00.000Z"},
    };
    for (const auto& t : table) {
        INFO(t.zone << " " << t.t);
        const auto start = start_of_day(*parse_time(t.t, "UTC"), t.zone);
        CHECK(to_rfc3339(start) == t.start);
        CHECK(start_of_day(start, t.zone) == start);
    }
}

TEST_CASE("which zones there are", "[base][clock]") {
    for (const char* zone : {"UTC", "Africa/Harare", "Europe/Berlin", "Asia/Riyadh"}) {
        INFO(zone);
        CHECK(is_known_zone(zone));
    }
    for (const char* zone : {"", "Mars/Olympus", "africa/harare ", "../../etc/passwd", "+02:00"}) {
        INFO(zone);
        CHECK_FALSE(is_known_zone(zone));
    }
}
