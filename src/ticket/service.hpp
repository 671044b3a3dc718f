#pragma once
// One change of a ticket: row, history, pauses, clocks, jobs, notices, events and audit, in that order.

#include "ticket/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/event/notice.hpp>
#include <chat_centre/http/message.hpp>
#include <chat_centre/ticket/service.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::ticket {

struct actor {
    std::int64_t staff = 0; // 0: the system
    std::string name = "system";
};

struct change {
    std::string_view kind; // as in moved_event
    actor by;
    audit::row record;
    std::string reason; // of an escalation
    bool by_customer = false;
    std::string language = {}; // of a new ticket: what the requester asked for
};

// Stores `after`, which differs from the locked `before`; the row as it is then, with names and clocks.
row keep(db::tx& t, const surroundings& s, const row& before, row after, const change& what, time_point now,
         std::vector<event::entry>& events);
// The same for a new one.
row add(db::tx& t, const surroundings& s, row fresh, const change& what, time_point now,
        std::vector<event::entry>& events);

audit::row by_system(std::string action, const std::string& id, json detail = json::object());

// The ticket if the caller may see it, locked; throws 404 otherwise, whether it exists or not.
row lock_visible(db::tx& t, const principal& who, const std::string& id);
row find_visible(db::tx& t, const principal& who, const std::string& id);

// Notices of a change, for the people whom it concerns and who did not make it.
void add_notices(db::tx& t, const row& before, const row& after, const change& what, time_point now,
                 std::vector<event::entry>& events);

} // namespace chat_centre::ticket
