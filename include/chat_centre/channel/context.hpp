#pragma once
// What the routes and followers of set-up channels work with. Complete once the server has started.

#include <chat_centre/channel/definition.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/message.hpp>
#include <chat_centre/http/outbound.hpp>

#include <string>

namespace chat_centre::channel {

struct context {
    conversation::surroundings& chats; // outlives this
    directory known;
    http::outbound_rules rules;
    std::string default_country;
    // Nothing says that others than this machine can reach the server: see from_this_machine().
    bool private_server = false;
};

// Does the sender hold the channel's secret? In its header, as a Bearer token, as `apikey`, or as ?token= of the address.
// Without a secret nothing proves it.
bool proves(const http::request& r, const definition& d);

// A call by hand from the machine that the server runs on, as the documents show them (docs/decisions/0021): the server
// is private, the peer is loopback, and neither a proxy nor a page of a browser speaks for somebody else.
bool from_this_machine(const http::request& r, bool private_server);

struct taken {
    int stored = 0, duplicates = 0, ignored = 0, refused = 0;
    json messages =
        json::array(); // of those stored or known: message_id, conversation_id, seq, status, handler, duplicate
};

// Stores what was said, in order, each before the next. A message that the lane refuses (409, 422) is counted and the
// others go on; when the database does not answer it throws 503: send all again, what is stored already is found.
boost::asio::awaitable<taken> take_in(context& c, definition d, std::vector<heard> messages);

} // namespace chat_centre::channel
