#pragma once
// Where customers stand in the queue and how long that may take, for their pages.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/realtime/hub.hpp>

namespace chat_centre::app {

// Everybody who waits. Database threads only.
realtime::hub::places read_places(db::tx& t, time_point now);

} // namespace chat_centre::app
