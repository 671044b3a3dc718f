#pragma once
// Forward-only migrations, embedded in the binary from migrations/NNNN_verb_noun.sql.

#include <chat_centre/db/pool.hpp>

#include <span>
#include <string>
#include <string_view>

namespace chat_centre::db {

struct migration {
    int number;
    std::string_view name; // "0001_create_core"
    std::string_view sql;
};

std::span<const migration> all_migrations(); // in order of number, generated at build time

// Applies what is missing, each in its own transaction under one advisory lock, and records a SHA-256 checksum.
// Returns how many were applied. Throws startup_error with one clear line when: the server is older than
// PostgreSQL 13, unreachable or without rights; an applied migration differs from the embedded one; the
// database holds a migration this binary does not know (it is from a newer version).
int migrate(const settings& s, std::span<const migration> migrations = all_migrations());

} // namespace chat_centre::db
