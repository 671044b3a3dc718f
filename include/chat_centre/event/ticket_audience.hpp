#pragma once
// Who may learn of an event of a ticket. It is judged by the ticket's own scope, not its conversation's: entry::now is the
// ticket's, with `waiting` for "in its department's list, for anybody there to take". The customer of entry::conversation
// gets public_data, if there is any.

#include <chat_centre/event/event.hpp>

namespace chat_centre::event {

inline constexpr audience ticket_audience{5};    // after audience::person
inline constexpr audience ticket_escalated{6};   // engineers see it, too
inline constexpr audience ticket_deescalated{7}; // engineers have just ceased to

constexpr bool is_ticket(audience a) { return a >= ticket_audience; }

} // namespace chat_centre::event
