#pragma once
// One socket as the hub sees it: what it may, what it wants, what is under way. Its I/O is ws_client.cpp, the only
// file with Beast's WebSockets. Everything here happens on the hub's thread.

#include "frames.hpp"
#include "shared_frames.hpp"
#include "subscription.hpp"

#include <chat_centre/base/principal.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/realtime/dialect.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::realtime {

using moment = std::chrono::steady_clock::time_point;
// Bound to the one io_context instead of any_io_executor: less memory per socket and per operation.
using stream_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

namespace close_code {
inline constexpr std::uint16_t silent = 1001;
inline constexpr std::uint16_t restart = 1012;
inline constexpr std::uint16_t revoked = 4401;
inline constexpr std::uint16_t not_allowed = 4403;
inline constexpr std::uint16_t slow = 4408;
} // namespace close_code

struct held_event {
    event::entries batch;
    std::uint32_t index = 0;

    const event::entry& operator*() const { return (*batch)[index]; }
};

// Live events wait here while older ones are replayed.
struct hold {
    std::deque<held_event> events;
    bool overflow = false;  // more than options.held_events came: events is empty, and a resync is due
    bool opening = false;   // a customer's socket that has just opened and may still subscribe with since
    moment until{};         // opening: then it goes live by itself
    std::int64_t floor = 0; // everything up to this id has reached the client or is about to be replayed
    boost::asio::steady_timer* drained = nullptr; // the replay waits on it for room in the socket's queue
};

class client : public std::enable_shared_from_this<client> {
public:
    enum class phase : std::uint8_t { handshake, open, closing, gone };

    virtual ~client() = default;
    virtual void accept() = 0;     // the handshake; then host.opened()
    virtual void put(frame f) = 0; // queues; nothing once closing
    virtual void ping() = 0;
    // Tells the peer and stops sending; cut off at `until` when it does not answer.
    virtual void close(std::uint16_t code, std::string_view reason, moment until) = 0;
    virtual void cut() = 0; // at once; host.gone() follows
    virtual std::size_t waiting_bytes() const = 0;
    virtual bool stalled(moment since) const = 0; // one write has not ended since then

    bool live() const { return state == phase::open; }
    void send(frame f) { // of docs/protocol.md
        if (!spoken)
            put(std::move(f));
        else if (live())
            spoken->told(*f);
    }
    struct last_word {
        std::uint16_t code = 0;
        std::string reason;
        moment until{};
    };
    void say(std::string text) { send(std::make_shared<const std::string>(std::move(text))); }

    phase state = phase::handshake;
    std::shared_ptr<dialect_session> spoken; // of a socket that speaks another protocol
    std::unique_ptr<last_word> parting;      // its session has ended it: closes when its queue is out
    bool serving = false;                    // the runner of `commands` is at work
    bool counted = false;                    // is in the count of open sockets
    std::uint8_t messages = 0;               // on their way to the database
    shared_frames::node_id node = shared_frames::root; // in the pass under way
    std::uint64_t key = 0;                             // one per socket, never used twice
    std::uint64_t offered = 0; // the last event that was offered, by its number in this process
    std::size_t place = 0;     // in the hub's list
    moment deadline{};         // handshake, closing: cut off then
    moment heard{};            // last sign of life
    moment heartbeat{};        // next one due
    moment refilled{};         // frame allowance
    moment complained{};       // last "too many frames"
    double allowance = 0;
    std::int64_t bound = 0;         // /ws/{conversation_id}: that conversation
    std::int64_t state_event = 0;   // customers: the last conversation.update that was sent
    std::uint64_t place_digest = 0; // customers: of the place in the queue that was sent last
    principal who;
    subscriptions topics;
    std::unique_ptr<hold> holding;
    std::deque<client_frame>* commands() { return commands_.get(); }
    std::deque<client_frame>& commands_ready() {
        if (!commands_) commands_ = std::make_unique<std::deque<client_frame>>();
        return *commands_;
    }
    void commands_done() { commands_.reset(); }

private:
    std::unique_ptr<std::deque<client_frame>> commands_; // an empty deque takes 600 bytes
};

// What a socket tells the hub.
class client_host {
public:
    virtual void opened(client& c) = 0;
    virtual void text(client& c, std::string_view frame) = 0;
    virtual void sign_of_life(client& c) = 0;
    virtual void drained(client& c) = 0;    // after every completed write
    virtual void overflowed(client& c) = 0; // over options.queue_bytes; the socket is not closed yet
    virtual void gone(client& c) = 0;       // the last call for this client
    virtual moment now() const = 0;

protected:
    ~client_host() = default;
};

// `head` is the handshake as received. Throws error 400 when it is not a handshake that can be accepted, and then
// leaves the socket where it is. subprotocol: chosen when it is offered.
std::shared_ptr<client> make_ws_client(client_host& host, stream_socket& socket, std::string_view head,
                                       const options& o, std::string_view subprotocol);

} // namespace chat_centre::realtime
