#pragma once
// The visibility rule of tickets. Its SQL twin is the predicate in ticket/queries.sql; a test compares the two.

#include <chat_centre/base/principal.hpp>
#include <chat_centre/event/event.hpp>

#include <string>

namespace chat_centre::realtime {

// Managers and admins see all; agents what is theirs, and what waits in a list of their departments; engineers what was
// escalated to them, and what is theirs.
bool may_see_ticket(const principal& who, const event::scope& s, bool escalated);

// What is told of a ticket that has left somebody's sight: {"ticket_id":...,"visible":false}.
std::string ticket_stub(const event::entry& e);

} // namespace chat_centre::realtime
