#pragma once
// New tickets find somebody as conversations do: a free agent of the department in turn, or with the least to do; with
// none free the managers hear of it, and the ticket goes to the first who is. Tickets of a conversation go with that.

#include "routing/dispatch.hpp"

#include <chat_centre/ticket/service.hpp>

namespace chat_centre::routing {

// Gives what nobody has had yet, the most pressing first, a batch at a time. Locks like drain(), then the tickets. `fresh`:
// a new ticket led to it, so managers hear when it must wait. Adds events. True: there may be more.
bool give_tickets(db::tx& t, const ticket::surroundings& s, std::int64_t department, bool fresh,
                  time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::routing
