#include "support/database.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/connection.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::db;
using namespace std::chrono_literals;

namespace {

constexpr query insert_item{"test.insert_item", "INSERT INTO item (id, body) VALUES ($1, $2)"};
constexpr query count_items{"test.count_items", "SELECT count(*) FROM item"};
constexpr query backend{"test.backend", "SELECT pg_backend_pid()"};

constexpr const char* item_table = "CREATE TABLE item (id int PRIMARY KEY, body text NOT NULL,"
                                   " size int CONSTRAINT size_is_positive CHECK (size > 0))";

struct tx_fixture {
    tx_fixture() { data.script(item_table); }
    tests::database data{tests::database::content::empty};
    std::unique_ptr<connection> c = connect(data.settings());

    std::int64_t items() {
        std::int64_t n = 0;
        c->transact([&](tx& t) { n = t.scalar<std::int64_t>(count_items); });
        return n;
    }
    std::optional<failure> failing(const std::function<void(tx&)>& work) {
        try {
            c->transact(work);
            return std::nullopt;
        } catch (const failure& f) {
            return f;
        }
    }
    void kill_backends() {
        data.script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
};

} // namespace

TEST_CASE_METHOD(tx_fixture, "values survive the way to the server and back", "[db]") {
    static constexpr query echo{
        "test.echo",
        "SELECT $1::text, $2::bigint, $3::float8, $4::bool, $5::timestamptz, $6::text, $7::int, $8::bool"};
    const time_point now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const std::string text = "quote ' \" back\\slash {a,b} NULL مرحبا 👋\n";
    c->transact([&](tx& t) {
        const auto r = t.one(echo, text, std::numeric_limits<std::int64_t>::min(), 0.1, true, now,
                             std::nullopt, -3, false);
        CHECK(r.get<std::string>(0) == text);
        CHECK(r.get<std::string_view>(0) == text);
        CHECK(r.get<std::int64_t>(1) == std::numeric_limits<std::int64_t>::min());
        CHECK(r.get<double>(2) == 0.1);
        CHECK(r.get<bool>(3));
        CHECK_FALSE(r.get<bool>(7));
        CHECK(r.get<time_point>(4) == now);
        CHECK(r.is_null(5));
        CHECK(r.text(5).empty());
        CHECK_FALSE(r.get<std::optional<std::string>>(5).has_value());
        CHECK(r.get<std::optional<int>>(6) == -3);
        CHECK_THROWS_AS(r.get<std::string>(5), std::out_of_range); // NULL
        CHECK_THROWS_AS(r.get<int>(1), std::out_of_range);         // does not fit
        CHECK_THROWS_AS(r.get<int>(0), std::out_of_range);         // not a number
        CHECK_THROWS_AS(r.text(8), std::out_of_range);             // no such column
    });
}

TEST_CASE_METHOD(tx_fixture, "arrays arrive element by element", "[db]") {
    static constexpr query unnest{"test.unnest",
                                  "SELECT e FROM unnest($1::text[]) WITH ORDINALITY AS u (e, n) ORDER BY n"};
    const std::vector<std::optional<std::string>> elements = {"",
                                                              "plain",
                                                              R"(say "yes")",
                                                              R"(back\slash)",
                                                              R"(\\"")",
                                                              "{a,b}",
                                                              "a,b",
                                                              "NULL",
                                                              "null",
                                                              std::nullopt,
                                                              " x ",
                                                              "line\nbreak",
                                                              "مرحبا 👋",
                                                              std::string(300'000, '"')};
    c->transact([&](tx& t) {
        const auto r = t.many(unnest, array_of(elements));
        REQUIRE(r.size() == static_cast<int>(elements.size()));
        for (int i = 0; i < r.size(); ++i) {
            CAPTURE(i);
            CHECK(r[i].get<std::optional<std::string>>(0) == elements[static_cast<std::size_t>(i)]);
        }
        CHECK(t.many(unnest, array()).empty());
    });
}

TEST_CASE_METHOD(tx_fixture, "one, maybe, many, exec and scalar", "[db]") {
    static constexpr query none{"test.none", "SELECT 1 WHERE false"};
    static constexpr query grow{"test.grow", "UPDATE item SET size = 1"};
    c->transact([&](tx& t) {
        CHECK_FALSE(t.maybe(none));
        CHECK_THROWS_AS(t.one(none), std::out_of_range);
        CHECK(t.exec(insert_item, 1, "a") == 1);
        CHECK(t.exec(insert_item, 2, "b") == 1);
        CHECK(t.exec(grow) == 2);
        CHECK(t.affected() == 2);
        CHECK(t.scalar<int>(count_items) == 2);
        int seen = 0;
        static constexpr query all{"test.all", "SELECT id FROM item ORDER BY id"};
        for (const auto& r : t.many(all)) CHECK(r.get<int>(0) == ++seen);
        CHECK(seen == 2);
    });
}

TEST_CASE_METHOD(tx_fixture, "a row keeps its result alive", "[db]") {
    std::optional<row> kept;
    c->transact([&](tx& t) {
        t.exec(insert_item, 1, "still here");
        static constexpr query body{"test.body", "SELECT body FROM item"};
        kept = t.one(body);
    });
    c.reset();
    CHECK(kept->text(0) == "still here");
}

TEST_CASE_METHOD(tx_fixture, "a refused statement tells SQLSTATE and constraint", "[db]") {
    c->transact([](tx& t) { t.exec(insert_item, 1, "secret text"); });
    const auto unique = failing([](tx& t) { t.exec(insert_item, 1, "secret text"); });
    REQUIRE(unique);
    CHECK(unique->unique_violation());
    CHECK(unique->constraint() == "item_pkey");
    CHECK(std::string(unique->what()).find("secret") == std::string::npos);

    const auto check =
        failing([](tx& t) { t.script("INSERT INTO item VALUES (2, 'CONSTRAINT NAME:  forged', -1)"); });
    REQUIRE(check);
    CHECK(check->sqlstate() == "23514");
    CHECK(check->constraint() == "size_is_positive");
    CHECK(std::string(check->what()).find("forged") == std::string::npos);

    const auto null = failing([](tx& t) { t.exec(insert_item, 3, std::nullopt); });
    REQUIRE(null);
    CHECK(null->sqlstate() == "23502");
    CHECK(null->constraint().empty());
    CHECK(items() == 1);
}

TEST_CASE_METHOD(tx_fixture, "a NUL byte is refused, not cut", "[db]") {
    const auto f = failing([](tx& t) { t.exec(insert_item, 1, std::string("a\0b", 3)); });
    REQUIRE(f);
    CHECK(f->sqlstate() == "22021");
    const auto in_array = failing([](tx& t) {
        static constexpr query q{"test.nul", "SELECT $1::text[]"};
        t.one(q, array().add(std::string_view("a\0b", 3)));
    });
    REQUIRE(in_array);
    CHECK(in_array->sqlstate() == "22021");
}

TEST_CASE_METHOD(tx_fixture, "work that throws leaves nothing", "[db]") {
    struct mine {};
    CHECK_THROWS_AS(c->transact([](tx& t) {
        t.exec(insert_item, 1, "a");
        throw mine{};
    }),
                    mine);
    CHECK(items() == 0);
}

TEST_CASE_METHOD(tx_fixture, "work that swallows a refusal is not taken for stored", "[db]") {
    const auto f = failing([](tx& t) {
        t.exec(insert_item, 1, "a");
        try {
            t.exec(insert_item, 1, "again");
        } catch (const failure&) { // NOLINT(bugprone-empty-catch)
        }
    });
    REQUIRE(f);
    CHECK(f->unique_violation());
    CHECK(items() == 0);
}

TEST_CASE_METHOD(tx_fixture, "a savepoint brings a transaction back", "[db]") {
    c->transact([](tx& t) {
        t.exec(insert_item, 1, "a");
        t.script("SAVEPOINT s");
        CHECK_THROWS_AS(t.exec(insert_item, 1, "again"), failure);
        t.script("ROLLBACK TO s");
    });
    CHECK(items() == 1);
}

TEST_CASE_METHOD(tx_fixture, "after_commit runs after COMMIT only, in order", "[db]") {
    std::vector<int> calls;
    auto observer = connect(data.settings());
    c->transact([&](tx& t) {
        t.exec(insert_item, 1, "a");
        t.after_commit([&] {
            std::int64_t visible = 0;
            observer->transact([&](tx& o) { visible = o.scalar<std::int64_t>(count_items); });
            CHECK(visible == 1);
            calls.push_back(1);
        });
        t.after_commit([&] { calls.push_back(2); });
        CHECK(calls.empty());
    });
    CHECK(calls == std::vector<int>{1, 2});
    CHECK(failing([&](tx& t) {
        t.after_commit([&] { calls.push_back(3); });
        t.exec(insert_item, 1, "again");
    }));
    CHECK(calls == std::vector<int>{1, 2});

    // COMMIT itself is what fails here.
    data.script("CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    const auto f = failing([&](tx& t) {
        t.after_commit([&] { calls.push_back(4); });
        t.script("INSERT INTO late VALUES (1), (1)");
    });
    REQUIRE(f);
    CHECK(f->constraint() == "late_id_key");
    CHECK(calls == std::vector<int>{1, 2});
}

TEST_CASE_METHOD(tx_fixture, "the session is set up", "[db]") {
    static constexpr query setting{"test.setting", "SELECT current_setting($1)"};
    struct row {
        const char* name;
        const char* value;
    };
    const row table[] = {{"TimeZone", "UTC"},
                         {"client_encoding", "UTF8"},
                         {"statement_timeout", "5s"},
                         {"lock_timeout", "2s"},
                         {"idle_in_transaction_session_timeout", "10s"},
                         {"synchronous_commit", "on"},
                         {"application_name", "chat-centre"},
                         {"lc_messages", "C"},
                         {"transaction_isolation", "read committed"},
                         {"DateStyle", "ISO, YMD"},
                         {"fsync", "on"},
                         {"listen_addresses", ""},
                         {"max_connections", "100"},
                         {"jit", "off"},
                         {"wal_compression", "pglz"}};
    c->transact([&](tx& t) {
        for (const auto& [name, value] : table) {
            CAPTURE(name);
            CHECK(t.scalar<std::string>(setting, name) == value);
        }
    });
    auto other = data.settings();
    other.synchronous_commit = false;
    other.application_name = "it's me";
    other.statement_timeout = 0ms;
    connect(other)->transact([&](tx& t) {
        CHECK(t.scalar<std::string>(setting, "synchronous_commit") == "off");
        CHECK(t.scalar<std::string>(setting, "application_name") == "it's me");
        CHECK(t.scalar<std::string>(setting, "statement_timeout") == "0");
    });
}

TEST_CASE_METHOD(tx_fixture, "an ordinary database user connects too", "[db]") {
    data.script("CREATE ROLE plain LOGIN");
    auto s = data.settings();
    s.url += " user=plain";
    connect(s)->transact([](tx& t) { CHECK(t.scalar<int>(backend) > 0); });
    data.script("DROP ROLE plain");
}

TEST_CASE_METHOD(tx_fixture, "a connection that broke while idle is made again", "[db]") {
    CHECK(items() == 0);
    kill_backends();
    int runs = 0;
    c->transact([&](tx& t) {
        ++runs;
        t.exec(insert_item, 1, "a"); // prepared anew
    });
    CHECK(runs == 1);
    CHECK(items() == 1);
}

TEST_CASE_METHOD(tx_fixture, "a connection that breaks during work fails it, once", "[db]") {
    int runs = 0;
    CHECK_THROWS_AS(c->transact([&](tx& t) {
        ++runs;
        t.exec(insert_item, 1, "a");
        kill_backends();
        try {
            t.exec(insert_item, 2, "b");
        } catch (const connection_lost&) { // NOLINT(bugprone-empty-catch): even if work goes on regardless
        }
        CHECK_THROWS_AS(t.exec(insert_item, 3, "c"), connection_lost);
    }),
                    connection_lost);
    CHECK(runs == 1);
    CHECK(items() == 0);
}

TEST_CASE_METHOD(tx_fixture, "two statements of one name are a mistake", "[db]") {
    static constexpr query one{"test.same", "SELECT 1"};
    static constexpr query other{"test.same", "SELECT 2"};
    CHECK_THROWS_AS(c->transact([](tx& t) {
        t.one(one);
        t.one(other);
    }),
                    std::logic_error);
}

TEST_CASE_METHOD(tx_fixture, "a statement of a changed table is prepared again", "[db]") {
    static constexpr query all{"test.star", "SELECT * FROM item"};
    c->transact([](tx& t) { t.many(all); });
    data.script("ALTER TABLE item ADD COLUMN extra int");
    const auto f = failing([](tx& t) { t.many(all); });
    REQUIRE(f);
    CHECK(f->sqlstate() == "0A000");
    CHECK_FALSE(failing([](tx& t) { t.many(all); }));
}

TEST_CASE_METHOD(tx_fixture, "notifications wake a listener, also after a break", "[db]") {
    c->listen("events");
    CHECK_FALSE(c->wait_notification(10ms));
    data.script("NOTIFY events");
    CHECK(c->wait_notification(2s));
    CHECK_FALSE(c->wait_notification(10ms));

    // One that arrives while this connection works is not lost.
    c->transact([&](tx& t) {
        data.script("NOTIFY events");
        t.scalar<int>(backend);
    });
    CHECK(c->wait_notification(2s));

    std::thread later([&] {
        std::this_thread::sleep_for(50ms);
        data.script("NOTIFY events");
    });
    CHECK(c->wait_notification(5s));
    later.join();

    kill_backends();
    CHECK_THROWS_AS(c->wait_notification(2s), connection_lost);
    CHECK(c->wait_notification(2s)); // made again: something may have been missed
    data.script("NOTIFY events");
    CHECK(c->wait_notification(2s));
}

TEST_CASE("a database that is not there", "[db]") {
    CHECK_THROWS_AS(connect({.url = "host=127.0.0.1 port=1 dbname=x"}), connection_lost);
    CHECK_THROWS_AS(connect({.url = "/nonsense"}), connection_lost);
    CHECK_THROWS_AS(connect({.url = "postgresql://h:not-a-port/x"}), connection_lost);
}
