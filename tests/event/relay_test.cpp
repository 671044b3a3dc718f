// Every event reaches the live parts once and in order; a follower's effects happen once, whatever interrupts it.

#include "event/builders.hpp"
#include "support/database.hpp"

#include <chat_centre/event/relay.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::event;
using tests::event_of;

namespace {

constexpr db::query insert_effect{"test.insert_effect", "INSERT INTO effect VALUES ($1::bigint, $2::bigint)"};
constexpr db::query list_effects{"test.list_effects", "SELECT n, event_id FROM effect ORDER BY event_id, n"};

db::settings patient(const tests::database& data) {
    auto s = data.settings();
    s.lock_timeout = s.statement_timeout = std::chrono::milliseconds(0);
    return s;
}

entries write(db::connection& c, const std::string& type, int n) {
    auto batch = std::make_shared<std::vector<entry>>(static_cast<std::size_t>(n), event_of(type));
    c.transact([&batch](db::tx& t) { append(t, *batch); });
    return batch;
}

// Generous, for a machine that is busy with other things; a condition that holds ends the wait at once.
bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

} // namespace

TEST_CASE("the relay delivers each event once and in order", "[event][relay]") {
    const tests::database data;
    const auto before = db::connect(patient(data));
    write(*before, "before", 3); // what was there before the start is nobody's news

    relay r(patient(data));
    std::mutex lock;
    std::vector<std::int64_t> seen;
    bool overlapped = false;
    std::atomic<bool> inside{false};
    r.subscribe([&](const entries& batch) {
        if (inside.exchange(true)) overlapped = true;
        {
            const std::lock_guard hold(lock);
            for (const auto& e : *batch) seen.push_back(e.id);
        }
        inside = false;
    });
    r.start();
    CHECK(r.head() == 3);

    // Two writers of this process that tell the relay, one of another that does not.
    constexpr int rounds = 60;
    const auto writer = [&](bool tells) {
        const auto c = db::connect(patient(data));
        for (int i = 0; i < rounds; ++i) {
            const auto batch = write(*c, "x", i % 4 + 1);
            if (tells) r.committed(batch);
        }
    };
    std::vector<std::thread> threads;
    for (const bool tells : {true, true, false}) threads.emplace_back(writer, tells);
    for (auto& t : threads) t.join();

    const std::int64_t expected = 3 + 3 * (rounds / 4) * (1 + 2 + 3 + 4);
    CHECK(wait_until([&] { return r.head() == expected; }));
    r.stop();
    CHECK_FALSE(overlapped);
    REQUIRE(seen.size() == static_cast<std::size_t>(expected) - 3);
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<std::int64_t>(i) + 4);
}

TEST_CASE("a batch told twice or late is delivered once", "[event][relay]") {
    const tests::database data;
    relay r(patient(data));
    std::vector<std::int64_t> seen;
    std::mutex lock;
    r.subscribe([&](const entries& batch) {
        const std::lock_guard hold(lock);
        for (const auto& e : *batch) seen.push_back(e.id);
    });
    r.start();
    const auto c = db::connect(patient(data));
    const auto first = write(*c, "a", 2);
    const auto second = write(*c, "b", 2);
    r.committed(second); // ahead of the first: not continued, read from the log
    r.committed(first);
    r.committed(first);
    r.committed(std::make_shared<const std::vector<entry>>());
    CHECK(wait_until([&] { return r.head() == 4; }));
    r.stop();
    CHECK(seen == std::vector<std::int64_t>{1, 2, 3, 4});
}

TEST_CASE("a follower applies each event once and goes on where it was", "[event][follower]") {
    const tests::database data;
    const auto c = db::connect(patient(data));
    data.script("CREATE TABLE effect (n bigint, event_id bigint)");
    write(*c, "work", 5); // a new follower starts at the present

    int calls = 0;
    int fail_at = -1;
    const auto handle = [&](db::tx& t, const std::vector<entry>& events) {
        ++calls;
        for (const auto& e : events) t.exec(insert_effect, e.type == "work" ? 1 : 2, e.id);
        if (calls == fail_at) throw std::runtime_error("interrupted after the work");
    };
    const auto effects = [&] {
        std::vector<std::int64_t> ids;
        c->transact([&ids](db::tx& t) {
            ids.clear();
            for (const auto r : t.many(list_effects)) ids.push_back(r.get<std::int64_t>(1));
        });
        return ids;
    };

    {
        follower f(patient(data), "test", {"work", "other"}, handle);
        f.start();
        CHECK(wait_until([&] { return f.cursor() == 5; }));
        f.notice(write(*c, "work", 2));
        write(*c, "not.mine", 3);
        f.notice(write(*c, "other", 1));
        CHECK(wait_until([&] { return f.cursor() == 11; }));
        f.stop();
    }
    CHECK(effects() == std::vector<std::int64_t>{6, 7, 11});

    write(*c, "work", 2); // while nobody follows
    {
        calls = 0;
        fail_at = 1; // the work is done and then undone; it is done again
        follower f(patient(data), "test", {"work", "other"}, handle);
        f.start();
        CHECK(wait_until([&] { return f.cursor() == 13; }));
        f.stop();
        CHECK(calls >= 2);
    }
    CHECK(effects() == std::vector<std::int64_t>{6, 7, 11, 12, 13});

    // Two processes with one follower: each event is one's work.
    fail_at = -1;
    {
        std::mutex lock; // of the counters, which two threads now use
        const auto shared = [&](db::tx& t, const std::vector<entry>& events) {
            for (const auto& e : events) t.exec(insert_effect, 1, e.id);
            const std::lock_guard hold(lock);
            ++calls;
        };
        follower one(patient(data), "test", {"work"}, shared);
        follower two(patient(data), "test", {"work"}, shared);
        one.start();
        two.start();
        std::int64_t last = 0;
        for (int i = 0; i < 20; ++i) {
            const auto batch = write(*c, "work", 1);
            one.notice(batch);
            two.notice(batch);
            last = batch->back().id;
        }
        CHECK(wait_until([&] { return one.cursor() == last || two.cursor() == last; }));
        one.stop();
        two.stop();
    }
    const auto done = effects();
    REQUIRE(done.size() == 25);
    for (std::size_t i = 1; i < done.size(); ++i) CHECK(done[i] > done[i - 1]);
}

TEST_CASE("a follower works through more than one page", "[event][follower]") {
    const tests::database data;
    const auto c = db::connect(patient(data));
    std::size_t handled = 0;
    std::int64_t last = 0;
    bool ordered = true;
    follower f(patient(data), "pages", {"work"}, [&](db::tx&, const std::vector<entry>& events) {
        for (const auto& e : events) {
            ordered = ordered && e.id > last;
            last = e.id;
        }
        handled += events.size();
    });
    f.start();
    // The follower's row exists once it has looked; a page is 200.
    CHECK(wait_until([&] {
        std::int64_t n = 0;
        c->transact([&n](db::tx& t) {
            static constexpr db::query count{"test.count_followers", "SELECT count(*) FROM follower"};
            n = t.scalar<std::int64_t>(count);
        });
        return n == 1;
    }));
    f.notice(write(*c, "work", 450));
    CHECK(wait_until([&] { return f.cursor() == 450; }));
    f.stop();
    CHECK(handled == 450);
    CHECK(ordered);
}

TEST_CASE("a follower that meets a lock gives way, and comes back with one event at a time",
          "[event][follower]") {
    static constexpr db::query lock_row{"test.lock_row", "SELECT n FROM held FOR UPDATE"};
    const tests::database data;
    const auto c = db::connect(patient(data));
    data.script("CREATE TABLE effect (n bigint, event_id bigint); CREATE TABLE held (n bigint); "
                "INSERT INTO held VALUES (1)");
    std::mutex lock;
    std::vector<std::size_t> pages; // how many events it came with, each time
    follower f(patient(data), "polite", {"work"}, [&](db::tx& t, const std::vector<entry>& events) {
        {
            const std::lock_guard hold(lock);
            pages.push_back(events.size());
        }
        t.one(lock_row);
        for (const auto& e : events) t.exec(insert_effect, 1, e.id);
    });
    const auto tried = [&] {
        const std::lock_guard hold(lock);
        return pages.size();
    };
    const auto other = db::connect(patient(data));
    entries batch;
    other->transact([&](db::tx& t) {
        t.one(lock_row);
        batch = write(*c, "begin", 1);
        f.start();
        CHECK(wait_until([&] { return f.cursor() == 1; }));
        batch = write(*c, "work", 3);
        f.notice(batch);
        CHECK(wait_until([&] { return tried() >= 2; })); // it does not wait for this transaction
    });
    CHECK(wait_until([&] { return f.cursor() == 4; }));
    f.stop();
    REQUIRE(pages.size() >= 3);
    CHECK(pages[0] == 3);
    CHECK(pages[1] == 1);
    std::size_t done = 0;
    c->transact([&done](db::tx& t) { done = t.many(list_effects).size(); });
    CHECK(done == 3);
}

TEST_CASE("a follower of public events reads what is wanted, and nothing while nothing is",
          "[event][follower]") {
    const tests::database data;
    const auto c = db::connect(patient(data));
    const auto write_public = [&](const std::string& type, int n) {
        auto e = event_of(type);
        e.who = audience::people;
        auto batch = std::make_shared<std::vector<entry>>(static_cast<std::size_t>(n), e);
        c->transact([&batch](db::tx& t) { append(t, *batch); });
        return batch;
    };
    std::mutex lock;
    std::vector<std::string> wanted;
    std::vector<std::int64_t> seen;
    const auto want = [&](std::vector<std::string> types) {
        const std::lock_guard hold(lock);
        wanted = std::move(types);
    };
    const auto count = [&] {
        const std::lock_guard hold(lock);
        return seen.size();
    };
    const auto newest = [&] {
        const std::lock_guard hold(lock);
        return seen.empty() ? 0 : seen.back();
    };
    std::int64_t last = 0;
    const follower::wish wish = [&](db::tx&) {
        const std::lock_guard hold(lock);
        return wanted;
    };
    const auto handle = [&](db::tx&, const std::vector<entry>& events) {
        const std::lock_guard hold(lock);
        for (const auto& e : events) seen.push_back(e.id);
    };
    {
        follower f(patient(data), "public", wish, handle);
        f.start();
        write_public("told", 2500); // 1..2500: nobody wants them
        CHECK(wait_until([&] { return f.cursor() >= 2500; }));
        CHECK(count() == 0);
        want({"told"});
        CHECK(wait_until([&] { // the wish is asked about once a second
            f.notice(write_public("told", 1));
            return count() > 0;
        }));
        write(*c, "told", 1);        // internal: not for those outside
        write_public("other", 1500); // more than one look, and nothing in it
        const auto batch = write_public("told", 1);
        last = batch->back().id;
        f.notice(batch);
        CHECK(wait_until([&] { return newest() == last; }));
        f.stop();
    }
    write_public("told", 3); // while nobody follows
    {
        follower f(patient(data), "public", wish, handle);
        f.start();
        CHECK(wait_until([&] { return newest() == last + 3; }));
        f.stop();
    }
    for (std::size_t i = 1; i < seen.size(); ++i) CHECK(seen[i] > seen[i - 1]);
    CHECK(seen.back() == last + 3);
    CHECK(seen.front() > 2500);
}
