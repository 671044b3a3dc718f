// Tickets follow their conversations, exactly once; and the rule of sight is one rule in C++ and in SQL.

#include "sla/desk.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace std::chrono_literals;
using tests::desk;

namespace {

struct followed : desk {
    followed() {
        data.script(
            "INSERT INTO conversation (conversation_id, contact_id, channel, user_id, user_name, status, handler, "
            "priority, department_id, created_at, updated_at) OVERRIDING SYSTEM VALUE "
            "VALUES (12, 1, 'widget', 'U', 'John', 'pending', 'queue', 'high', 2, now(), now());");
    }
    void moved(const char* kind, const char* status, std::int64_t assigned = 0, std::int64_t was_assigned = 0) {
        conversation::row c;
        c.id = 12;
        c.contact = 1;
        c.status = status;
        c.department = 2;
        c.assigned = was_assigned;
        const conversation::before_move before(c);
        c.assigned = assigned;
        const auto e = conversation::moved_event(c, before, kind, clock.now(), assigned, "asked for a person");
        run([&](db::tx& t) { ticket::follow(t, s, {e}); });
    }
    std::vector<ticket::row> all() {
        return run([](db::tx& t) {
            principal boss;
            boss.kind = caller::staff;
            boss.role = role::admin;
            return ticket::list(t, boss, {});
        });
    }
};

} // namespace

TEST_CASE("a handover opens one ticket, which lives and ends with its conversation", "[ticket]") {
    followed f;
    f.moved("rate", "bot");
    CHECK(f.all().empty());
    f.moved("handover", "pending");
    f.moved("handover", "pending");
    REQUIRE(f.all().size() == 1);
    auto t = f.all()[0];
    CHECK(ticket::is_ticket_id(t.id));
    CHECK(t.id.substr(0, 13) == "TKT_20261120_");
    CHECK(t.source == "handover");
    CHECK(t.status == "open");
    CHECK(t.priority == "high");
    CHECK(t.requester_name == "John");
    CHECK(t.description == "asked for a person");

    f.moved("takeover", "active", 1);
    t = f.all()[0];
    CHECK(t.assigned == 1);
    CHECK(t.status == "in_progress");
    f.moved("hold", "active", 1, 1);
    CHECK(f.all()[0].status == "on_hold");
    f.moved("unhold", "active", 1, 1);
    CHECK(f.all()[0].status == "in_progress");
    f.moved("first_response", "active", 1, 1);
    CHECK(f.all()[0].first_response_at);
    f.moved("transfer", "pending", 0, 1);
    CHECK(f.all()[0].assigned == 0);
    f.moved("takeover", "active", 1);
    f.moved("resolve", "resolved", 1, 1);
    CHECK(f.all()[0].status == "resolved");
    f.moved("reopen", "active", 1, 1);
    CHECK(f.all()[0].status == "in_progress");
    f.moved("close", "closed", 1, 1);
    CHECK(f.all()[0].status == "closed");
    f.moved("resolve", "resolved", 1, 1);
    CHECK(f.all().size() == 1);
    f.moved("handover", "pending"); // a new matter
    CHECK(f.all().size() == 2);
}

TEST_CASE("a rule may ask for a ticket: one per conversation, and later movements are its own", "[ticket]") {
    followed f;
    event::entry e;
    e.type = "ticket.wanted";
    e.at = f.clock.now();
    e.data = R"({"conversation_id":12,"source":"complaint","reason":"the word refund"})";
    for (int i = 0; i < 2; ++i) f.run([&](db::tx& t) { ticket::follow(t, f.s, {e}); });
    f.moved("handover", "pending");
    REQUIRE(f.all().size() == 1);
    CHECK(f.all()[0].source == "complaint");
    f.moved("takeover", "active", 1);
    CHECK(f.all()[0].assigned == 1);
    e.data = R"({"conversation_id":99,"source":"complaint","reason":""})"; // gone
    f.run([&](db::tx& t) { ticket::follow(t, f.s, {e}); });
    CHECK(f.all().size() == 1);
}

TEST_CASE("a ticket names its cause, not what happened to open it", "[ticket]") {
    followed f;
    const auto wanted = [&f](const char* source) {
        event::entry e;
        e.type = "ticket.wanted";
        e.at = f.clock.now();
        e.data = dump({{"conversation_id", 12}, {"source", source}, {"reason", "the word complaint"}});
        f.run([&](db::tx& t) { ticket::follow(t, f.s, {e}); });
        return f.all()[0].source;
    };
    const auto says = [&f](int seq) {
        f.data.script(
            "INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, "
            "at, received_at) VALUES (12, " +
            std::to_string(seq) + ", 'widget', 'M" + std::to_string(seq) +
            "', 0, 'user', 'John', 'A complaint, and a person please', '" + to_rfc3339(f.clock.now()) +
            "', '" + to_rfc3339(f.clock.now()) + "')");
    };
    says(1);
    f.moved("handover", "pending"); // the assistant was quicker than the rules
    CHECK(f.all()[0].source == "handover");
    CHECK(wanted("complaint") == "complaint");
    CHECK(f.all()[0].version == 2);
    static constexpr db::query recorded{"test.source_history",
                                        "SELECT count(*) FROM ticket_history WHERE field = 'source' "
                                        "AND before = 'handover' AND after = 'complaint'"};
    CHECK(f.run([](db::tx& t) { return t.scalar<int>(recorded); }) == 1);
    CHECK(wanted("low_confidence") == "complaint"); // the first cause stays

    f.moved("close", "closed");
    says(2);
    f.moved("handover", "pending");
    REQUIRE(f.all().size() == 2);
    f.clock.advance(60s);
    says(3); // they wait, and now they complain
    CHECK(wanted("complaint") == "handover");
}

TEST_CASE("a waiting ticket goes on when its customer has written", "[ticket]") {
    followed f;
    f.moved("handover", "pending");
    const auto number = f.all()[0].number;
    f.set(number, "waiting_customer");
    f.pass(10s);
    CHECK(f.load(number).status == "waiting_customer");
    f.data.script(
        "INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, at, "
        "received_at) VALUES (12, 1, 'widget', 'M', 0, 'user', 'John', 'Here it is', '2026-11-20T10:00:20Z', "
        "'2026-11-20T10:00:20Z');"
        "UPDATE conversation SET last_seq = 1, last_at = '2026-11-20T10:00:20Z'");
    f.pass(60s);
    CHECK(f.load(number).status == "in_progress");
    const auto pauses = f.run([&](db::tx& t) { return ticket::pauses(t, number); });
    REQUIRE(pauses.size() == 1);
    CHECK(to_rfc3339(pauses[0].until.value()) == "2026-11-20T10:00:20.000Z"); // from when they wrote
}

TEST_CASE("the rule of sight of tickets in C++ and in SQL is one rule", "[ticket][sight]") {
    desk d;
    d.data.script(R"(
        INSERT INTO ticket (ticket_id, subject, status, level, department_id, assigned_staff_id, contact_id, source,
                            created_at, updated_at, active_at)
        SELECT 'TKT_20261120_' || lpad((row_number() OVER ())::text, 4, '0'), 'X', status, level,
               nullif(department, 0), nullif(assigned, 0), 1, 'staff', now(), now(), now()
        FROM unnest('{open,in_progress,waiting_customer,on_hold,resolved,closed}'::text[]) status,
             unnest('{L1,L2,manager}'::text[]) level, generate_series(0, 2) department, generate_series(0, 2) assigned;
    )");
    d.run([](db::tx& t) {
        ticket::list_filter all;
        all.limit = 1000;
        principal boss;
        boss.kind = caller::staff;
        boss.role = role::admin;
        const auto rows = ticket::list(t, boss, all);
        CHECK(rows.size() == 6 * 3 * 3 * 3);
        for (const auto r : {role::agent, role::engineer, role::manager})
            for (const std::int64_t id : {1, 2, 3})
                for (const auto& departments : {std::vector<std::int64_t>{}, {1}, {2}, {1, 2}}) {
                    principal who;
                    who.kind = caller::staff;
                    who.role = r;
                    who.staff = id;
                    who.departments = departments;
                    std::set<std::string> by_rule;
                    for (const auto& row : rows)
                        if (ticket::may_see(who, row)) by_rule.insert(row.id);
                    std::set<std::string> by_sql;
                    for (const auto& row : ticket::list(t, who, all)) by_sql.insert(row.id);
                    INFO(to_string(r) << " " << id);
                    CHECK(by_rule == by_sql);
                }
    });
}
