#include "support/database.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/db/pool.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::db;
using namespace std::chrono_literals;

namespace {

constexpr query read_counter{"test.read_counter", "SELECT value FROM counter WHERE id = $1"};
constexpr query add_one{"test.add_one", "UPDATE counter SET value = value + 1 WHERE id = $1"};
constexpr query wait_for{"test.wait_for", "SELECT pg_sleep($1)"};
constexpr query thread_backend{"test.backend", "SELECT pg_backend_pid()"};

struct pool_fixture {
    pool_fixture() {
        data.script("CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL); "
                    "INSERT INTO counter VALUES (1, 0), (2, 0)");
    }
    tests::database data{tests::database::content::empty};

    void kill_backends() {
        data.script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
};

template <class F>
int status_of(F call) {
    try {
        call();
        return 200;
    } catch (const error& e) {
        return e.status();
    }
}

boost::asio::awaitable<void> collect(pool* p, std::vector<std::string>* out, std::thread::id* where) {
    auto read = [](tx& t) { return t.scalar<int>(read_counter, 1); };
    const int value = co_await p->run(read);
    *where = std::this_thread::get_id();
    out->push_back("read " + std::to_string(value));
    auto write = [](tx& t) { t.exec(add_one, 1); };
    co_await p->run(write);
    auto fail = [](tx&) -> int { throw error::not_found("gone"); };
    try {
        co_await p->run(fail);
    } catch (const error& e) {
        out->push_back("error " + std::to_string(e.status()));
    }
    const int after = co_await p->run(read);
    out->push_back("read " + std::to_string(after));
}

} // namespace

TEST_CASE_METHOD(pool_fixture, "a coroutine awaits work and gets its value or its exception", "[db][pool]") {
    boost::asio::io_context io; // outlives the pool, whose threads post to it
    pool p(data.settings(), "test", 2);
    std::vector<std::string> out;
    std::thread::id where;
    bool finished = false;
    boost::asio::co_spawn(io.get_executor(), collect(&p, &out, &where),
                          [&](std::exception_ptr e) { finished = !e; });
    io.run(); // returns only when the work is done, although nothing but the database is under way
    CHECK(finished);
    CHECK(where == std::this_thread::get_id());
    CHECK(out == std::vector<std::string>{"read 0", "error 404", "read 1"});
}

TEST_CASE_METHOD(pool_fixture, "a serialization failure is tried again", "[db][pool]") {
    pool p(data.settings(), "test", 1);
    int runs = 0;
    const int seen = p.run_blocking([&](tx& t) {
        ++runs;
        t.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        const int value = t.scalar<int>(read_counter, 1);
        if (runs < 3) data.script("UPDATE counter SET value = value + 10 WHERE id = 1");
        t.exec(add_one, 1);
        return value;
    });
    CHECK(runs == 3);
    CHECK(seen == 20);
    CHECK(p.run_blocking([](tx& t) { return t.scalar<int>(read_counter, 1); }) == 21);
}

TEST_CASE_METHOD(pool_fixture, "five tries, then 503", "[db][pool]") {
    pool p(data.settings(), "test", 1);
    int runs = 0;
    CHECK(status_of([&] {
              p.run_blocking([&](tx& t) {
                  ++runs;
                  t.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                  t.one(read_counter, 1);
                  data.script("UPDATE counter SET value = value + 10 WHERE id = 1");
                  t.exec(add_one, 1);
              });
          }) == 503);
    CHECK(runs == 5);
}

TEST_CASE_METHOD(pool_fixture, "of two that deadlock both succeed", "[db][pool]") {
    data.script(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''50ms''', current_database()); END $$");
    pool p(data.settings(), "test", 2);
    std::latch both(2);
    std::atomic<int> runs = 0;
    const auto add_both = [&](int first, int second) {
        p.run_blocking([&, mine = std::make_shared<int>(0)](tx& t) {
            ++runs;
            t.exec(add_one, first);
            if ((*mine)++ == 0) both.arrive_and_wait();
            t.exec(add_one, second);
        });
    };
    auto other = std::async(std::launch::async, add_both, 2, 1);
    add_both(1, 2);
    other.get();
    // One of them at least was a victim and came again. Whoever comes again before the other has woken up takes the row
    // that the other waits for, and PostgreSQL chooses once more.
    CHECK(runs >= 3);
    CHECK(p.run_blocking(
              [](tx& t) { return t.scalar<int>(read_counter, 1) + t.scalar<int>(read_counter, 2); }) == 4);
}

TEST_CASE_METHOD(pool_fixture, "a full queue is 503 at once, and what was accepted is done", "[db][pool]") {
    pool p(data.settings(), "test", 1, 2);
    std::promise<void> started;
    std::promise<void> gate;
    auto open = gate.get_future().share();
    auto busy = std::async(std::launch::async, [&] {
        p.run_blocking([&](tx&) {
            started.set_value();
            open.wait();
        });
    });
    started.get_future().wait();
    std::vector<std::future<void>> queued;
    queued.reserve(2);
    for (int i = 0; i < 2; ++i) {
        queued.push_back(
            std::async(std::launch::async, [&] { p.run_blocking([](tx& t) { t.exec(add_one, 1); }); }));
    }
    while (p.waiting() < 2) std::this_thread::sleep_for(1ms);
    CHECK(status_of([&] { p.run_blocking([](tx& t) { t.exec(add_one, 1); }); }) == 503);
    gate.set_value();
    busy.get();
    for (auto& q : queued) q.get();
    CHECK(p.run_blocking([](tx& t) { return t.scalar<int>(read_counter, 1); }) == 2);
}

TEST_CASE_METHOD(pool_fixture, "time limits are 503, refused data is the caller's to judge", "[db][pool]") {
    auto s = data.settings();
    s.statement_timeout = 100ms;
    s.lock_timeout = 50ms;
    pool p(s, "test", 1);
    CHECK(status_of([&] { p.run_blocking([](tx& t) { t.one(wait_for, 5); }); }) == 503);

    auto holder = connect(data.settings());
    holder->transact([&](tx& t) {
        t.exec(add_one, 1);
        CHECK(status_of([&] { p.run_blocking([](tx& o) { o.exec(add_one, 1); }); }) == 503);
    });
    CHECK(p.healthy());

    static constexpr query insert{"test.insert", "INSERT INTO counter VALUES ($1, 0)"};
    CHECK_THROWS_AS(p.run_blocking([](tx& t) { t.exec(insert, 1); }), failure);      // class 23
    CHECK_THROWS_AS(p.run_blocking([](tx& t) { t.exec(insert, "word"); }), failure); // class 22
    CHECK(p.run_blocking([](tx& t) { return t.scalar<int>(read_counter, 1); }) == 1);
}

TEST_CASE_METHOD(pool_fixture, "broken connections are made again", "[db][pool]") {
    pool p(data.settings(), "test", 1);
    const int before = p.run_blocking([](tx& t) { return t.scalar<int>(thread_backend); });
    kill_backends();
    const int after = p.run_blocking([](tx& t) { return t.scalar<int>(thread_backend); });
    CHECK(after != before);

    int runs = 0;
    CHECK(status_of([&] {
              p.run_blocking([&](tx& t) {
                  ++runs;
                  t.exec(add_one, 1);
                  kill_backends();
                  t.exec(add_one, 1);
              });
          }) == 503);
    CHECK(runs == 1); // never again by itself
    CHECK_FALSE(p.healthy());
    std::this_thread::sleep_for(300ms);
    CHECK(p.run_blocking([](tx& t) { return t.scalar<int>(read_counter, 1); }) == 0);
    CHECK(p.healthy());
}

TEST_CASE("without a database work fails fast with 503", "[db][pool]") {
    pool p({.url = "host=127.0.0.1 port=1 dbname=x"}, "test", 1);
    CHECK(p.healthy());
    for (int i = 0; i < 100; ++i) CHECK(status_of([&] { p.run_blocking([](tx&) {}); }) == 503);
    CHECK_FALSE(p.healthy());
}

TEST_CASE_METHOD(pool_fixture, "stop finishes what is queued and refuses the rest", "[db][pool]") {
    pool p(data.settings(), "test", 2);
    std::vector<std::future<void>> work;
    work.reserve(8);
    std::atomic<int> begun = 0;
    for (int i = 0; i < 8; ++i) {
        work.push_back(std::async(std::launch::async, [&] {
            p.run_blocking([&](tx& t) {
                ++begun;
                t.one(wait_for, 0.02);
                t.exec(add_one, 1);
            });
        }));
    }
    while (static_cast<std::size_t>(begun) + p.waiting() < 8) std::this_thread::sleep_for(1ms);
    p.stop();
    for (auto& w : work) w.get();
    CHECK(status_of([&] { p.run_blocking([](tx&) {}); }) == 503);
    p.stop();
    int value = 0;
    connect(data.settings())->transact([&](tx& t) { value = t.scalar<int>(read_counter, 1); });
    CHECK(value == 8);
}
