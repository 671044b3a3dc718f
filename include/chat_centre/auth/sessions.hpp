#pragma once
// Ending sign-ins from inside another feature's transaction, and the internal events that tell every process.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::auth {

// Ends every sign-in of a staff member but `keep` ("": none is kept). Returns the events to append at the end of the
// transaction. Also raise staff.role_version when access tokens must stop at once.
std::vector<event::entry> revoke_sessions(db::tx& t, std::int64_t staff, std::string_view reason,
                                          std::string_view keep, time_point now);

event::entry staff_changed(std::int64_t staff, time_point now);
event::entry session_revoked(std::int64_t staff, std::string_view session, time_point now);
event::entry api_keys_changed(time_point now);
event::entry signing_keys_changed(time_point now);

} // namespace chat_centre::auth
