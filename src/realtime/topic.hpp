#pragma once
// What a socket subscribes to, which events each topic carries, and what of an event a caller gets. Pure.

#include <chat_centre/base/principal.hpp>
#include <chat_centre/event/event.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::realtime {

enum class topic_kind : std::uint8_t { queue, mine, staff, all, conversation, tickets };

struct topic {
    topic_kind kind = topic_kind::queue;
    std::int64_t conversation = 0; // topic_kind::conversation

    bool operator==(const topic&) const = default;
};

// "queue", "mine", "staff", "tickets", "all", "conversation:CONV-12"; nullopt for anything else.
std::optional<topic> parse_topic(std::string_view text);
std::string to_string(const topic& t);

// The topics that carry an event, whoever listens: worked out once per event, not once per socket.
struct routing {
    bool all = false;
    bool queue = false;
    bool staff = false;
    bool tickets = false;
    std::int64_t conversation = 0;         // carried by conversation:<id>; 0: by none
    std::array<std::int64_t, 2> holders{}; // carried by the `mine` of these staff; 0: nobody
};
routing route(const event::entry& e);
bool carries(const routing& r, const topic& t, std::int64_t staff);

// What one caller gets of an event.
enum class rendition : std::uint8_t {
    hidden,
    staff,    // data
    customer, // public_data, or data when that is empty
    stub      // {"conversation_id" or "ticket_id":...,"visible":false}: it has just left the caller's sight
};
rendition judge(const principal& who, const event::entry& e);

// The event as JSON text; not for rendition::hidden.
std::string render(const event::entry& e, rendition r);

} // namespace chat_centre::realtime
