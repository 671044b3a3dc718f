// Who sees which conversation is decided twice: in C++ for events, in SQL for lists and replays. They must agree in
// every case there is.

#include "conversation/builders.hpp"
#include "conversation/queries.hpp"
#include "conversation/store.hpp"
#include "support/database.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using namespace chat_centre::tests;

namespace {

// One conversation for every status, department (none, 1, 2) and assignee (nobody, staff 1, staff 2), also where the
// product would not make such a row: the rule must hold all the same.
void fill(const database& data) {
    data.script(R"(
        INSERT INTO staff (name, email, password_hash, role)
            SELECT 'Staff ' || n, n || '@example.org', '', 'agent' FROM generate_series(1, 2) n;
        INSERT INTO contact (contact_id, created_at, updated_at) OVERRIDING SYSTEM VALUE VALUES (1, now(), now());
        INSERT INTO conversation (contact_id, channel, user_id, status, handler, department_id, assigned_staff_id,
                                  waiting_since, created_at, updated_at)
            SELECT 1, 'widget', 'USER', status, 'queue', nullif(department, 0), nullif(assigned, 0), now(), now(), now()
            FROM unnest('{bot,pending,active,resolved,closed}'::text[]) status, generate_series(0, 2) department,
                 generate_series(0, 2) assigned;
    )");
}

std::vector<principal> everybody() {
    std::vector<principal> out;
    for (const auto r : {role::agent, role::engineer, role::manager, role::admin})
        for (const std::int64_t id : {1, 2, 3})
            for (const auto& departments : {std::vector<std::int64_t>{}, {1}, {2}, {1, 2}})
                out.push_back(staff(r, id, departments));
    return out;
}

std::string name_of(const principal& p) {
    std::string out = std::string(to_string(p.role)) + " " + std::to_string(p.staff) + " in";
    for (const auto d : p.departments) out += " " + std::to_string(d);
    return out;
}

} // namespace

TEST_CASE("the rule in C++ and in SQL is one rule", "[conversation][sight]") {
    const database data;
    fill(data);
    const auto c = db::connect(data.settings());
    c->transact([](db::tx& t) {
        std::vector<row> all;
        db::array ids;
        const auto boss = staff(role::admin, 99);
        list_filter everything;
        everything.limit = 1000;
        all = list(t, boss, everything);
        REQUIRE(all.size() == 45);
        for (const auto& r : all) ids.add(r.id);

        for (const auto& who : everybody()) {
            INFO(name_of(who));
            std::set<std::int64_t> by_rule;
            for (const auto& r : all)
                if (may_see(who, r)) by_rule.insert(r.id);

            std::set<std::int64_t> by_list;
            for (const auto& r : list(t, who, everything)) by_list.insert(r.id);
            CHECK(by_list == by_rule);

            const auto s = sight_of(who);
            std::set<std::int64_t> by_replay;
            for (const auto r : t.many(sql::visible_conversations, s.everything, s.staff, s.departments, ids))
                by_replay.insert(r.get<std::int64_t>(0));
            CHECK(by_replay == by_rule);

            std::int64_t waiting = 0;
            std::int64_t active = 0;
            for (const auto& r : all)
                if (by_rule.contains(r.id)) {
                    waiting += r.status == "pending" ? 1 : 0;
                    active += r.status == "active" ? 1 : 0;
                }
            const auto counted = totals(t, who, noon, noon + std::chrono::hours(1));
            CHECK(counted.waiting == waiting);
            CHECK(counted.active == active);
            const auto summary = json::parse(queue_summary(count_groups(t, noon, noon), who));
            CHECK(summary["waiting"] == waiting);
            CHECK(summary["active"] == active);

            for (const auto& r : all) {
                bool found = true;
                try {
                    (void)find_visible(t, who, r.id);
                } catch (const error& e) {
                    CHECK(e.status() == 404);
                    found = false;
                }
                if (found != by_rule.contains(r.id)) FAIL("conversation " << r.id << " " << r.status);
            }
        }
    });
}

TEST_CASE("who sees what, spelt out", "[conversation][sight]") {
    const auto make = [](const char* status, std::int64_t department, std::int64_t assigned) {
        auto c = conversation_in(status);
        c.department = department;
        c.assigned = assigned;
        return c;
    };
    struct {
        const char* what;
        principal who;
        row c;
        bool sees;
    } const table[] = {
        {"what they have", staff(role::agent, 1), make("active", 5, 1), true},
        {"what they had", staff(role::agent, 1), make("closed", 5, 1), true},
        {"a colleague's", staff(role::agent, 1, {5}), make("active", 5, 2), false},
        {"the waiting list of theirs", staff(role::agent, 1, {5}), make("pending", 5, 0), true},
        {"another's waiting list", staff(role::agent, 1, {5}), make("pending", 6, 0), false},
        {"waiting, for nobody in particular", staff(role::agent, 1), make("pending", 0, 0), true},
        {"with the assistant", staff(role::agent, 1, {5}), make("bot", 5, 0), false},
        {"resolved by nobody", staff(role::agent, 1, {5}), make("resolved", 5, 0), false},
        {"an engineer, waiting", staff(role::engineer, 1, {5}), make("pending", 5, 0), false},
        {"an engineer, for nobody in particular", staff(role::engineer, 1), make("pending", 0, 0), false},
        {"an engineer, given to them", staff(role::engineer, 1), make("active", 0, 1), false},
        {"a manager", staff(role::manager, 1), make("bot", 6, 0), true},
        {"an admin", staff(role::admin, 1), make("active", 6, 2), true},
        {"the customer, their own", customer(12), make("closed", 5, 2), true},
        {"the customer, another's", customer(13), make("bot", 0, 0), false},
        {"nobody", principal{}, make("pending", 0, 0), false},
    };
    for (const auto& t : table) {
        INFO(t.what);
        CHECK(may_see(t.who, t.c) == t.sees);
    }
    principal key;
    key.kind = caller::api_key;
    CHECK_FALSE(may_see(key, make("pending", 0, 0)));
}
