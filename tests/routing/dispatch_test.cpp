// Dispatch against a real database: order of serving, offers that run out, closed departments, what is put on record.

#include "routing/desk_fixture.hpp"
#include "routing/dispatch.hpp"
#include "routing/offers.hpp"

#include <chat_centre/db/pool.hpp>

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::routing;

namespace {

constexpr db::query department_by_slug{"test.department",
                                       "SELECT department_id FROM department WHERE slug = $1"};
constexpr db::query given_to{
    "test.given_to",
    "SELECT s.name || ' ' || c.priority FROM turn t JOIN conversation c USING (conversation_id)"
    " JOIN staff s ON s.staff_id = t.staff_id WHERE t.kind = 'takeover' ORDER BY t.turn_id"};
constexpr db::query given_in_order{
    "test.given_in_order",
    "SELECT c.priority || CASE WHEN k.vip THEN ' VIP ' ELSE ' ' END || c.conversation_id FROM turn t"
    " JOIN conversation c USING (conversation_id) JOIN contact k USING (contact_id)"
    " WHERE t.kind = 'takeover' ORDER BY t.turn_id"};
constexpr db::query offered_to{
    "test.offered_to", "SELECT s.name || ' ' || coalesce(o.outcome, 'open') FROM offer o JOIN staff s USING"
                       " (staff_id) ORDER BY o.offer_id"};
constexpr db::query kinds{"test.kinds", "SELECT kind FROM routing_decision ORDER BY decision_id"};
constexpr db::query open_offer{"test.open_offer", "SELECT offer_id FROM offer WHERE ended_at IS NULL"};
constexpr db::query jobs_due{"test.jobs", "SELECT kind || ' ' || due_at FROM job WHERE kind = $1"};

using list = std::vector<std::string>;

struct world : tests::centre {
    db::pool pool{settings(), "test", 1};
    time_point now = system_clock_source().now() + std::chrono::minutes(1);

    int drain_queue(const std::string& slug) {
        return pool.run_blocking([&](db::tx& t) {
            std::vector<event::entry> events;
            const auto got = drain(t, t.scalar<std::int64_t>(department_by_slug, slug), now, events);
            last = events;
            if (!events.empty()) event::append(t, events);
            return got.placed;
        });
    }
    void expire() {
        pool.run_blocking([&](db::tx& t) {
            std::vector<event::entry> events;
            expire_offer(t, t.scalar<std::int64_t>(open_offer), now, events);
            if (!events.empty()) event::append(t, events);
        });
    }
    list texts(const db::query& q) {
        return pool.run_blocking([&q](db::tx& t) {
            list out;
            for (const auto r : t.many(q)) out.push_back(r.get<std::string>(0));
            return out;
        });
    }
    int events_of(const char* type) const {
        return static_cast<int>(
            std::count_if(last.begin(), last.end(), [type](const auto& e) { return e.type == type; }));
    }
    std::vector<event::entry> last;
};

} // namespace

TEST_CASE("the order of serving: by priority, within one VIPs first, each the oldest first",
          "[routing][dispatch]") {
    world w;
    w.department("d", "least_loaded");
    for (const bool vip : {false, false, true})
        for (const char* p : {"low", "normal", "high", "emergency"}) w.wait("d", 1, "", p, vip);
    w.hire({.name = "Bob", .capacity = 5, .departments = {"d"}});
    CHECK(w.drain_queue("d") == 5);
    w.run("UPDATE conversation SET status = 'resolved' WHERE status = 'active'");
    w.run("UPDATE staff SET capacity = 20");
    CHECK(w.drain_queue("d") == 7);
    CHECK(w.texts(given_in_order) == list{"emergency VIP 12", "emergency 4", "emergency 8", "high VIP 11",
                                          "high 3", "high 7", "normal VIP 10", "normal 2", "normal 6",
                                          "low VIP 9", "low 1", "low 5"});
}

TEST_CASE("round robin among the free; with none, the managers are told once", "[routing][dispatch]") {
    world w;
    w.department("d", "round_robin");
    for (const char* name : {"Ann", "Bob", "Cid"})
        w.hire({.name = name, .capacity = 2, .departments = {"d"}});
    w.hire({.name = "Eve", .departments = {"d"}, .online = false});
    w.hire({.name = "Max", .departments = {"d"}, .role = "manager"});
    w.wait("d", 7);
    CHECK(w.drain_queue("d") == 6);
    CHECK(w.texts(given_to) ==
          list{"Ann normal", "Bob normal", "Cid normal", "Ann normal", "Bob normal", "Cid normal"});
    CHECK(w.drain_queue("d") == 0); // the seventh has been told of when the six were placed
    const auto all = w.texts(kinds);
    CHECK(std::count(all.begin(), all.end(), "escalated") == 1);
    w.run("UPDATE conversation SET status = 'resolved' WHERE status = 'active'");
    CHECK(w.drain_queue("d") == 1);
}

TEST_CASE("a manual department gives nothing", "[routing][dispatch]") {
    world w;
    w.department("d", "manual");
    w.hire({.name = "Ann", .departments = {"d"}});
    w.wait("d", 3);
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.texts(kinds).empty());
}

TEST_CASE("an offer that runs out goes to the next, and then to the managers", "[routing][dispatch]") {
    world w;
    w.department("d", "round_robin", "accept_seconds = 20");
    for (const char* name : {"Ann", "Bob"}) w.hire({.name = name, .departments = {"d"}});
    w.wait("d", 1);
    CHECK(w.drain_queue("d") == 1);
    CHECK(w.events_of("offer") == 1);
    CHECK(w.drain_queue("d") == 0); // it is being offered
    CHECK(w.texts(offered_to) == list{"Ann open"});
    w.now += std::chrono::seconds(20);
    w.expire();
    CHECK(w.drain_queue("d") == 1);
    CHECK(w.texts(offered_to) == list{"Ann expired", "Bob open"});
    w.now += std::chrono::seconds(20);
    w.expire();
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.events_of("notice.wanted") == 1);
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.events_of("notice.wanted") == 0);
    CHECK(w.texts(kinds) == list{"offered", "expired", "offered", "expired", "escalated"});
    CHECK(w.texts(given_to).empty());
}

TEST_CASE("an open offer counts as load", "[routing][dispatch]") {
    world w;
    w.department("d", "least_loaded", "accept_seconds = 20");
    w.hire({.name = "Ann", .capacity = 2, .departments = {"d"}});
    w.wait("d", 3);
    CHECK(w.drain_queue("d") == 2);
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.texts(offered_to) == list{"Ann open", "Ann open"});
}

TEST_CASE("a closed department waits for its opening", "[routing][dispatch]") {
    world w;
    w.department("d", "least_loaded");
    w.run("INSERT INTO department_holiday SELECT department_id, (now() + n * interval '1 day')::date, 'h'"
          " FROM department, generate_series(-1, 1) n WHERE slug = 'd'");
    w.hire({.name = "Ann", .departments = {"d"}});
    w.wait("d", 1);
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.texts(kinds) == list{"waiting"});
    CHECK(w.pool.run_blocking([](db::tx& t) { return t.many(jobs_due, open_job).size(); }) == 1);
    CHECK(w.drain_queue("d") == 0);
    CHECK(w.texts(kinds).size() == 1);
}

TEST_CASE("somebody further back is served when those before need what nobody has", "[routing][dispatch]") {
    world w;
    w.department("d", "least_loaded");
    w.hire({.name = "Ann", .capacity = 3, .departments = {"d"}, .languages = "{en}"});
    w.wait("d", 2, "ar");
    w.wait("d", 1, "en");
    CHECK(w.drain_queue("d") == 1);
    const auto all = w.texts(kinds);
    CHECK(std::count(all.begin(), all.end(), "escalated") == 2);
}
