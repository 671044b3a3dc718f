#include "support/database.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/db/migrate.hpp>

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::db;

namespace {

const std::vector<migration> both_migrations = {
    {1, "0001_create_a", "CREATE TABLE a (id int); INSERT INTO a VALUES (1);"},
    {2, "0002_create_b", "CREATE TABLE b (id int); SELECT pg_sleep(0.05);"},
};

std::string refusal(const settings& s, std::span<const migration> migrations) {
    try {
        migrate(s, migrations);
        return "";
    } catch (const startup_error& e) {
        return e.what();
    }
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct migrate_fixture {
    tests::database data{tests::database::content::empty};

    std::int64_t number(const std::string& sql) {
        const query q{"test.number", sql};
        std::int64_t n = 0;
        connect(data.settings())->transact([&](tx& t) { n = t.scalar<std::int64_t>(q); });
        return n;
    }
};

} // namespace

TEST_CASE_METHOD(migrate_fixture, "migrations: once each, and only what is missing", "[db][migrate]") {
    CHECK(migrate(data.settings(), std::span(both_migrations).first(1)) == 1);
    CHECK(migrate(data.settings(), both_migrations) == 1);
    CHECK(migrate(data.settings(), both_migrations) == 0);
    CHECK(number("SELECT count(*) FROM a") == 1);
    CHECK(number("SELECT count(*) FROM schema_migration WHERE length(checksum) = 64 AND applied_at <= now()") ==
          2);
}

TEST_CASE_METHOD(migrate_fixture, "migrations: an edited history is refused", "[db][migrate]") {
    migrate(data.settings(), both_migrations);
    auto edited = both_migrations;
    edited[0].sql = "CREATE TABLE a (id bigint);";
    CHECK(contains(refusal(data.settings(), edited), "0001_create_a was edited"));
    CHECK(contains(refusal(data.settings(), std::span(both_migrations).first(1)), "from a newer version"));
}

TEST_CASE_METHOD(migrate_fixture, "migrations: one that fails leaves nothing and says which", "[db][migrate]") {
    auto broken = both_migrations;
    broken[1].sql = "CREATE TABLE b (id int); SELECT * FROM missing;";
    const auto text = refusal(data.settings(), broken);
    CHECK(contains(text, "0002_create_b"));
    CHECK(contains(text, "missing"));
    CHECK(number("SELECT count(*) FROM schema_migration") == 1);
    CHECK(number("SELECT count(*) FROM pg_class WHERE relname = 'b'") == 0);
    CHECK(migrate(data.settings(), both_migrations) == 1);
}

TEST_CASE_METHOD(migrate_fixture, "migrations: several processes at once take turns", "[db][migrate]") {
    std::vector<std::future<int>> runs;
    runs.reserve(4);
    for (int i = 0; i < 4; ++i) {
        runs.push_back(
            std::async(std::launch::async, [&] { return migrate(data.settings(), both_migrations); }));
    }
    int applied = 0;
    for (auto& r : runs) applied += r.get();
    CHECK(applied == 2);
    CHECK(number("SELECT count(*) FROM a") == 1);
}

TEST_CASE_METHOD(migrate_fixture, "migrations: rights", "[db][migrate]") {
    data.script("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE limited LOGIN");
    auto s = data.settings();
    s.url += " user=limited";
    const auto text = refusal(s, both_migrations);
    CHECK(contains(text, "lacks rights"));
    CHECK_FALSE(contains(text, "\n"));

    // Nothing to apply takes no right but to read.
    migrate(data.settings(), both_migrations);
    data.script("GRANT SELECT ON schema_migration TO limited");
    CHECK(migrate(s, both_migrations) == 0);
    data.script("DROP OWNED BY limited; DROP ROLE limited");
}

TEST_CASE("migrations: an unreachable or misspelt address is one clear line", "[db][migrate]") {
    const auto unreachable = refusal({.url = "postgresql://me:secret@127.0.0.1:1/x"}, both_migrations);
    CHECK(contains(unreachable, "cannot be reached"));
    CHECK_FALSE(contains(unreachable, "secret"));
    CHECK_FALSE(contains(unreachable, "\n"));
    const auto misspelt = refusal({.url = "postgres:/me:secret@host/x"}, both_migrations);
    CHECK_FALSE(misspelt.empty());
    CHECK_FALSE(contains(misspelt, "secret"));
}

TEST_CASE("migrations: the program's own apply to an empty database", "[db][migrate]") {
    const tests::database data;
    CHECK(migrate(data.settings()) == 0);
}
