#include "ticket/create.hpp"
#include "ticket/life.hpp"

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/event/ticket_audience.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::ticket;

namespace {

const time_point noon = parse_time("2026-11-20T12:00:00Z", "UTC").value();

row a_ticket(const char* status = "open") {
    row t;
    t.number = 7;
    t.id = "TKT_20241021_XYZ9";
    t.subject = "مشكلة في التسليم";
    t.description = "لم أستقبل طلبي بعد";
    t.status = status;
    t.created_at = t.updated_at = t.active_at = noon - std::chrono::hours(1);
    if (t.finished()) t.resolved_at = t.created_at;
    return t;
}

principal staff_member(role r, std::int64_t id, std::vector<std::int64_t> departments = {}) {
    principal p;
    p.kind = caller::staff;
    p.staff = id;
    p.role = r;
    p.departments = std::move(departments);
    p.permissions = auth::permissions_of(r);
    return p;
}

int status_of(const std::function<void()>& work) {
    try {
        work();
        return 200;
    } catch (const error& e) {
        return e.status();
    }
}

} // namespace

TEST_CASE("the status machine of tickets, every pair", "[ticket]") {
    const std::vector<std::string> all = {"open",    "in_progress", "waiting_customer",
                                          "on_hold", "resolved",    "closed"};
    // Row: from; column: to, in the order above.
    const std::vector<std::string> table = {
        ".xxxxx", // open
        "x.xxxx", // in_progress
        ".x.xxx", // waiting_customer
        ".xx.xx", // on_hold
        ".x...x", // resolved
        "......", // closed
    };
    for (std::size_t from = 0; from < all.size(); ++from)
        for (std::size_t to = 0; to < all.size(); ++to) {
            INFO(all[from] << " to " << all[to]);
            const bool expected = table[from][to] == 'x';
            CHECK(may_move(all[from], all[to]) == expected);
            const int status = status_of([&] { set_status(a_ticket(all[from].c_str()), all[to], noon); });
            CHECK(status == (expected || from == to ? 200 : 409));
        }
}

TEST_CASE("statuses are shown and read as documented", "[ticket]") {
    CHECK(status_text("in_progress") == "In Progress");
    for (const char* text : {"In Progress", "in_progress", "IN PROGRESS", "in-progress"})
        CHECK(read_status(text) == "in_progress");
    CHECK(read_status("Waiting for Customer") == "waiting_customer");
    CHECK_FALSE(read_status("done"));
    CHECK(read_priority("HIGH") == "high");
    CHECK(read_priority("medium") == "normal");
    CHECK(read_priority("urgent") == "emergency");
    CHECK_FALSE(read_priority("soon"));
    CHECK(is_ticket_id("TKT_20240101_XYZ9"));
    for (const char* text :
         {"TKT_20240101_XYZ", "TKT_2024010_XYZ99", "tkt_20240101_XYZ9", "TKT_20240101_xyz9", "", "TKT-1"})
        CHECK_FALSE(is_ticket_id(text));
}

TEST_CASE("the first answer or assignment puts a ticket in progress", "[ticket]") {
    CHECK(answered(a_ticket(), noon).status == "in_progress");
    CHECK(answered(a_ticket(), noon).first_response_at == noon);
    const row twice = answered(answered(a_ticket(), noon), noon + std::chrono::hours(1));
    CHECK(twice.first_response_at == noon);
    CHECK(answered(a_ticket("waiting_customer"), noon).status == "waiting_customer");
    CHECK(status_of([] { answered(a_ticket("closed"), noon); }) == 409);

    CHECK(customer_wrote(a_ticket("waiting_customer"), noon).status == "in_progress");
    CHECK(customer_wrote(a_ticket("resolved"), noon).status == "in_progress");
    CHECK_FALSE(customer_wrote(a_ticket("resolved"), noon).resolved_at);
    CHECK(customer_wrote(a_ticket("open"), noon).status == "open");
    CHECK(customer_wrote(a_ticket("on_hold"), noon).status == "on_hold");
    CHECK(customer_wrote(a_ticket("closed"), noon).status == "closed");
}

TEST_CASE("document 002's chart: the role check after assignment", "[ticket]") {
    struct branch {
        role to;
        const char* before;
        const char* level;
    };
    const std::vector<branch> table = {
        {role::agent, "L1", "L1"},
        {role::engineer, "L1", "L2"},
        {role::manager, "L1", "manager"},
        {role::admin, "L1", "L1"},
        {role::agent, "L2", "L2"},
        {role::engineer, "L2", "L2"},
        {role::manager, "L2", "manager"},
        {role::agent, "manager", "manager"},
        {role::engineer, "manager", "manager"},
    };
    for (const auto& b : table) {
        row t = a_ticket();
        t.level = b.before;
        const row after = assign(t, {3, "Bob", b.to}, noon);
        INFO(to_string(b.to) << " from " << b.before);
        CHECK(after.level == b.level);
        CHECK(after.status == "in_progress"); // all branches
        CHECK(after.assigned == 3);
    }
    CHECK(next_level("L1", true) == "manager");
    CHECK(next_level("L1", false) == "L2");
    CHECK(next_level("L2", false) == "manager");
    CHECK(next_level("manager", false) == "manager");
    CHECK(escalate(a_ticket(), "L2", noon).status == "in_progress");
}

TEST_CASE("who sees a ticket, and who may do what with it", "[ticket]") {
    struct look {
        principal who;
        std::int64_t assigned, department;
        const char* level;
        const char* status;
        bool sees;
    };
    const auto agent = staff_member(role::agent, 3, {7});
    const auto engineer = staff_member(role::engineer, 4, {7});
    const auto manager = staff_member(role::manager, 5);
    const std::vector<look> table = {
        {agent, 3, 9, "L1", "open", true},          {agent, 3, 9, "manager", "closed", true},
        {agent, 8, 7, "L1", "open", false},         {agent, 0, 7, "L1", "open", true},
        {agent, 0, 0, "L1", "open", true},          {agent, 0, 9, "L1", "open", false},
        {agent, 0, 7, "manager", "open", false},    {agent, 0, 7, "L1", "resolved", false},
        {engineer, 0, 7, "L1", "open", false},      {engineer, 8, 9, "L2", "open", true},
        {engineer, 8, 9, "manager", "open", false}, {engineer, 4, 9, "manager", "open", true},
        {manager, 8, 9, "L1", "closed", true},      {staff_member(role::admin, 1), 8, 9, "L1", "open", true},
        {principal{}, 0, 0, "L1", "open", false},
    };
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& l = table[i];
        row t = a_ticket(l.status);
        t.assigned = l.assigned;
        t.department = l.department;
        t.level = l.level;
        INFO("row " << i);
        CHECK(may_see(l.who, t) == l.sees);
    }
    row theirs = a_ticket();
    theirs.assigned = 8;
    const auto may = [&](const principal& who, act what, const row& t) {
        return status_of([&] { allow(who, what, t); }) == 200;
    };
    CHECK(may(engineer, act::comment, a_ticket()));
    for (const act what : {act::answer, act::change, act::take, act::reassign, act::escalate, act::lower})
        CHECK_FALSE(may(engineer, what, a_ticket()));
    for (const act what : {act::comment, act::answer, act::change, act::take, act::escalate})
        CHECK(may(agent, what, a_ticket()));
    CHECK_FALSE(may(agent, act::reassign, a_ticket()));
    CHECK_FALSE(may(agent, act::lower, a_ticket()));
    CHECK_FALSE(may(agent, act::take, theirs));
    for (const act what :
         {act::comment, act::answer, act::change, act::take, act::reassign, act::escalate, act::lower})
        CHECK(may(manager, what, theirs));
}

TEST_CASE("the history of a change is the difference of the rows", "[ticket]") {
    const row before = a_ticket();
    row after = assign(before, {3, "Bob", role::engineer}, noon);
    after.priority = "high";
    after.tags = {"a", "b"};
    CHECK(difference(before, before).empty());
    const std::vector<field_change> expected = {{"status", "open", "in_progress"},
                                                {"priority", "normal", "high"},
                                                {"level", "L1", "L2"},
                                                {"assigned_staff", std::nullopt, "Bob"},
                                                {"tags", std::nullopt, "a, b"}};
    CHECK(difference(before, after) == expected);
    CHECK(after.version == before.version + 1);
}

TEST_CASE("merging", "[ticket]") {
    row into = a_ticket();
    into.number = 8;
    into.id = "TKT_20241021_AAAA";
    const row after = merge(a_ticket(), into, noon);
    CHECK(after.status == "closed");
    CHECK(after.merged_into == into.id);
    CHECK(status_of([&] { merge(into, into, noon); }) == 422);
    CHECK(status_of([&] { merge(after, into, noon); }) == 409);
    into.status = "closed";
    CHECK(status_of([&] { merge(a_ticket(), into, noon); }) == 409);
}

TEST_CASE("who is told of a ticket's event", "[ticket][realtime]") {
    row before = a_ticket();
    before.department = 7;
    before.level = "L2";
    row after = before;
    after.level = "manager";
    const auto left = change_event(after, "ticket.update", noon, &before);
    CHECK(left.who == event::ticket_deescalated);
    CHECK(left.before == before.scope());
    CHECK(change_event(before, "ticket.new", noon, nullptr).who == event::ticket_escalated);
    CHECK(change_event(a_ticket(), "ticket.new", noon, nullptr).who == event::ticket_audience);
    CHECK(change_event(after, "ticket.update", noon, nullptr).public_data.empty()); // no conversation: no customer
    after.conversation = 12;
    const json open = json::parse(change_event(after, "ticket.update", noon, nullptr).public_data);
    CHECK(open.contains("status_text"));
    for (const char* secret : {"requester", "tags", "level", "description", "sla"})
        CHECK_FALSE(open.contains(secret));
}

TEST_CASE("which words a ticket is named after", "[ticket]") {
    using list = std::vector<std::string>;
    CHECK(telling_one({"refund please", "hello"}) == 0);
    CHECK(telling_one({"yes", "1", "0501234567", "My parcel is broken", "hi"}) == 3);
    CHECK(telling_one({"نعم", "١", "لم أستقبل طلبي"}) == 2);
    CHECK(telling_one({"john@example.com", "no", "where is my order"}) == 2);
    CHECK(telling_one(list{"1", "yes"}) == 0);
}
