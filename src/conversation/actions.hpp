#pragma once
// Takeover, hand-back, transfer, hold, resolve, reopen, rating: lock, decide (life.hpp), store, announce, audit.

#include "conversation/life.hpp"

#include <chat_centre/conversation/service.hpp>

#include <functional>
#include <string>

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

// Runs one action for the caller of `r`; returns the Conversation after it.
boost::asio::awaitable<json> perform(surroundings& s, http::request r, std::int64_t id, action a);

} // namespace chat_centre::conversation
