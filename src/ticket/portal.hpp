#pragma once
// The requester's link to one ticket, and the mails that carry it.

#include "ticket/requester_mail.hpp"
#include "ticket/store.hpp"

#include <chat_centre/ticket/service.hpp>

#include <string>
#include <string_view>

namespace chat_centre::ticket {

// A new link's token for this ticket; only its hash is stored.
std::string make_access(db::tx& t, std::int64_t number, time_point now);
// The ticket that a token opens, locked when asked for. Throws 404, the same one for every token that opens nothing.
row find_by_access(db::tx& t, std::string_view token, time_point now, bool locked);

// Remembers what the requester reads: `asked`, or what their chat, their contact or their words say.
void set_language(db::tx& t, const row& r, std::string_view asked);
std::string language_of(db::tx& t, std::int64_t number);

// Mails the requester a link, if they gave an address and mail is sent at all. One mail for one `cause` of a ticket.
void tell_requester(db::tx& t, const surroundings& s, const row& r, news what, const std::string& cause,
                    time_point now);

// What the requester may see: how it stands, and what they and staff said to each other. No notes, no followers, no
// addresses, no internal numbers.
json portal_json(db::tx& t, const row& r);

} // namespace chat_centre::ticket
