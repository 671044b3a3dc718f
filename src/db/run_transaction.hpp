#pragma once

#include <chat_centre/db/tx.hpp>

#include <functional>

namespace chat_centre::db {

class session;

// BEGIN, work, COMMIT, then what work registered with after_commit(); ROLLBACK when anything throws. Runs work at
// most once. Throws failure, connection_lost or what work throws.
void run_transaction(session& s, const std::function<void(tx&)>& work);

} // namespace chat_centre::db
