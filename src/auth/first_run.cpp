#include <chat_centre/auth/first_run.hpp>

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/auth/sessions.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/event.hpp>

#include "auth/api_key.hpp"
#include "auth/queries.hpp"
#include "auth/secrets.hpp"

namespace chat_centre::auth {
namespace {

constexpr std::int64_t identity_lock = 0x63636964; // any number that no other advisory lock uses
constexpr std::string_view default_admin = "admin@localhost";
constexpr std::size_t shortest_admin_password = 8; // the operator's own word, in their own environment
constexpr std::size_t shortest_sync_key = 16;
constexpr std::size_t longest_sync_key = 512;
constexpr std::string_view environment_key = "environment";
constexpr std::string_view replaced_key = "environment (replaced)";

void check(const config::settings& s, first_run_facts& facts) {
    if (!s.admin_email.empty() && email_fault(s.admin_email))
        throw startup_error("ADMIN_EMAIL is \"" + s.admin_email + "\": it " + *email_fault(s.admin_email) +
                            ".");
    if (const auto size = s.admin_password.size(); size > 0) {
        if (size < shortest_admin_password || size > longest_password)
            throw startup_error("ADMIN_PASSWORD has " + std::to_string(size) +
                                " characters: it must have 12 to 128, and at the very least 8.");
        if (size < shortest_password)
            facts.warnings.emplace_back(
                "ADMIN_PASSWORD has less than 12 characters: change it after signing in.");
    }
    if (const auto size = s.sync_api_key.size();
        size > 0 && (size < shortest_sync_key || size > longest_sync_key))
        throw startup_error("SYNC_API_KEY has " + std::to_string(size) +
                            " characters: it must have 16 to 512.");
}

struct work {
    const config::settings& settings;
    time_point now;
    first_run_facts facts;
    std::vector<event::entry> events;

    void note(db::tx& t, std::string action, std::string target) {
        audit::row row;
        row.action = std::move(action);
        row.target = std::move(target);
        audit::record(t, row);
    }

    void make_admin(db::tx& t, const std::string& email) {
        const bool given = !settings.admin_password.empty();
        const auto password = given ? settings.admin_password : generate_password();
        const auto id = t.scalar<std::int64_t>(sql::add_admin, "Admin", email, hash_password(password), now);
        facts.admin_email = email;
        if (!given) facts.generated_password = password;
        note(t, "staff.create", format_id("STF", id));
        events.push_back(staff_changed(id, now));
    }

    void admin(db::tx& t) {
        const bool some = t.scalar<std::int64_t>(sql::count_active_admins) > 0;
        const bool wanted = !settings.admin_email.empty();
        if (!wanted && some) return;
        const auto email = wanted ? settings.admin_email : std::string(default_admin);
        const auto found = t.maybe(sql::find_account_by_email, email);
        if (!found) return make_admin(t, email);
        if (some) return;
        // Somebody has this address but is no admin, and nobody else is: never promote silently.
        facts.warnings.push_back(
            "There is no active admin, and " + email +
            " exists without being one. Set ADMIN_EMAIL to another address to get a new admin.");
    }

    void add_sync_key(db::tx& t, std::string_view name, const std::string& key) {
        const auto id = t.scalar<std::int64_t>(sql::add_api_key, name, sha256_hex(key), key_hint(key),
                                               "{sync}", settings.sync_rate_limit, std::nullopt, now);
        note(t, "api_key.create", format_id("KEY", id));
    }

    void given_sync_key(db::tx& t) {
        const auto& key = settings.sync_api_key;
        const auto hash = sha256_hex(key);
        bool changed = !t.many(sql::retire_api_keys_named, environment_key, replaced_key, now, hash).empty();
        const auto found = t.maybe(sql::find_api_key_by_hash, hash);
        if (!found) {
            add_sync_key(t, environment_key, key);
            changed = true;
        } else if (found->get<bool>(2)) {
            if (found->text(1) == replaced_key) { // set back to an earlier value
                t.exec(sql::restore_api_key, found->get<std::int64_t>(0), environment_key);
                changed = true;
            } else {
                facts.warnings.emplace_back(
                    "SYNC_API_KEY is a key that was revoked: it is not accepted. Set another.");
            }
        }
        if (changed) events.push_back(api_keys_changed(now));
    }

    void sync_key(db::tx& t) {
        if (!settings.sync_api_key.empty()) return given_sync_key(t);
        if (t.scalar<std::int64_t>(sql::count_api_keys) > 0) return;
        facts.generated_sync_key = make_api_key();
        add_sync_key(t, "first start", *facts.generated_sync_key);
        events.push_back(api_keys_changed(now));
    }

    void run(db::tx& t) {
        t.many(sql::lock_identity, identity_lock); // of processes that start together, one does all this
        bool rotated = false;
        load_secrets(t, now, true, &rotated);
        if (rotated) events.push_back(signing_keys_changed(now));
        admin(t);
        sync_key(t);
        if (!events.empty()) event::append(t, events);
    }
};

} // namespace

first_run_facts first_run(db::pool& pool, const config::settings& settings, const clock_source& clock) {
    first_run_facts checked;
    check(settings, checked);
    return pool.run_blocking([&](db::tx& t) {
        work w{settings, clock.now(), checked, {}}; // fresh for each attempt
        w.run(t);
        return w.facts;
    });
}

} // namespace chat_centre::auth
