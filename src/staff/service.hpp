#pragma once
// What changing an account means for access. The decisions are pure; the rest runs in a transaction.

#include "staff/store.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/http/message.hpp>

#include <optional>
#include <string>

namespace chat_centre::staff {

// True when rights change, so that sign-ins and access tokens must end.
bool changes_access(const profile& before, const profile& after, bool new_password);
// True when somebody stops being an admin who can sign in.
bool loses_admin(const profile& before, const profile& after);
// Managers make and change accounts, but admins and what makes one are for admins. before: nullptr for a new account.
// Throws 403.
void allow_account(role who, const profile* before, const profile& after);
// What the audit row says: {"role":["agent","manager"],"password":true}; never a password.
json difference(const profile& before, const profile& after, bool new_password);

struct account_change {
    profile before;
    profile after;
    std::optional<std::string> password_hash;
    std::string keep_session; // the sign-in that may go on (one's own password); "": none
    std::string action;       // for the audit row
};

// Makes the account with its departments, audit row and event. Throws 409 (address), 422 (unknown departments).
std::int64_t create(db::tx& t, const profile& p, const std::string& password_hash, const http::request& r,
                    time_point now);

// The present profile, locked (and the active admins with it, in a fixed order, so that two admins cannot disable
// each other at the same moment). Throws 404.
profile lock_for_change(db::tx& t, std::int64_t id);
// Stores c.after with audit row and events. Throws 409 for the last active admin, 422 for unknown departments.
void store_change(db::tx& t, const account_change& c, const http::request& r, const presence& online,
                  time_point now);

} // namespace chat_centre::staff
