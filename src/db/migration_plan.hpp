#pragma once

#include <chat_centre/db/migrate.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chat_centre::db {

struct applied_migration {
    int number;
    std::string name;
    std::string checksum;
};

// Which of `known` (in order of number) are still to be applied, as indexes. Throws startup_error when what was
// applied is not exactly a beginning of what is known: edited, renamed, from a newer version, or with a gap.
std::vector<std::size_t> plan_migrations(std::span<const applied_migration> applied,
                                         std::span<const migration> known);

} // namespace chat_centre::db
