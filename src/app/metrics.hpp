#pragma once
// The counters of all parts as Prometheus text (https://prometheus.io/docs/instrumenting/exposition_formats/).

#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/http/server.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <string>

namespace chat_centre::app {

std::string metrics_text(const http::counters& web, const conversation::lane_counters& lane,
                         const realtime::counters& sockets, const db::pool& pool, const event::relay& relay);

} // namespace chat_centre::app
