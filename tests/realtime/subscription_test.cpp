#include "builders.hpp"
#include "realtime/subscription.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::realtime;
using namespace chat_centre::test;

TEST_CASE("a replay ends at its target and notices when the log does not reach it", "[realtime]") {
    replay_range r(5, 20);
    CHECK_FALSE(r.done());
    CHECK(r.after() == 5);
    CHECK(r.advance(12));
    CHECK_FALSE(r.done());
    CHECK_FALSE(r.advance(12)); // stuck
    CHECK(r.advance(25));
    CHECK(r.done());
    CHECK(replay_range(20, 20).done());
    CHECK(replay_range(30, 20).done());
}

TEST_CASE("subscriptions", "[realtime]") {
    subscriptions s;
    const topic queue{topic_kind::queue};
    const topic twelve{topic_kind::conversation, 12};
    s.set(queue, 5, 10);
    s.set(queue, 15, 20);
    CHECK(s.list().size() == 1);
    CHECK(s.list()[0].from == 20);
    event::entry e = message_event(12, {});
    e.id = 20;
    CHECK_FALSE(s.owes(e, 3));
    e.id = 21;
    CHECK(s.owes(e, 3));
    s.set(twelve, 0, 0);
    CHECK_FALSE(s.replays({twelve}, e, 3)); // the queue brings it
    e.id = 16;
    CHECK_FALSE(s.replays({twelve}, e, 3)); // the queue has brought it
    e.id = 15;
    CHECK(s.replays({twelve}, e, 3));
    CHECK(s.replays({twelve, queue}, e, 3));
    CHECK(s.remove(queue));
    CHECK_FALSE(s.remove(queue));
}

// A socket as the hub treats it, without the socket: events pass in order, subscribes begin and end at any moment
// in between, and what reaches the client is compared with what it should get.
namespace {

struct model {
    std::vector<event::entry> log;
    std::int64_t passed = 0;
    subscriptions topics;
    bool holding = false;
    std::vector<std::int64_t> held;
    std::vector<std::int64_t> got;
    // of the resume under way
    std::vector<topic> asked;
    std::int64_t since = 0;
    std::int64_t target = 0;

    const event::entry& at(std::int64_t id) const { return log[static_cast<std::size_t>(id - 1)]; }
    void pass_one() {
        if (passed == static_cast<std::int64_t>(log.size())) return;
        ++passed;
        if (holding)
            held.push_back(passed);
        else if (topics.owes(at(passed), 3))
            got.push_back(passed);
    }
    void begin(std::vector<topic> wanted, std::int64_t from) {
        asked = std::move(wanted);
        since = from;
        target = passed;
        holding = true;
        for (const topic& t : asked) topics.set(t, since, since);
    }
    void end() {
        for (std::int64_t id = since + 1; id <= target; ++id)
            if (topics.replays(asked, at(id), 3)) got.push_back(id);
        for (const topic& t : asked) topics.set(t, since, std::max(since, target));
        for (const std::int64_t id : held)
            if (topics.owes(at(id), 3)) got.push_back(id);
        held.clear();
        holding = false;
    }
};

} // namespace

TEST_CASE("resume: no event is missing and none comes twice, whatever the timing", "[realtime]") {
    std::mt19937 random(11);
    const std::vector<topic> all = {
        {topic_kind::queue}, {topic_kind::mine}, {topic_kind::conversation, 1}, {topic_kind::conversation, 2}};
    for (int round = 0; round < 400; ++round) {
        model m;
        for (int i = 0; i < 60; ++i) {
            auto e =
                message_event(1 + static_cast<std::int64_t>(random() % 3), {random() % 2 ? 3 : 4, 7, false});
            if (random() % 4 == 0) e.type = "note.new"; // only conversation topics carry it
            e.id = i + 1;
            m.log.push_back(e);
        }
        // The first subscribe of a reconnected client, and later ones for single conversations, all from the same
        // cursor, as a dashboard does it.
        const std::int64_t cursor = static_cast<std::int64_t>(random() % 20);
        while (m.passed < cursor) m.pass_one();
        std::vector<topic> rest = all;
        std::shuffle(rest.begin(), rest.end(), random);
        std::vector<topic> subscribed;
        while (m.passed < 60) {
            const auto choice = random() % 4;
            if (choice == 0 && !m.holding && !rest.empty()) {
                const auto n = 1 + random() % rest.size();
                const std::vector<topic> wanted(rest.end() - static_cast<std::ptrdiff_t>(n), rest.end());
                rest.resize(rest.size() - n);
                subscribed.insert(subscribed.end(), wanted.begin(), wanted.end());
                m.begin(wanted, cursor);
            } else if (choice == 1 && m.holding) {
                m.end();
            } else {
                m.pass_one();
            }
        }
        if (m.holding) m.end();
        std::multiset<std::int64_t> expected;
        for (const auto& e : m.log) {
            if (e.id <= cursor) continue;
            const routing way = route(e);
            if (std::any_of(subscribed.begin(), subscribed.end(),
                            [&](const topic& t) { return carries(way, t, 3); }))
                expected.insert(e.id);
        }
        INFO("round " << round);
        CHECK(std::multiset<std::int64_t>(m.got.begin(), m.got.end()) == expected);
    }
}
