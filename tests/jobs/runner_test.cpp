// The promises of due work: once, in time, across failures, deaths and clocks that are set.

#include "support/clock.hpp"
#include "support/database.hpp"

#include <chat_centre/jobs/jobs.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace std::chrono_literals;

namespace {

constexpr db::query waiting_jobs{"test.waiting_jobs", "SELECT count(*) FROM job WHERE dead_at IS NULL"};
constexpr db::query dead_jobs{"test.dead_jobs", "SELECT count(*) FROM job WHERE dead_at IS NOT NULL"};
constexpr db::query last_error{"test.last_error", "SELECT last_error FROM job"};
constexpr db::query put_setting{"test.put_setting", "INSERT INTO setting (name, value) VALUES ($1, $2)"};
constexpr db::query count_settings{"test.count_settings",
                                   "SELECT count(*) FROM setting WHERE name = 'booked'"};

struct jobs_on_database {
    void schedule(const char* kind, const char* key, time_point due, const json& payload = json::object()) {
        c->transact([&](db::tx& t) { jobs::schedule(t, kind, key, due, payload, clock.now()); });
    }
    std::int64_t count(const db::query& q) {
        std::int64_t n = 0;
        c->transact([&](db::tx& t) { n = t.scalar<std::int64_t>(q); });
        return n;
    }

    tests::database data;
    tests::moved_clock clock;
    jobs::runner runner{data.settings(), clock};
    std::unique_ptr<db::connection> c = db::connect(data.settings());
    std::vector<std::string> ran;
};

jobs::retry_rule after_a_second(int most) {
    return [most](int attempts) {
        return attempts < most ? std::optional(std::chrono::milliseconds(1000)) : std::nullopt;
    };
}

} // namespace

TEST_CASE("a job runs once, when it is due and not before", "[jobs]") {
    jobs_on_database j;
    j.runner.handle("remind",
                    [&](db::tx&, const jobs::job& x) { j.ran.push_back(x.key + x.payload.value("n", "")); });
    j.schedule("remind", "b", j.clock.now() + 20min, {{"n", "2"}});
    j.schedule("remind", "a", j.clock.now() + 10min, {{"n", "1"}});
    CHECK(j.runner.run_due() == 0);
    j.clock.advance(10min);
    CHECK(j.runner.run_due() == 1);
    j.clock.advance(-1h); // somebody sets the clock back
    CHECK(j.runner.run_due() == 0);
    j.clock.advance(2h);
    CHECK(j.runner.run_due() == 1);
    CHECK(j.runner.run_due() == 0);
    CHECK(j.ran == std::vector<std::string>{"a1", "b2"});
}

TEST_CASE("scheduling again moves the waiting job; cancelling removes it", "[jobs]") {
    jobs_on_database j;
    j.runner.handle("remind", [&](db::tx&, const jobs::job& x) { j.ran.push_back(x.payload.value("n", "")); });
    j.schedule("remind", "a", j.clock.now(), {{"n", "first"}});
    j.schedule("remind", "a", j.clock.now() + 1min, {{"n", "second"}});
    CHECK(j.runner.run_due() == 0);
    j.clock.advance(1min);
    CHECK(j.runner.run_due() == 1);
    CHECK(j.ran == std::vector<std::string>{"second"});
    j.schedule("remind", "a", j.clock.now());
    bool found = false;
    bool again = true;
    j.c->transact([&](db::tx& t) {
        found = jobs::cancel(t, "remind", "a");
        again = jobs::cancel(t, "remind", "a");
    });
    CHECK(found);
    CHECK_FALSE(again);
    CHECK(j.runner.run_due() == 0);
}

TEST_CASE("what a handler wrote before it failed is undone, and the job comes again", "[jobs]") {
    jobs_on_database j;
    int attempts = 0;
    j.runner.handle(
        "book",
        [&](db::tx& t, const jobs::job& x) {
            t.exec(put_setting, "booked", x.key);
            if (++attempts < 3) throw std::runtime_error("not yet");
        },
        after_a_second(5));
    j.schedule("book", "a", j.clock.now());
    CHECK(j.runner.run_due() == 1);
    CHECK(j.count(count_settings) == 0);
    CHECK(j.runner.run_due() == 0); // not before the pause is over
    j.clock.advance(1s);
    CHECK(j.runner.run_due() == 1);
    j.clock.advance(1s);
    CHECK(j.runner.run_due() == 1);
    CHECK(attempts == 3);
    CHECK(j.count(count_settings) == 1);
    CHECK(j.count(waiting_jobs) == 0);
}

TEST_CASE("an outside effect that keeps failing becomes a dead letter that says why", "[jobs]") {
    jobs_on_database j;
    int attempts = 0;
    j.runner.perform(
        "send",
        [&](const jobs::job& x) {
            CHECK(x.attempts == ++attempts);
            throw std::runtime_error("550 no such mailbox");
        },
        after_a_second(3));
    j.schedule("send", "a", j.clock.now());
    for (int i = 0; i < 6; ++i) {
        j.runner.run_due();
        j.clock.advance(1s);
    }
    CHECK(attempts == 3);
    CHECK(j.count(waiting_jobs) == 0);
    CHECK(j.count(dead_jobs) == 1);
    std::string why;
    j.c->transact([&](db::tx& t) { why = t.scalar<std::string>(last_error); });
    CHECK(why == "550 no such mailbox");
    j.schedule("send", "a", j.clock.now()); // a new one beside the dead one
    CHECK(j.count(waiting_jobs) == 1);
}

TEST_CASE("a job that is moved while it is performed runs again", "[jobs]") {
    jobs_on_database j;
    int calls = 0;
    j.runner.perform("send", [&](const jobs::job&) {
        if (++calls == 1) j.schedule("send", "a", j.clock.now() + 1min);
    });
    j.schedule("send", "a", j.clock.now());
    CHECK(j.runner.run_due() == 1);
    j.clock.advance(1min);
    CHECK(j.runner.run_due() == 1);
    CHECK(calls == 2);
}

TEST_CASE("after a death in the middle the effect is tried again when the lease is over", "[jobs]") {
    jobs_on_database j;
    int calls = 0;
    j.schedule("send", "a", j.clock.now());
    j.data.script("UPDATE job SET attempts = 1, lease_until = '" + to_postgres(j.clock.now() + 30s) + "'");
    j.runner.perform("send", [&](const jobs::job&) { ++calls; });
    CHECK(j.runner.run_due() == 0);
    j.clock.advance(31s);
    CHECK(j.runner.run_due() == 1);
    CHECK(calls == 1);
}

TEST_CASE("runners of two processes share the work and do nothing twice", "[jobs][threads]") {
    tests::database data;
    std::mutex mutex;
    std::condition_variable grown;
    std::vector<std::string> ran;
    const auto note = [&](db::tx&, const jobs::job& x) {
        const std::lock_guard lock(mutex);
        ran.push_back(x.key);
        grown.notify_all();
    };
    jobs::runner one(data.settings(), system_clock_source());
    jobs::runner two(data.settings(), system_clock_source());
    one.handle("count", note);
    two.handle("count", note);
    one.start();
    two.start();
    const auto c = db::connect(data.settings());
    for (int i = 0; i < 200; ++i)
        c->transact([&](db::tx& t) {
            const auto now = system_clock_source().now();
            jobs::schedule(t, "count", std::to_string(i), now, json::object(), now);
        });
    {
        std::unique_lock lock(mutex);
        REQUIRE(grown.wait_for(lock, 60s, [&] { return ran.size() >= 200; }));
    }
    one.stop();
    two.stop();
    std::sort(ran.begin(), ran.end());
    CHECK(ran.size() == 200);
    CHECK(std::adjacent_find(ran.begin(), ran.end()) == ran.end());
}

TEST_CASE("the pauses grow to an hour and end", "[jobs]") {
    const auto rule = jobs::patient(14);
    CHECK(rule(1)->count() >= 800);
    CHECK(rule(1)->count() <= 1200);
    CHECK(rule(13)->count() <= 3'600'000 * 6 / 5);
    CHECK(rule(13)->count() >= 3'600'000 * 4 / 5 - 1);
    CHECK_FALSE(rule(14));
}

TEST_CASE("one lane never takes all hands, and one only while it fails", "[jobs][threads]") {
    tests::database data;
    tests::moved_clock clock;
    const auto c = db::connect(data.settings());
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, int> under_way, most, done;
    bool held = true, fails = false;
    jobs::runner runner(data.settings(), clock, 4, 2);
    runner.perform(
        "send",
        [&](const jobs::job& j) {
            std::unique_lock lock(mutex);
            most[j.lane] = std::max(most[j.lane], ++under_way[j.lane]);
            changed.notify_all();
            if (j.lane == "slow") changed.wait(lock, [&] { return !held; });
            --under_way[j.lane];
            ++done[j.lane];
            changed.notify_all();
            if (fails && j.lane == "slow") throw std::runtime_error("no answer");
        },
        [](int) { return std::optional(1h); });
    const auto schedule = [&](const std::string& lane, int n) {
        c->transact([&](db::tx& t) {
            std::vector<jobs::wanted> all;
            for (int i = 0; i < n; ++i)
                all.push_back({lane + std::to_string(i), clock.now(), json::object(), lane});
            jobs::schedule(t, "send", all, clock.now());
        });
    };
    const auto wait_for = [&](const auto& true_at_last) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 20s, true_at_last);
    };
    schedule("slow", 6);
    runner.start();
    REQUIRE(wait_for([&] { return under_way["slow"] == 2; }));
    schedule("quick", 5);
    CHECK(wait_for([&] { return done["quick"] == 5; }));
    {
        const std::lock_guard lock(mutex);
        CHECK(most["slow"] == 2);
        held = false;
    }
    changed.notify_all();
    CHECK(wait_for([&] { return done["slow"] == 6; }));
    // From its first failure on it gets one at a time.
    {
        const std::lock_guard lock(mutex);
        fails = true;
    }
    schedule("slow", 1);
    CHECK(wait_for([&] { return done["slow"] == 7; }));
    {
        const std::lock_guard lock(mutex);
        held = true;
        most["slow"] = 0;
    }
    schedule("slow", 4);
    schedule("quick", 5);
    CHECK(wait_for([&] { return done["quick"] == 10 && under_way["slow"] == 1; }));
    {
        const std::lock_guard lock(mutex);
        CHECK(most["slow"] == 1);
        held = false;
    }
    changed.notify_all();
    runner.stop();
}
