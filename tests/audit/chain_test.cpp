// What an edit in the database does to the chain.

#include "support/database.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/audit/chain.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;

namespace {

struct log_of_ten {
    log_of_ten() {
        write(10);
        seal();
    }
    void write(int n) const {
        c->transact([n](db::tx& t) {
            for (int i = 0; i < n; ++i) {
                audit::row r;
                r.action = "test.row";
                r.target = "T-" + std::to_string(i);
                r.detail = {{"n", i}, {"half", 0.5}, {"text", "نص \"quoted\""}};
                audit::record(t, r);
            }
        });
    }
    void seal() const {
        c->transact([](db::tx& t) { audit::seal(t); });
    }
    // As a superuser who has switched the triggers off.
    void edit(const std::string& sql) const { data.script("SET session_replication_role = replica;" + sql); }
    audit::report verify() const { return audit::verify(*c); }

    tests::database data;
    std::unique_ptr<db::connection> c = db::connect(data.settings());
};

} // namespace

TEST_CASE("a log that nobody edited is whole", "[audit][chain]") {
    const log_of_ten log;
    auto r = log.verify();
    CHECK(r.faults.empty());
    CHECK(r.sealed == 10);
    CHECK(r.unsealed == 0);
    log.write(3);
    r = log.verify();
    CHECK(r.faults.empty());
    CHECK(r.unsealed == 3);
    const auto head = r.head;
    log.seal();
    r = log.verify();
    CHECK(r.sealed == 13);
    CHECK(r.head != head);
    CHECK(audit::verify(*log.c, head).known_found);
    CHECK_FALSE(audit::verify(*log.c, std::string(64, 'a')).known_found);
}

TEST_CASE("the first row that was edited is named", "[audit][chain]") {
    struct {
        const char* sql;
        std::int64_t row;
        audit::flaw what;
    } const table[] = {
        {"UPDATE audit SET target = 'X' WHERE audit_id = 4", 4, audit::flaw::changed},
        {"UPDATE audit SET detail = detail || '{\"n\": 99}' WHERE audit_id IN (7, 5)", 5, audit::flaw::changed},
        {"UPDATE audit SET at = at - interval '1 day' WHERE audit_id = 10", 10, audit::flaw::changed},
        {"DELETE FROM audit WHERE audit_id = 6", 6, audit::flaw::missing},
        {"DELETE FROM audit WHERE audit_id = 1", 1, audit::flaw::missing},
        {"INSERT INTO audit (audit_id, actor_kind, action) OVERRIDING SYSTEM VALUE VALUES (-3, 'system', 'made.up')",
         -3, audit::flaw::inserted},
        {"INSERT INTO audit (actor_kind, action) VALUES ('system', 'made.up')", 11, audit::flaw::inserted},
        {"UPDATE audit_seal SET hash = repeat('0', 64) WHERE audit_id = 3", 3, audit::flaw::unlinked},
        {"DELETE FROM audit_seal WHERE seal_no = 5", 5, audit::flaw::inserted}, // stands there without a seal...
    };
    for (const auto& t : table) {
        const log_of_ten log;
        log.edit(t.sql);
        const auto r = log.verify();
        INFO(t.sql << "\n" << audit::describe(r));
        REQUIRE_FALSE(r.faults.empty());
        if (std::string(t.sql).find("DELETE FROM audit_seal") != std::string::npos) {
            CHECK(r.faults.front().audit_id == 6); // ...and the next seal says that one is gone
            CHECK(r.faults.front().what == audit::flaw::unlinked);
            continue;
        }
        CHECK(r.faults.front().audit_id == t.row);
        CHECK(r.faults.front().what == t.what);
    }
}

TEST_CASE("a row put in by hand stays known when it has been sealed", "[audit][chain]") {
    const log_of_ten log;
    log.edit("INSERT INTO audit (actor_kind, action) VALUES ('system', 'made.up')");
    log.seal();
    const auto r = log.verify();
    REQUIRE(r.faults.size() == 1);
    CHECK(r.faults[0].audit_id == 11);
    CHECK(r.faults[0].what == audit::flaw::inserted);
}

TEST_CASE("the log refuses edits, and its chain too", "[audit][chain]") {
    const log_of_ten log;
    for (const char* sql :
         {"UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit",
          "UPDATE audit_seal SET hash = ''", "DELETE FROM audit_seal", "TRUNCATE audit_seal"}) {
        INFO(sql);
        CHECK_THROWS(log.data.script(sql));
    }
}

TEST_CASE("many writers and two sealers make one chain", "[audit][chain][threads]") {
    const log_of_ten log;
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n)
        threads.emplace_back([&log] {
            const auto c = db::connect(log.data.settings());
            for (int i = 0; i < 50; ++i)
                c->transact([](db::tx& t) {
                    audit::row r;
                    r.action = "test.row";
                    audit::record(t, r);
                });
        });
    for (int n = 0; n < 2; ++n)
        threads.emplace_back([&log] {
            const auto c = db::connect(log.data.settings());
            for (int i = 0; i < 40; ++i) c->transact([](db::tx& t) { audit::seal(t, 20); });
        });
    for (auto& t : threads) t.join();
    log.seal();
    const auto r = log.verify();
    CHECK(r.faults.empty());
    CHECK(r.sealed == 210);
    CHECK(r.unsealed == 0);
}
