#include "db/migration_plan.hpp"

#include "db/checksum.hpp"

#include <chat_centre/base/error.hpp>

#include <algorithm>

namespace chat_centre::db {

std::vector<std::size_t> plan_migrations(std::span<const applied_migration> applied,
                                         std::span<const migration> known) {
    for (const auto& a : applied) {
        const auto match = std::ranges::find(known, a.number, &migration::number);
        if (match == known.end()) {
            throw startup_error(
                "The database holds migration " + a.name +
                ", which this program does not know: the data is from a newer version. Use that version.");
        }
        if (match->name != a.name || sha256(match->sql) != a.checksum) {
            throw startup_error(
                "Migration " + a.name + " was edited after it was applied to this database (now " +
                std::string(match->name) + "). Restore the file and put the change into a new migration.");
        }
    }
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < known.size(); ++i) {
        const bool present =
            std::ranges::find(applied, known[i].number, &applied_migration::number) != applied.end();
        if (!present) {
            missing.push_back(i);
        } else if (!missing.empty()) {
            throw startup_error("Migration " + std::string(known[missing.front()].name) +
                                " was added before " + std::string(known[i].name) +
                                ", which this database already has. Give it a higher number.");
        }
    }
    return missing;
}

} // namespace chat_centre::db
