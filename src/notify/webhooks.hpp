#pragma once
// Webhook endpoints: which events they get, what is known of their health.

#include "notify/context.hpp"

#include <chat_centre/base/json.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::notify {

inline constexpr int gone = 410; // by the specification: the receiver wants no more

// Event types that endpoints may ask for.
inline constexpr std::array<std::string_view, 6> webhook_events{"conversation.new", "conversation.update",
                                                                "message.new",      "ticket.new",
                                                                "ticket.update",    "handover.requested"};

// Not to be sent any more, and nobody's fault.
class dropped : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct target {
    std::string url;
    bool active = false;
    std::vector<std::string> secrets; // the present one, then a former one that still signs
};
// Throws not_delivered when its secret cannot be opened.
std::optional<target> webhook_target(db::tx& t, const context& c, std::int64_t webhook, time_point now);

// {"type":...,"timestamp":...,"data":{...}} of an event.
std::string webhook_body(const event::entry& e);
std::string test_body(time_point now);

// For the follower: what is wanted, and a row in the outbox for each event and endpoint.
std::vector<std::string> wanted_types(db::tx& t);
void enqueue(db::tx& t, const context& c, const std::vector<event::entry>& events);

// After a failed attempt; switches it off when it is gone or has failed for days, which admins are told: appends an
// event, so it comes last in a transaction.
bool must_disable(int status, time_point failing_since, time_point now);
void note_failure(db::tx& t, std::int64_t webhook, int status, const std::string& why, time_point now);

} // namespace chat_centre::notify
