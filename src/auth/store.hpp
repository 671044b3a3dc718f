#pragma once
// SQL of accounts, failures and sign-ins.

#include "auth/refresh_token.hpp"
#include "auth/throttle.hpp"

#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

struct account {
    std::int64_t id = 0;
    std::string name;
    std::string email;
    std::string password_hash;
    bool active = false;
};

std::optional<account> find_account_by_email(db::tx& t, std::string_view email);
std::optional<account> find_account(db::tx& t, std::int64_t id);

throttle_state failures_of(db::tx& t, std::string_view subject);
throttle_state lock_failures_of(db::tx& t, std::string_view subject,
                                time_point now); // makes the row if need be
void save_failures_of(db::tx& t, std::string_view subject, const throttle_state& s);
void forget_failures_of(db::tx& t, std::string_view subject,
                        time_point now); // and a few rows that nobody needs

struct session {
    std::string id;
    std::int64_t staff = 0;
    refresh_facts facts; // staff_active is the caller's to fill
};

void add_session(db::tx& t, std::string_view id, std::int64_t staff, std::string_view refresh_token,
                 time_point now);
// Locks the sign-in that a refresh token belongs or belonged to; `marked` is the session its MAC vouches for.
std::optional<session> lock_session(db::tx& t, std::string_view refresh_token,
                                    const std::optional<std::string>& marked);
void rotate_session(db::tx& t, std::string_view id, std::string_view refresh_token, time_point now);
// The staff member; nullopt when it was over already.
std::optional<std::int64_t> end_session(db::tx& t, std::string_view id, std::string_view reason,
                                        time_point now);
void delete_dead_sessions(db::tx& t, std::int64_t staff, time_point now);

} // namespace chat_centre::auth
