// Service levels on a real database: each reminder, breach and escalation once, whatever happens to process and clock.

#include "sla/desk.hpp"
#include "sla/store.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace std::chrono_literals;
using tests::desk;

namespace {

std::string due_time(const std::optional<time_point>& t) { return t ? to_rfc3339(*t) : "none"; }

} // namespace

TEST_CASE("the most specific policy wins", "[sla]") {
    const auto make = [](std::int64_t id, std::int64_t department, const char* category, const char* priority,
                         bool active = true) {
        sla::policy p;
        p.id = id;
        p.department = department;
        if (category) p.category = category;
        if (priority) p.priority = priority;
        p.active = active;
        return p;
    };
    const std::vector<sla::policy> all = {
        make(1, 0, nullptr, nullptr),
        make(2, 0, nullptr, "high"),
        make(3, 7, nullptr, nullptr),
        make(4, 0, "billing", nullptr),
        make(5, 7, nullptr, "high"),
        make(6, 7, "billing", "high"),
        make(7, 7, "billing", "emergency", false),
        make(8, 0, nullptr, nullptr),
    };
    struct expected {
        std::int64_t department;
        const char* category;
        const char* priority;
        std::int64_t id;
    };
    const std::vector<expected> table = {
        {0, nullptr, "normal", 1}, {0, nullptr, "high", 2},     {7, nullptr, "normal", 3},
        {9, "billing", "low", 4},  {7, "billing", "normal", 4}, {7, nullptr, "high", 5},
        {9, "billing", "high", 4}, {7, "billing", "high", 6},   {7, "billing", "emergency", 4},
    };
    for (const auto& e : table) {
        ticket::row t;
        t.department = e.department;
        if (e.category) t.category = e.category;
        t.priority = e.priority;
        INFO(e.department << " " << (e.category ? e.category : "-") << " " << e.priority);
        const auto* p = sla::most_specific(all, t);
        REQUIRE(p != nullptr);
        CHECK(p->id == e.id);
    }
    CHECK(sla::most_specific({}, ticket::row{}) == nullptr);
    CHECK(sla::most_specific({make(7, 7, nullptr, nullptr, false)}, ticket::row{}) == nullptr);
}

TEST_CASE("nobody is reminded before the clock has run for half of a short target", "[sla]") {
    sla::policy p;
    p.first_response_minutes = 15;
    p.resolution_minutes = 240;
    CHECK(sla::reminder_before(p, true) == 7min);
    CHECK(sla::reminder_before(p, false) == 30min);
    p.first_response_minutes = 30;
    CHECK(sla::reminder_before(p, true) == 15min);
    p.reminder_minutes = 0;
    CHECK(sla::reminder_before(p, true) == 0min);
    CHECK(sla::reminder_before(p, false) == 0min);
}

TEST_CASE("reminder, breach and escalation: once each, across restarts and a clock that is set back", "[sla]") {
    desk d;
    const auto t = d.open();
    CHECK(due_time(t.first_response.due) == "2026-11-20T11:00:00.000Z");
    CHECK(t.first_response.state == "running");
    d.pass(29min);
    CHECK(d.notices("sla.reminder") == 0);
    d.pass(1min); // 30 minutes before
    CHECK(d.notices("sla.reminder") == 1);
    d.pass(-1h); // somebody sets the clock back, and something changes meanwhile
    d.change(t.number, [&](ticket::row r) {
        r.priority = "high";
        ++r.version;
        return r;
    });
    d.pass(61min);
    CHECK(d.notices("sla.reminder") == 1);
    CHECK(d.notices("sla.breach") == 0);

    d.clock.advance(40min); // down across the due moment
    d.restart();
    d.pass(0min);
    CHECK(d.notices("sla.breach") == 1);
    CHECK(d.notices("sla.escalation") == 1);
    const auto late = d.load(t.number);
    CHECK(late.first_response.state == "breached");
    CHECK(late.level == "manager"); // engineers do not answer customers
    CHECK(late.status == "in_progress");

    d.pass(-1h); // before the due moment again
    d.restart();
    d.pass(0min);
    d.pass(1h);
    CHECK(d.notices("sla.reminder") == 1);
    CHECK(d.notices("sla.breach") == 1);
    CHECK(d.notices("sla.escalation") == 1);

    // The solution has its own clock: its reminder and breach come once, too.
    d.pass(140min);
    CHECK(d.notices("sla.reminder") == 2);
    d.pass(30min);
    CHECK(d.notices("sla.breach") == 2);
    CHECK(d.notices("sla.escalation") == 1); // the manager has it already
    CHECK(d.load(t.number).resolution.state == "breached");
    d.pass(48h);
    CHECK(d.notices("sla.breach") == 2);
}

TEST_CASE("a process that was down until after the due moment breaches once, and does not remind of it",
          "[sla]") {
    desk d;
    const auto t = d.open();
    d.clock.advance(2h);
    d.restart();
    d.pass(0min);
    CHECK(d.notices("sla.breach") == 1);
    CHECK(d.notices("sla.reminder") == 0);
    CHECK(d.load(t.number).first_response.state == "breached");
}

TEST_CASE("a late solution goes up to engineering", "[sla]") {
    desk d;
    const auto t = d.open();
    d.change(t.number, [&](ticket::row r) { return ticket::answered(std::move(r), d.clock.now()); });
    CHECK(d.load(t.number).first_response.state == "met");
    d.pass(4h);
    const auto late = d.load(t.number);
    CHECK(late.level == "L2");
    CHECK(late.first_response.state == "met");
    CHECK(d.notices("sla.breach") == 1);
    CHECK(d.notices("ticket.escalated") == 1); // the engineers
}

TEST_CASE("what stays late and unnoticed goes on up the ladder, each step once", "[sla]") {
    desk d;
    const auto t = d.open();
    d.change(t.number, [&](ticket::row r) { return ticket::answered(std::move(r), d.clock.now()); });
    d.pass(4h);
    CHECK(d.load(t.number).level == "L2");
    CHECK(d.notices("sla.escalation") == 1);

    SECTION("to the manager, across a restart and a clock that is set back") {
        d.pass(9min);
        CHECK(d.load(t.number).level == "L2");
        d.pass(-1h);
        d.restart();
        d.pass(0min);
        d.pass(1h);
        CHECK(d.load(t.number).level == "L2");
        d.clock.advance(1min);
        d.restart();
        d.pass(0min);
        CHECK(d.load(t.number).level == "manager");
        CHECK(d.notices("sla.escalation") == 2);
        d.pass(-1h);
        d.pass(24h); // there is nobody above
        CHECK(d.notices("sla.escalation") == 2);
        CHECK(d.notices("sla.breach") == 1);
        CHECK(d.waiting_jobs() == 0);
    }
    SECTION("not when somebody has acknowledged a notice about it") {
        d.data.script(
            "INSERT INTO notice (kind, level, ticket, title_en, title_ar, body_en, body_ar, at, settled_at) "
            "VALUES ('sla.escalation', 'urgent', '" +
            t.id + "', '', '', '', '', now(), now())");
        d.pass(24h);
        CHECK(d.load(t.number).level == "L2");
        CHECK(d.waiting_jobs() == 0);
    }
    SECTION("not when somebody has done something with it") {
        d.run([&](db::tx& x) {
            audit::row r = ticket::by_system("ticket.note", t.id);
            r.actor_kind = caller::staff;
            r.actor_id = 2;
            audit::record(x, r);
        });
        d.pass(24h);
        CHECK(d.load(t.number).level == "L2");
    }
    SECTION("not when it is resolved") {
        d.set(t.number, "resolved");
        d.pass(24h);
        CHECK(d.load(t.number).level == "L2");
    }
    SECTION("later, when it waits for the customer meanwhile") {
        d.set(t.number, "waiting_customer");
        d.pass(24h);
        CHECK(d.load(t.number).level == "L2");
        d.set(t.number, "in_progress");
        d.pass(10min);
        CHECK(d.load(t.number).level == "manager");
    }
}

TEST_CASE("the clocks stand still while the customer has the turn, and when it is on hold", "[sla]") {
    desk d;
    const auto t = d.open();
    d.pass(20min);
    auto r = d.set(t.number, "waiting_customer");
    CHECK(r.resolution.state == "paused");
    CHECK_FALSE(r.resolution.due);
    CHECK(d.waiting_jobs() == 0);
    d.pass(5h);
    CHECK(d.notices("sla.breach") == 0);
    r = d.set(t.number, "on_hold"); // from one pause into the next
    d.pass(1h);
    r = d.set(t.number, "in_progress");
    CHECK(r.first_response.state == "running");
    CHECK(due_time(r.first_response.due) == "2026-11-20T17:00:00.000Z"); // six hours later than it was
    CHECK(due_time(r.resolution.due) == "2026-11-20T20:00:00.000Z");

    d.pass(30min);
    r = d.set(t.number, "resolved");
    CHECK(r.resolution.state == "met");
    CHECK(r.first_response.state == "met");
    d.pass(10h);
    r = d.set(t.number, "in_progress"); // reopened: what was done does not count against it
    CHECK(r.resolution.state == "running");
    CHECK(due_time(r.resolution.due) == "2026-11-21T06:00:00.000Z");
    CHECK(d.notices("sla.breach") == 0);
}

TEST_CASE("business hours of the department, and policies that change", "[sla]") {
    desk d;
    d.data.script(
        "UPDATE department SET time_zone = 'Africa/Harare' WHERE department_id = 2;"
        "INSERT INTO department_hours SELECT 2, day, time '09:00', time '13:00' FROM generate_series(1, 5) day;"
        "INSERT INTO department_holiday VALUES (2, '2026-11-23', 'A holiday');");
    const auto t = d.open([](ticket::row& r) { r.department = 2; }); // Friday, noon in Harare
    CHECK(due_time(t.first_response.due) == "2026-11-20T11:00:00.000Z");
    CHECK(due_time(t.resolution.due) == "2026-11-24T10:00:00.000Z"); // one hour on Friday, three on Tuesday
    d.data.script("UPDATE department_hours SET closes = '12:30' WHERE day = 5"); // whoever changes them
    d.pass(0min);
    CHECK(due_time(d.load(t.number).resolution.due) == "2026-11-24T10:30:00.000Z");
    d.data.script("DELETE FROM department_holiday");
    d.pass(0min);
    CHECK(due_time(d.load(t.number).resolution.due) == "2026-11-23T10:30:00.000Z");
    d.data.script("UPDATE sla_policy SET business_hours = false, resolution_minutes = 300");
    d.run([&](db::tx& x) { sla::recount_soon(x, d.clock.now()); });
    d.pass(0min);
    CHECK(due_time(d.load(t.number).resolution.due) == "2026-11-20T15:00:00.000Z");
    d.data.script("UPDATE sla_policy SET active = false");
    d.run([&](db::tx& x) { sla::recount_soon(x, d.clock.now()); });
    d.pass(0min);
    CHECK(d.load(t.number).policy.empty());
    CHECK(d.waiting_jobs() == 0);
    d.pass(24h);
    CHECK(d.notices("sla.breach") == 0);
}

TEST_CASE("resolved and quiet for seven days: a last word, then closed, once", "[ticket]") {
    desk d;
    const auto t = d.open();
    d.set(t.number, "resolved");
    d.pass(5 * 24h);
    d.change(t.number, [&](ticket::row r) { // somebody did something: the days count anew
        r.active_at = d.clock.now();
        ++r.version;
        return r;
    });
    d.pass(5 * 24h);
    CHECK(d.notices("ticket.nudge") == 0);
    d.pass(24h);
    CHECK(d.notices("ticket.nudge") == 1);
    d.pass(-2h);
    d.restart();
    d.pass(2h);
    CHECK(d.notices("ticket.nudge") == 1);
    CHECK(d.load(t.number).status == "resolved");
    d.pass(24h);
    CHECK(d.load(t.number).status == "closed");
    CHECK(d.notices("ticket.nudge") == 1);
    const auto version = d.load(t.number).version;
    d.pass(30 * 24h);
    CHECK(d.load(t.number).version == version);
}
