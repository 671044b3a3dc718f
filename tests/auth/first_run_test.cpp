#include "auth/identity.hpp"

#include "auth/secrets.hpp"

#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>

#include <future>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::tests;
using namespace std::chrono_literals;

namespace {

constexpr db::query accounts{"test.accounts", "SELECT email, role FROM staff ORDER BY staff_id"};
constexpr db::query keys{"test.keys",
                         "SELECT name, key_hash, revoked_at IS NOT NULL FROM api_key ORDER BY api_key_id"};
constexpr db::query revoke_keys{"test.revoke", "UPDATE api_key SET revoked_at = now()"};
constexpr db::query key_setting{"test.setting", "SELECT value FROM setting WHERE name = 'access_token_keys'"};

struct first_run_fixture {
    database data;
    db::pool pool{data.settings(), "test", 4};
    moved_clock clock;
    ~first_run_fixture() { pool.stop(); }

    auth::first_run_facts start(const std::string& email, const std::string& password, const std::string& key) {
        config::settings s;
        s.admin_email = email;
        s.admin_password = password;
        s.sync_api_key = key;
        return auth::first_run(pool, s, clock);
    }
    std::vector<std::string> list(const db::query& q) {
        return pool.run_blocking([&](db::tx& t) {
            std::vector<std::string> out;
            for (const auto row : t.many(q))
                out.push_back(row.get<std::string>(0) + " " + row.get<std::string>(1));
            return out;
        });
    }
    int live_keys() {
        return pool.run_blocking([](db::tx& t) {
            int live = 0;
            for (const auto row : t.many(keys)) live += row.get<bool>(2) ? 0 : 1;
            return live;
        });
    }
};

} // namespace

TEST_CASE_METHOD(first_run_fixture, "a first start with nothing given makes everything, once", "[auth][db]") {
    const auto facts = start("", "", "");
    CHECK(facts.admin_email == "admin@localhost");
    REQUIRE(facts.generated_password);
    REQUIRE(facts.generated_sync_key);
    CHECK(facts.generated_sync_key->starts_with("cck_"));
    CHECK(list(accounts) == std::vector<std::string>{"admin@localhost admin"});

    const auto again = start("", "", "");
    CHECK_FALSE(again.admin_email);
    CHECK_FALSE(again.generated_password);
    CHECK_FALSE(again.generated_sync_key);
    CHECK(live_keys() == 1);
}

TEST_CASE_METHOD(first_run_fixture, "what the environment gives is used and not printed", "[auth][db]") {
    const auto facts = start("sarah@example.org", "green lantern by the river", "a key of the environment");
    CHECK(facts.admin_email == "sarah@example.org");
    CHECK_FALSE(facts.generated_password);
    CHECK_FALSE(facts.generated_sync_key);
    CHECK(facts.warnings.empty());
    // Another address later: another admin, and the first one stays.
    CHECK(start("bob@example.org", "green lantern by the river", "").admin_email == "bob@example.org");
    CHECK(start("BOB@example.org", "", "").admin_email == std::nullopt);
    CHECK(list(accounts).size() == 2);
    // Only an address: its password is made and told.
    const auto generated = start("lisa@example.org", "", "");
    CHECK(generated.generated_password);
    CHECK_FALSE(generated.generated_sync_key);
}

TEST_CASE_METHOD(first_run_fixture, "many processes start at once", "[auth][db][threads]") {
    std::vector<std::future<auth::first_run_facts>> starts;
    for (int i = 0; i < 6; ++i)
        starts.push_back(std::async(std::launch::async, [this] { return start("", "", ""); }));
    int admins = 0, sync_keys = 0;
    for (auto& s : starts) {
        const auto facts = s.get();
        admins += facts.generated_password ? 1 : 0;
        sync_keys += facts.generated_sync_key ? 1 : 0;
    }
    CHECK(admins == 1);
    CHECK(sync_keys == 1);
}

TEST_CASE_METHOD(first_run_fixture, "what the operator must mend is said in one line", "[auth][db]") {
    CHECK_THROWS_AS(start("no address", "", ""), startup_error);
    CHECK_THROWS_AS(start("a@b.example", "seven77", ""), startup_error);
    CHECK_THROWS_AS(start("a@b.example", std::string(129, 'x'), ""), startup_error);
    CHECK_THROWS_AS(start("", "", "too short"), startup_error);
    CHECK(list(accounts).empty());
    const auto facts = start("a@b.example", "eight888", std::string(16, 'k'));
    CHECK(facts.warnings.size() == 1);
}

TEST_CASE_METHOD(first_run_fixture, "the key of the environment is replaced, set back and revoked",
                 "[auth][db]") {
    const std::string first(20, 'a'), second(20, 'b');
    start("", "", first);
    start("", "", first);
    CHECK(list(keys) == std::vector<std::string>{"environment " + sha256_hex(first)});
    start("", "", second);
    CHECK(list(keys) == std::vector<std::string>{"environment (replaced) " + sha256_hex(first),
                                                 "environment " + sha256_hex(second)});
    CHECK(live_keys() == 1);
    start("", "", first); // set back
    CHECK(list(keys) == std::vector<std::string>{"environment " + sha256_hex(first),
                                                 "environment (replaced) " + sha256_hex(second)});
    CHECK(live_keys() == 1);
    // What an admin revoked stays so, however often the server starts.
    pool.run_blocking([](db::tx& t) { t.exec(revoke_keys); });
    CHECK(start("", "", first).warnings.size() == 1);
    CHECK(live_keys() == 0);
}

TEST_CASE_METHOD(first_run_fixture, "keys are made once and the signing key is replaced in time",
                 "[auth][db]") {
    start("", "", "");
    const auto read = [&] {
        return json::parse(pool.run_blocking([](db::tx& t) { return t.scalar<std::string>(key_setting); }));
    };
    const auto first = read();
    CHECK(first.size() == 1);
    clock.advance(std::chrono::hours(24 * 89));
    start("", "", "");
    CHECK(read() == first);
    clock.advance(std::chrono::hours(24 * 2));
    start("", "", "");
    const auto second = read();
    CHECK(second.size() == 2);
    CHECK(second[1] == first[0]);
    for (int i = 0; i < 3; ++i) {
        clock.advance(std::chrono::hours(24 * 91));
        start("", "", "");
    }
    CHECK(read().size() == 3);
}

TEST_CASE_METHOD(first_run_fixture, "a damaged key says what to do", "[auth][db]") {
    start("", "", "");
    data.script("UPDATE setting SET value = 'nonsense'");
    CHECK_THROWS_AS(start("", "", ""), startup_error);
}
