// Handshakes: who may open a socket, and what a refused one is told.

#include "hub_impl.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <spdlog/spdlog.h>

#include <unistd.h>

#include <exception>
#include <utility>

namespace chat_centre::realtime {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::string_view path_of_staff = "/ws";
constexpr std::string_view path_of_conversation = "/ws/";
constexpr std::string_view own_subprotocol = "chat-centre.v1";

std::string_view reason_phrase(int status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 409: return "Conflict";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Error";
    }
}

// 0 for /ws.
std::int64_t conversation_of(std::string_view path) {
    if (path == path_of_staff) return 0;
    if (path.starts_with(path_of_conversation))
        if (const auto id = parse_id("CONV", path.substr(path_of_conversation.size()))) return *id;
    throw error::not_found("Sockets are at /ws and /ws/{conversation_id}.");
}

void check_protocol(const http::request& r) {
    constexpr std::size_t key_letters = 24; // base64 of 16 bytes
    if (r.header("sec-websocket-version") != "13")
        throw error(426, "WebSocket version", "This server speaks WebSocket version 13.");
    if (r.header("sec-websocket-key").size() != key_letters)
        throw error::bad_request("Sec-WebSocket-Key must be 16 bytes in base64.");
}

// Who opens it, and that the path is theirs.
principal check_caller(const services& s, const http::request& r, std::int64_t conversation) {
    principal who = s.authenticate(r);
    if (who.kind == caller::nobody)
        throw error::unauthorized("Send a token: Authorization: Bearer, or the subprotocol bearer.<token>.");
    if (who.kind == caller::api_key || who.kind == caller::page)
        throw error::forbidden("Sockets are for staff and customers, not for API keys.");
    if (who.kind == caller::customer && conversation == 0)
        throw error::forbidden("A customer's socket is /ws/{conversation_id}.");
    if (who.kind == caller::customer && conversation != who.conversation)
        throw error::not_found("There is no such conversation.");
    return who;
}

// Keeps a socket until its answer is out.
struct parting {
    stream_socket socket;
    std::string bytes;
};

} // namespace

arrival::arrival(http::upgrade u)
    : handshake(std::move(u.handshake)), raw_head(std::move(u.raw_head)), early_bytes(!u.early_bytes.empty()) {
    error_code ec;
    protocol_ = u.socket.local_endpoint(ec).protocol();
    fd_ = u.socket.release(ec);
    if (ec) fd_ = -1;
}

arrival::arrival(arrival&& other) noexcept
    : handshake(std::move(other.handshake)), raw_head(std::move(other.raw_head)),
      early_bytes(other.early_bytes), protocol_(other.protocol_), fd_(std::exchange(other.fd_, -1)) {}

arrival::~arrival() {
    if (fd_ >= 0) ::close(fd_);
}

stream_socket arrival::adopt(asio::io_context& io) {
    stream_socket socket(io);
    socket.assign(protocol_, fd_);
    fd_ = -1;
    return socket;
}

void hub::take_over(http::upgrade u) {
    if (impl_->refusing_) return; // the socket closes
    asio::post(impl_->io_, [this, a = arrival(std::move(u))]() mutable { impl_->admit(std::move(a)); });
}

void hub::impl::admit(arrival a) {
    const std::string request_id = a.handshake.request_id;
    error_code ignored;
    std::optional<stream_socket> socket;
    try {
        socket.emplace(a.adopt(io_));
        socket->set_option(asio::ip::tcp::no_delay(true), ignored);
    } catch (const boost::system::system_error& e) {
        spdlog::debug("socket: hand-over failed: {}", e.what());
        return;
    }
    try {
        if (stopping_ || clients_.size() >= o_.sockets)
            throw error::unavailable("There are too many sockets: try again in a moment.",
                                     std::chrono::seconds(5));
        const dialect* other = dialect_of(a.handshake.path);
        const std::int64_t bound = other ? 0 : conversation_of(a.handshake.path);
        check_protocol(a.handshake);
        // A client may not send frames before it has seen our answer (RFC 6455, 4.1).
        if (a.early_bytes) throw error::bad_request("There is data behind the handshake.");
        candidate c{std::move(*socket),
                    std::move(a.raw_head),
                    request_id,
                    {},
                    bound,
                    other ? std::string_view(other->subprotocol) : own_subprotocol,
                    nullptr};
        socket.reset();
        try {
            if (other) {
                c.spoken = other->open(a.handshake);
                c.who.kind = caller::customer; // of no conversation yet
            } else {
                c.who = check_caller(s_, a.handshake, bound);
            }
            if (bound != 0 && c.who.kind == caller::staff)
                spawn(admit_if_visible(std::move(c)));
            else
                accept(c);
        } catch (const error& e) {
            refuse(std::move(c.socket), e, request_id);
        }
    } catch (const error& e) {
        refuse(std::move(*socket), e, request_id);
    }
}

asio::awaitable<void> hub::impl::admit_if_visible(candidate c) {
    std::optional<error> no;
    try {
        auto question = s_.may_see(c.who, c.bound);
        if (!co_await std::move(question))
            no = error::not_found("There is no such conversation, or you may not see it.");
        if (!no) accept(c);
    } catch (const error& e) {
        no = e;
    }
    if (no) refuse(std::move(c.socket), *no, c.request_id);
}

// Throws error 400, and then the socket is still the candidate's.
void hub::impl::accept(candidate& c) {
    if (stopping_) return;
    auto peer = make_ws_client(*this, c.socket, c.raw_head, o_, c.subprotocol);
    peer->spoken = std::move(c.spoken);
    peer->key = next_key_++;
    peer->who = std::move(c.who);
    peer->bound = c.bound;
    peer->deadline = now() + o_.handshake_deadline;
    peer->place = clients_.size();
    clients_.push_back(peer);
    peer->accept();
}

void hub::impl::refuse(stream_socket socket, const error& e, std::string_view request_id) {
    const http::response r = http::problem(e, request_id);
    auto last = std::make_shared<parting>(parting{std::move(socket), {}});
    std::string& out = last->bytes;
    out = "HTTP/1.1 " + std::to_string(r.status) + ' ';
    out += reason_phrase(r.status);
    out += "\r\nServer: chat-centre\r\nContent-Type: " + r.content_type +
           "\r\nContent-Length: " + std::to_string(r.body.size()) +
           "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    if (!request_id.empty()) (out += "X-Request-Id: ").append(request_id) += "\r\n";
    if (r.status == 426) out += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    for (const auto& [name, value] : r.headers) out += name + ": " + value + "\r\n";
    out += "\r\n" + r.body;
    asio::async_write(last->socket, asio::buffer(last->bytes), [last](error_code ec, std::size_t) {
        if (!ec) last->socket.shutdown(asio::socket_base::shutdown_send, ec);
    });
}

} // namespace chat_centre::realtime
