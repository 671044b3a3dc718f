#pragma once
// The hours of every department that has none of its own.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/db/tx.hpp>

namespace chat_centre::routing {

// At each start, before anything is dispatched: what the settings say now (business_hours_*, time_zone). A change is
// audited, automatic departments look at their queues again, and clocks in business hours count anew. The first time,
// departments that nobody has given a zone take the company's. Database threads.
void set_company_hours(db::tx& t, const config::settings& s, time_point now);

} // namespace chat_centre::routing
