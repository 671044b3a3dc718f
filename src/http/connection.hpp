#pragma once
// One client connection: reads requests one after another, checks and answers them, or hands the socket to the
// WebSocket hub. Lives on the I/O thread; the server's sweep cuts it at its deadline.

#include "http/dispatch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace chat_centre::http {

// What a connection shares with all others of its server.
struct connection_context {
    const server_options& options;
    const clock_source& clock;
    dispatcher& dispatch;
    server::upgrade_handler& on_upgrade;
    counters& count;
    std::function<void(std::string)> access_log; // one line, no line end; empty when off
    bool draining = false;
};

class connection : public std::enable_shared_from_this<connection> {
public:
    enum class phase : std::uint8_t { idle, head, body, work, write };

    connection(boost::asio::ip::tcp::socket socket, connection_context& shared, std::string address);

    boost::asio::awaitable<void> run();

    // Called by the sweep: cuts the connection when its deadline has passed, or when draining and idle.
    void sweep(std::chrono::steady_clock::time_point now);
    void cut();
    const std::string& address() const { return address_; }

private:
    using clock_point = std::chrono::steady_clock::time_point;

    // False: the connection is over (closed, cut, or answered with a refusal).
    boost::asio::awaitable<bool> read_head();
    boost::asio::awaitable<bool> read_and_answer();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<bool> write(const request& q, response r, bool keep_alive);
    boost::asio::awaitable<bool> write_stream(const request& q, const body_stream& stream, bool chunked);
    boost::asio::awaitable<bool> refuse(int status, std::string detail);
    void enter(phase p, std::chrono::seconds limit);
    std::string_view waiting_bytes() const;
    void fill(request& q) const;

    boost::asio::ip::tcp::socket socket_;
    connection_context& shared_;
    std::string address_;
    boost::beast::flat_buffer buffer_;
    std::size_t head_size_ = 0;
    phase phase_ = phase::head;
    clock_point deadline_;
    bool timed_out_ = false;
    bool takes_chunks_ = true; // the request came as HTTP/1.1
    bool handed_over_ = false;
};

} // namespace chat_centre::http
