#include <chat_centre/auth/sessions.hpp>

#include <chat_centre/base/json.hpp>

#include "auth/queries.hpp"

namespace chat_centre::auth {
namespace {

event::entry internal(std::string type, const json& data, time_point now) {
    event::entry e;
    e.type = std::move(type);
    e.at = now;
    e.who = event::audience::internal;
    e.data = dump(data);
    return e;
}

} // namespace

std::vector<event::entry> revoke_sessions(db::tx& t, std::int64_t staff, std::string_view reason,
                                          std::string_view keep, time_point now) {
    std::vector<event::entry> events;
    for (const auto row : t.many(sql::revoke_sessions_of, staff, now, reason, keep))
        events.push_back(session_revoked(staff, row.text(0), now));
    return events;
}

event::entry staff_changed(std::int64_t staff, time_point now) {
    return internal("staff.changed", {{"staff_id", staff}}, now);
}

event::entry session_revoked(std::int64_t staff, std::string_view session, time_point now) {
    return internal("session.revoked", {{"session_id", session}, {"staff_id", staff}}, now);
}

event::entry api_keys_changed(time_point now) { return internal("api_key.changed", json::object(), now); }

event::entry signing_keys_changed(time_point now) {
    return internal("signing_keys.changed", json::object(), now);
}

} // namespace chat_centre::auth
