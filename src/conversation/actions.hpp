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

// A step that was decided under the lock of its conversation.
struct decided {
    row before;
    step what;
    audit::row record;
    std::string kind; // of the event conversation.moved
    std::int64_t by_staff = 0;
};
// Stores steps (of different conversations), their turns, audit rows and events (added to `events`): as many statements
// for many as for one. For perform() and the server's own acts.
void keep(db::tx& t, const std::vector<decided>& all, time_point now, std::vector<event::entry>& events);

// Runs one action for the caller of `r`; returns the Conversation after it.
boost::asio::awaitable<json> perform(surroundings& s, http::request r, std::int64_t id, action a);

} // namespace chat_centre::conversation
