#pragma once
// The HTTP server: one I/O thread owns the listener, every connection and the rate limits.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/http/static_files.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::http {

struct limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_fields = 100;
    std::size_t url_bytes = 8 * 1024;
    std::size_t body_bytes = 256 * 1024;
    std::chrono::seconds header_deadline{10};
    std::chrono::seconds body_deadline{30};
    std::chrono::seconds idle_timeout{60};
    std::size_t connections = 18'000;
    std::size_t connections_per_address = 1'024; // loopback is exempt
    std::size_t requests_in_flight = 4'096;
};

// A WebSocket handshake that passed the parser checks. Take it over with the socket: nothing else owns it then.
struct upgrade {
    request handshake;    // path, headers, remote address, request id
    std::string raw_head; // the request's bytes as received, for Beast's accept
    boost::asio::ip::tcp::socket socket;
    std::string early_bytes; // what the client sent behind the handshake
};

struct counters {
    std::atomic<std::uint64_t> connections{0}, requests{0}, refused{0}, bytes_out{0};
    std::array<std::atomic<std::uint64_t>, 6> by_class{}; // index status / 100
    std::atomic<std::int64_t> open{0};
};

struct server_options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080; // 0: any free port
    http::limits limits;
    std::vector<std::string> trusted_proxies; // addresses; only these may set X-Forwarded-For
    bool access_log = true;
    double rate_scale = 1.0; // multiplies every built-in rate
    bool rate_limits = true;
};

class server {
public:
    using authenticator = std::function<void(request&)>; // fills request.who; throws 401; must not block
    using upgrade_handler = std::function<void(upgrade)>;

    // `routes`, `files` and `clock` outlive the server.
    server(boost::asio::any_io_executor io, server_options options, const router& routes,
           const static_files& files, const clock_source& clock, authenticator authenticate,
           upgrade_handler on_upgrade);
    ~server();

    void listen();              // throws startup_error when the port is taken, saying which and what to do
    std::uint16_t port() const; // the port in use, after listen()

    // Stops accepting; idle connections close, requests under way finish, then done() is called. After `deadline`
    // the rest is cut. Call on the I/O thread.
    void stop(std::chrono::milliseconds deadline, std::function<void()> done);
    const counters& count() const;

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

} // namespace chat_centre::http
