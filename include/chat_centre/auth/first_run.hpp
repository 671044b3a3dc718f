#pragma once
// What a fresh installation needs before anybody can sign in: keys, an admin, a key for the sync interface.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/db/pool.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::auth {

// What was made just now. Secrets that the server generated are known here and nowhere else: print them once.
struct first_run_facts {
    std::optional<std::string> admin_email;        // an admin account was made
    std::optional<std::string> generated_password; // its password, when ADMIN_PASSWORD did not give one
    std::optional<std::string> generated_sync_key;
    std::vector<std::string> warnings; // one line each
};

// Blocks; run it after the migrations at every start, in any number of processes at once. Makes the missing keys and
// replaces an old signing key; makes the account of ADMIN_EMAIL when it does not exist (one that does keeps its
// password), or admin@localhost when there is no admin at all; stores the hash of SYNC_API_KEY (and retires the one it
// replaces), or makes a key when there has never been one. Throws startup_error for an ADMIN_PASSWORD of less than 8
// characters (12 is what everybody else needs, shorter ones give a warning), a bad ADMIN_EMAIL, or a SYNC_API_KEY of
// less than 16.
first_run_facts first_run(db::pool& pool, const config::settings& settings, const clock_source& clock);

} // namespace chat_centre::auth
