// The company's hours stand in for departments that have none.

#include "routing/desk_fixture.hpp"
#include "routing/store.hpp"
#include "sla/store.hpp"

#include <chat_centre/db/pool.hpp>
#include <chat_centre/routing/company_hours.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::routing;

namespace {

constexpr db::query audited{"test.audited",
                            "SELECT count(*) FROM audit WHERE action = 'company_hours.change'"};
constexpr db::query recounts{"test.recounts", "SELECT count(*) FROM job WHERE kind = 'sla.recount'"};
constexpr db::query drains{"test.drains", "SELECT count(*) FROM job WHERE kind = 'routing.drain'"};

struct company : tests::centre {
    company() {
        department("plain", "least_loaded");
        department("own", "manual", "time_zone = 'Asia/Riyadh'");
        run("INSERT INTO department_hours SELECT department_id, 7, '08:00', '12:00' FROM department WHERE slug = 'own'");
    }
    void start(const char* zone, const char* opens = nullptr, const char* closes = nullptr) {
        config::settings s;
        s.time_zone = zone;
        s.business_hours_given = opens != nullptr;
        if (opens != nullptr) {
            s.business_hours_start = opens;
            s.business_hours_end = closes;
        }
        pool.run_blocking([&](db::tx& t) { set_company_hours(t, s, now); });
    }
    desk_settings desk(const char* slug) {
        return pool.run_blocking([&](db::tx& t) { return *find_desk(t, department_id(t, slug)); });
    }
    sla::calendar clocks(const char* slug) {
        return pool.run_blocking(
            [&](db::tx& t) { return sla::calendar_of(t, slug ? department_id(t, slug) : 0); });
    }
    int count(const db::query& q) {
        return pool.run_blocking([&](db::tx& t) { return t.scalar<int>(q); });
    }

    db::pool pool{settings(), "test", 1};
    time_point now = *parse_time("2026-11-20T07:30:00Z", "UTC"); // 09:30 in Harare
};

} // namespace

TEST_CASE("without hours of its own a department keeps the company's", "[routing][hours]") {
    company c;
    CHECK(c.desk("plain").hours_from == "always"); // before the first start

    c.start("Africa/Harare", "09:00", "18:00");
    const auto plain = c.desk("plain");
    CHECK(plain.hours_from == "company");
    CHECK(plain.open.zone == "Africa/Harare");
    CHECK(plain.open.shifts.size() == 7);
    CHECK(plain.own.shifts.empty());
    CHECK(is_open(plain.open, c.now));
    CHECK_FALSE(is_open(plain.open, c.now - std::chrono::hours(1)));
    CHECK(c.clocks("plain").hours.size() == 7); // clocks of tickets count likewise
    CHECK(c.clocks("plain").zone == "Africa/Harare");
    CHECK(c.clocks(nullptr).hours.size() == 7); // and those of no department
    CHECK(c.clocks(nullptr).zone == "Africa/Harare");

    const auto own = c.desk("own");
    CHECK(own.hours_from == "department");
    CHECK(own.open.zone == "Asia/Riyadh");
    CHECK(own.open.shifts.size() == 1);
    CHECK(c.clocks("own").hours.size() == 1);
    CHECK(c.clocks("own").zone == "Asia/Riyadh");

    CHECK(plain.own.zone == "Africa/Harare"); // nobody had given it one
}

TEST_CASE("saving a desk does not make the company's hours its own", "[routing][hours]") {
    company c;
    c.start("UTC", "09:00", "18:00");
    auto d = c.desk("plain");
    c.pool.run_blocking([&](db::tx& t) { save_desk(t, d); });
    CHECK(c.desk("plain").hours_from == "company");
    d.own.shifts = {{1, 600, 700}};
    c.pool.run_blocking([&](db::tx& t) { save_desk(t, d); });
    CHECK(c.desk("plain").hours_from == "department");
    REQUIRE(c.desk("plain").company);
    CHECK(c.desk("plain").company->shifts.size() == 7);
}

TEST_CASE("each start takes the settings as they are, and tells when they changed", "[routing][hours]") {
    company c;
    c.start("UTC");
    CHECK(c.desk("plain").hours_from == "always");
    const int first = c.count(audited);
    c.start("UTC");
    CHECK(c.count(audited) == first);
    c.run("DELETE FROM job");
    c.start("UTC", "09:00", "18:00");
    CHECK(c.count(audited) == first + 1);
    CHECK(c.count(recounts) == 1);
    CHECK(c.count(drains) == 1); // the automatic one
    c.start("UTC", "09:00", "24:00");
    CHECK(c.desk("plain").open.shifts[0].closes == 1440);
    c.start("Asia/Riyadh");
    CHECK(c.desk("plain").hours_from == "always");
    CHECK_FALSE(c.desk("plain").company);
    CHECK(c.clocks(nullptr).hours.empty());
    CHECK(c.desk("plain").own.zone == "UTC"); // zones are seeded once
}
