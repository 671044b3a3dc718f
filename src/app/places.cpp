#include "app/places.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/routing/routing.hpp>

#include <map>
#include <optional>

namespace chat_centre::app {

realtime::hub::places read_places(db::tx& t, time_point now) {
    realtime::hub::places out;
    out.head = event::head(t);                          // first: what is read after it is at least as new
    std::map<std::int64_t, std::optional<double>> pace; // of each department's queue
    for (const auto& w : conversation::places(t)) {
        const auto [at, first] = pace.try_emplace(w.department);
        if (first) at->second = routing::seconds_per_place(t, w.department, now);
        json wait = nullptr;
        if (at->second) wait = routing::estimated_wait_seconds(*at->second, w.place);
        out.data.emplace(w.conversation, dump({{"conversation_id", format_id("CONV", w.conversation)},
                                               {"status", "pending"},
                                               {"handler", "queue"},
                                               {"assigned_staff", nullptr},
                                               {"queue_position", w.place},
                                               {"estimated_wait_seconds", std::move(wait)}}));
    }
    return out;
}

} // namespace chat_centre::app
