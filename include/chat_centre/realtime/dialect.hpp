#pragma once
// Sockets of customers whose pages speak another protocol than docs/protocol.md. The hub stays the one place that serves
// sockets: towards it such a socket is a customer's page like any other (limits, queue, presence, resume), and a session
// translates between the two protocols.
//
//   dialect d{{"/other/ws"}, "other.v1", [&](const http::request& r) { return std::make_shared<my_session>(r); }};
//   hub.learn(std::move(d)); // before start()
//
// Everything here is called on the hub's thread, and must not block.

#include <chat_centre/base/principal.hpp>
#include <chat_centre/http/message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::realtime {

// What a session may do with its socket. Once that is closing or gone, nothing here does anything.
class line {
public:
    virtual ~line() = default;

    virtual bool open() const = 0;
    virtual void send(std::string text) = 0; // a text frame of the dialect
    // What was sent goes out first. reason: at most 123 bytes are told.
    virtual void close(std::uint16_t code, std::string reason) = 0;
    // As if the peer had sent this frame of docs/protocol.md; the answer comes by told().
    virtual void act(std::string frame) = 0;
    // From here on the socket is that of this customer and their conversation: told() gets what has happened there after
    // event `since` and then what happens, as a page does that subscribes with `since`.
    virtual void join(principal customer, std::int64_t since) = 0;
    virtual std::int64_t head() const = 0;                     // the newest event handed to sockets
    virtual void spawn(boost::asio::awaitable<void> work) = 0; // on the hub's thread, which ends after it
    virtual boost::asio::any_io_executor executor() const = 0; // the hub's
    virtual std::chrono::steady_clock::time_point now() const = 0;
};

class dialect_session {
public:
    virtual ~dialect_session() = default;

    virtual void opened(std::shared_ptr<line> l) = 0; // the handshake is done
    virtual void heard(std::string_view frame) = 0; // from the peer, within its allowance; "" for a binary frame
    virtual void told(std::string_view frame) = 0; // a frame of docs/protocol.md for the customer
    virtual void looked_at() = 0;                  // at every sweep, about four times a second
    // The hub ends it with this close code: the reason that the peer is told.
    virtual std::string parting(std::uint16_t code) const = 0;
    virtual void gone() = 0; // closing or closed: the last call
};

struct dialect {
    std::vector<std::string> paths; // exact
    std::string subprotocol;        // chosen when it is offered; a handshake without any is fine too
    // Who may open one is decided here: throws error, which refuses the handshake.
    std::function<std::shared_ptr<dialect_session>(const http::request&)> open;
};

} // namespace chat_centre::realtime
