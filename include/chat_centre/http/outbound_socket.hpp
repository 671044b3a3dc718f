#pragma once
// A WebSocket that this server opens, under the same rules as its other outbound requests: what is connected to is
// judged at the moment of connecting, certificates are verified, every queue and every wait has a limit.

#include <chat_centre/http/outbound.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chat_centre::http {

struct socket_target {
    std::string url; // wss://, or ws:// where the rules allow it; may hold a secret, so it is never shown
    std::string subprotocol; // "": none. One that the other side does not confirm is a failure
    std::vector<std::pair<std::string, std::string>> headers;
};

struct socket_limits {
    std::chrono::milliseconds open{10'000}; // resolving, connecting and both handshakes together
    std::chrono::milliseconds idle{60'000}; // nothing at all received: pinged at the half, given up at the whole
    std::chrono::milliseconds close{5'000}; // for the other side to confirm a close
    std::size_t frame_bytes = 1024 * 1024;  // a longer message ends the connection with 1009
    std::size_t queued_bytes = 1024 * 1024; // of messages that wait to be sent; more end it with 1013
    std::size_t queued_frames = 1024;
};

struct socket_end {
    std::uint16_t code = 0; // close code that ended it, whichever side sent it; 0: lost, or never opened
    bool opened = false;
    bool ours = false;  // close() was called
    std::string reason; // for the log; from the other side as it came, or what failed
};

struct socket_handlers {
    std::function<void()> opened;
    std::function<void(std::string_view)> text;    // whole messages; binary ones are passed over
    std::function<void(const socket_end&)> closed; // once, and then none is called any more
};

// Everything is called on one thread, that of the executor, and so are the handlers; none from inside a call. Lives
// until closed() was called, whoever holds it.
class outbound_socket {
public:
    virtual ~outbound_socket() = default;
    virtual bool send(std::string text) = 0; // queued until open; false: it has ended or is full
    virtual void close(std::uint16_t code, std::string_view reason) = 0;
    virtual void forget() = 0; // closes without calling a handler any more
};

std::shared_ptr<outbound_socket> open_socket(boost::asio::any_io_executor executor,
                                             const outbound_rules& rules, socket_target target,
                                             socket_handlers handlers, socket_limits limits = {});

} // namespace chat_centre::http
