#pragma once
// Takeover, hand-back, transfer, hold, resolve, reopen, rating: lock, decide (life.hpp), store, announce, audit.

#include "conversation/life.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/conversation/service.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::conversation {

enum class sight_rule {
    visible,  // 404 unless the caller may see it
    takeover, // like visible, but somebody beaten to a waiting chat is told so (409) instead of 404
};

struct action {
    std::string audit_name; // "conversation.takeover"
    sight_rule rule = sight_rule::visible;
    std::function<step(db::tx&, row, time_point now)> decide;
    // More of the same transaction, after the row is stored and before its events.
    std::function<void(db::tx&, const row& after)> also;
};

// Stores a step, its turn, its audit row and its events (added to `events`). For perform() and the server's own acts.
void keep(db::tx& t, const row& before, const step& s, const audit::row& record, std::string_view kind,
          std::int64_t by_staff, time_point now, std::vector<event::entry>& events);

// Runs one action for the caller of `r`; returns the Conversation after it.
boost::asio::awaitable<json> perform(surroundings& s, http::request r, std::int64_t id, action a);

} // namespace chat_centre::conversation
