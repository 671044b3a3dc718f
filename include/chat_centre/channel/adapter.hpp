#pragma once
// The ways in and out. A channel carries to the append lane what a customer said, and away what the log says; it calls no
// assistant. Each built-in one is a row of the table below and a file of this folder; others are made by admins
// (definition.hpp) and need no code.
//
// To add one: a row here, a file that reads what its other side sends into `heard` (heard.hpp), a route for it.

#include <cstdint>
#include <span>
#include <string_view>

namespace chat_centre::channel {

// How what we say reaches the customer.
enum class way_out : std::uint8_t {
    socket,   // their page holds a socket, or asks
    caller,   // whoever brought the message takes the answer along, or has said it already
    send_url, // an address that each reply is posted to (deliveries.hpp)
};
std::string_view to_string(way_out w);

struct adapter {
    std::string_view name; // as stored in conversation.channel
    std::string_view name_en, name_ar;
    std::string_view icon; // of the dashboard
    bool own_assistant;    // our assistant speaks in conversations that begin here
    way_out replies;
    std::size_t most_characters; // of one message on its way out; a longer one leaves in parts
};

std::span<const adapter> adapters();
const adapter* find_adapter(std::string_view name); // nullptr: not built in

// What one message, in or out, may be at most; longer ones are cut into several.
inline constexpr std::size_t most_characters_stored = 16'000;

} // namespace chat_centre::channel
