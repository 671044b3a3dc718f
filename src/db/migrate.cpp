#include <chat_centre/db/migrate.hpp>

#include "db/checksum.hpp"
#include "db/migration_plan.hpp"

#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>

namespace chat_centre::db {
namespace {

using namespace std::chrono_literals;

constexpr int oldest_server = 130000;

// Any number, as long as every version of this program uses the same one: "chatcent" in ASCII.
constexpr std::int64_t lock_key = 0x6368617463656e74;

constexpr query server_version{"migrate.server_version", "SELECT current_setting('server_version_num')::int, "
                                                         "current_setting('server_version')"};
constexpr query take_lock{"migrate.lock", "SELECT pg_advisory_xact_lock($1)"};
constexpr query has_history{"migrate.has_history", "SELECT to_regclass('schema_migration') IS NOT NULL"};
constexpr query history{"migrate.history",
                        "SELECT number, name, checksum FROM schema_migration ORDER BY number"};
constexpr query record{"migrate.record",
                       "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)"};

constexpr const char* create_history = "CREATE TABLE schema_migration ("
                                       "number int PRIMARY KEY,"
                                       "name text NOT NULL,"
                                       "checksum text NOT NULL,"
                                       "applied_at timestamptz NOT NULL DEFAULT now())";

void require_server(tx& t) {
    const auto version = t.one(server_version);
    if (version.get<int>(0) < oldest_server) {
        throw startup_error("PostgreSQL " + version.get<std::string>(1) +
                            " is too old: version 13 or newer is needed.");
    }
}

std::vector<applied_migration> read_history(tx& t) {
    std::vector<applied_migration> applied;
    if (!t.scalar<bool>(has_history)) return applied;
    for (const auto& r : t.many(history)) {
        applied.push_back({r.get<int>(0), r.get<std::string>(1), r.get<std::string>(2)});
    }
    return applied;
}

// One transaction: the lock, the check, and the next missing migration. As every transaction takes the lock and looks
// again, processes that start together take turns, and a connection that breaks leaves nothing half done.
bool apply_next(tx& t, std::span<const migration> known, std::string& current) {
    require_server(t);
    t.one(take_lock, lock_key);
    const auto applied = read_history(t);
    const auto missing = plan_migrations(applied, known);
    if (missing.empty()) return false;
    const migration& next = known[missing.front()];
    current = next.name;
    if (applied.empty() && !t.scalar<bool>(has_history)) t.script(create_history);
    t.script(std::string(next.sql));
    t.exec(record, next.number, next.name, sha256(next.sql));
    return true;
}

std::string explain(const failure& f, const std::string& current) {
    const std::string doing = current.empty() ? "reading the migrations" : "migration " + current;
    if (f.sqlstate() == "42501") {
        return "The database user lacks rights for " + doing + " (" + f.what() +
               "): it needs CREATE on the database and on its schema.";
    }
    if (f.sqlstate() == "55P03")
        return "Another process has been migrating this database for over five minutes.";
    if (f.sqlstate() == "25006") return "The database is read-only: this is a standby, or it was set so.";
    return "The database refused " + doing + ": " + f.what();
}

} // namespace

int migrate(const settings& s, std::span<const migration> migrations) {
    settings patient = s;
    patient.application_name += " migrate";
    patient.statement_timeout = 0ms; // an index over years of messages takes its time
    patient.lock_timeout = 5min;
    std::string current;
    try {
        const auto c = connect(patient);
        int count = 0;
        bool applied = true;
        while (applied) {
            c->transact([&](tx& t) { applied = apply_next(t, migrations, current); });
            if (!applied) break;
            spdlog::info("migration {} applied", current);
            ++count;
        }
        return count;
    } catch (const connection_lost& e) {
        throw startup_error(std::string(current.empty() ? "PostgreSQL cannot be reached: "
                                                        : "PostgreSQL was lost while migrating: ") +
                            e.what());
    } catch (const failure& f) {
        throw startup_error(explain(f, current));
    }
}

} // namespace chat_centre::db
