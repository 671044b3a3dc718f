// Every SQL statement of the program is one that PostgreSQL understands, on the tables that the migrations make.

#include "support/database.hpp"

#include <chat_centre/db/query.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace chat_centre;

TEST_CASE("every statement can be prepared", "[app][sql]") {
    const tests::database data;
    const auto c = db::connect(data.settings());
    std::set<std::string> names;
    CHECK(db::all_queries().size() > 50);
    for (const auto& q : db::all_queries()) {
        const std::string name(q.name);
        INFO(name << ":\n" << q.text);
        CHECK(names.insert(name).second);
        std::string problem;
        try {
            c->transact([&q](db::tx& t) { t.script("PREPARE checked AS " + std::string(q.text)); });
            c->transact([](db::tx& t) { t.script("DEALLOCATE checked"); });
        } catch (const db::failure& e) {
            problem = e.what();
        }
        CHECK(problem.empty());
    }
}
