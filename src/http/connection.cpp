#include "http/connection.hpp"

#include "http/head_check.hpp"
#include "http/path.hpp"

#include <chat_centre/base/ids.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

namespace chat_centre::http {
namespace {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

std::optional<verb> verb_of(bhttp::verb v) {
    switch (v) {
    case bhttp::verb::get: return verb::get;
    case bhttp::verb::head: return verb::head;
    case bhttp::verb::post: return verb::post;
    case bhttp::verb::put: return verb::put;
    case bhttp::verb::patch: return verb::patch;
    case bhttp::verb::delete_: return verb::del;
    case bhttp::verb::options: return verb::options;
    default: return std::nullopt;
    }
}

std::string_view reason(int status) {
    return {bhttp::obsolete_reason(bhttp::int_to_status(static_cast<unsigned>(status))).data(),
            bhttp::obsolete_reason(bhttp::int_to_status(static_cast<unsigned>(status))).size()};
}

std::string lower(std::string_view s) {
    std::string out(s);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_request_id(std::string_view s) {
    if (s.empty() || s.size() > 64) return false;
    for (const char c : s)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') return false;
    return true;
}

// Unique within a process and across restarts, and cheap: every request has one.
std::string next_request_id() {
    static const std::string start = lower(random_id(6));
    static std::uint64_t count = 0;
    return fmt::format("{}-{:x}", start, ++count);
}

// The client's address behind proxies we trust: the rightmost hop that is not one of them.
std::string client_address(const request& q, const std::string& peer, const std::vector<std::string>& trusted) {
    const auto is_trusted = [&](std::string_view a) {
        return std::find(trusted.begin(), trusted.end(), a) != trusted.end();
    };
    if (trusted.empty() || !is_trusted(peer)) return peer;
    std::string_view hops = q.header("x-forwarded-for");
    while (!hops.empty()) {
        const auto comma = hops.rfind(',');
        auto hop = comma == std::string_view::npos ? hops : hops.substr(comma + 1);
        while (!hop.empty() && hop.front() == ' ') hop.remove_prefix(1);
        while (!hop.empty() && hop.back() == ' ') hop.remove_suffix(1);
        if (!is_trusted(hop)) return std::string(hop.substr(0, 64));
        if (comma == std::string_view::npos) break;
        hops = hops.substr(0, comma);
    }
    return peer;
}

void append_head(std::string& out, const response& r, std::size_t body_size, bool keep_alive, bool chunked,
                 const std::string& request_id) {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", r.status, reason(r.status));
    if (!r.content_type.empty())
        fmt::format_to(std::back_inserter(out), "Content-Type: {}\r\n", r.content_type);
    if (chunked)
        out += "Transfer-Encoding: chunked\r\n";
    else if (!r.stream && r.status != 204 && r.status != 304)
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", body_size);
    out += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
    fmt::format_to(std::back_inserter(out), "X-Request-Id: {}\r\n", request_id);
    out += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
           "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
           "Cross-Origin-Opener-Policy: same-origin\r\n";
    bool cache = false;
    bool policy = false;
    bool resource = false;
    for (const auto& [name, value] : r.headers) {
        cache = cache || name == "Cache-Control";
        policy = policy || name == "Content-Security-Policy";
        resource = resource || name == "Cross-Origin-Resource-Policy" || name == "Access-Control-Allow-Origin";
        fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
    }
    if (!cache) out += "Cache-Control: no-store\r\n";
    if (!policy) out += "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
    if (!resource) out += "Cross-Origin-Resource-Policy: same-origin\r\n";
    out += "\r\n";
}

// Limits what a chunked body may carry beside its data: extensions, trailers and one-byte chunks.
constexpr std::size_t chunk_overhead = 8 * 1024;

} // namespace

connection::connection(asio::ip::tcp::socket socket, connection_context& shared, std::string address)
    : socket_(std::move(socket)), shared_(shared), address_(std::move(address)),
      deadline_(shared.clock.steady() + shared.options.limits.header_deadline) {}

void connection::enter(phase p, std::chrono::seconds limit) {
    phase_ = p;
    deadline_ = shared_.clock.steady() + limit;
}

std::string_view connection::waiting_bytes() const {
    const auto data = buffer_.data();
    return {static_cast<const char*>(data.data()), data.size()};
}

void connection::sweep(std::chrono::steady_clock::time_point now) {
    if (phase_ == phase::work) return; // the handler has its own limits; the client is not at fault
    if (now >= deadline_ || (shared_.draining && phase_ == phase::idle)) {
        timed_out_ = true;
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }
}

void connection::cut() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> connection::run() {
    bool go_on = true;
    while (go_on) {
        go_on = co_await read_head();
        if (go_on) go_on = co_await read_and_answer();
    }
    if (!handed_over_) {
        boost::system::error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }
}

asio::awaitable<bool> connection::read_more() {
    constexpr std::size_t step = 8 * 1024;
    auto space = buffer_.prepare(step);
    auto [failed, n] = co_await socket_.async_read_some(space, no_throw);
    if (failed) co_return false;
    buffer_.commit(n);
    co_return true;
}

asio::awaitable<bool> connection::read_head() {
    const auto& l = shared_.options.limits;
    while (true) {
        auto bytes = waiting_bytes();
        if (phase_ == phase::idle && !bytes.empty()) enter(phase::head, l.header_deadline);
        if (bytes.substr(0, 2) == "\r\n") { // RFC 9112 2.2: an empty line before the request line is ignored
            buffer_.consume(2);
            bytes = waiting_bytes();
        }
        if (const auto end = bytes.find("\r\n\r\n"); end != std::string_view::npos) {
            head_size_ = end + 4;
            if (head_size_ > l.header_bytes) break;
            co_return true;
        }
        // A client that ends lines with bare line feeds would wait for its deadline: say it now.
        if (bytes.find("\n\n") != std::string_view::npos)
            co_return co_await refuse(400, "Header lines must end with CRLF.");
        if (bytes.size() > l.header_bytes) break;
        const bool more = co_await read_more();
        if (!more) {
            const bool partial = !waiting_bytes().empty();
            if (timed_out_ && partial)
                co_return co_await refuse(408, "The request head did not arrive in time.");
            co_return false;
        }
    }
    const auto bytes = waiting_bytes();
    const auto line_end = bytes.find("\r\n");
    if (line_end == std::string_view::npos || line_end > l.url_bytes + 32)
        co_return co_await refuse(414, "The URL is longer than " + std::to_string(l.url_bytes) + " bytes.");
    co_return co_await refuse(431, "The header block is larger than " + std::to_string(l.header_bytes) +
                                       " bytes.");
}

void connection::fill(request& q) const {
    const auto given = q.header("x-request-id");
    q.request_id = is_request_id(given) ? std::string(given) : next_request_id();
    q.remote_address = client_address(q, address_, shared_.options.trusted_proxies);
}

asio::awaitable<bool> connection::read_and_answer() {
    const auto& l = shared_.options.limits;
    const auto head = waiting_bytes().substr(0, head_size_);
    if (const auto r = check_head(head, l)) co_return co_await refuse(r->status, r->detail);

    bhttp::request_parser<bhttp::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(l.header_bytes + 1));
    parser.body_limit(boost::none); // enforced below, by route
    boost::system::error_code failed;
    parser.eager(true);
    const std::string raw_head(head); // an upgrade needs it after the buffer has moved on
    parser.put(asio::buffer(raw_head), failed);
    if (failed && failed != bhttp::error::need_more)
        co_return co_await refuse(400, "The request head is not valid HTTP/1.1.");
    buffer_.consume(head_size_);

    const auto& message = parser.get();
    const auto method = verb_of(message.method());
    if (!method)
        co_return co_await refuse(message.method() == bhttp::verb::unknown ? 501 : 405,
                                  "This server answers GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.");

    request q;
    q.method = *method;
    std::string_view target{message.target().data(), message.target().size()};
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && target.front() != '/') {
        const auto slash = target.find('/', scheme + 3);
        target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
    }
    const auto question = target.find('?');
    auto path = decode_path(target.substr(0, question));
    if (!path) co_return co_await refuse(400, "The path is not valid.");
    q.path = std::move(*path);
    if (question != std::string_view::npos) q.query_string = target.substr(question + 1);
    for (const auto& field : message)
        q.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                               std::string(field.value().data(), field.value().size()));
    fill(q);

    if (lower(q.header("upgrade")) == "websocket" && q.method == verb::get) {
        handed_over_ = true;
        const std::string early(waiting_bytes());
        shared_.on_upgrade(upgrade{std::move(q), raw_head, std::move(socket_), early});
        co_return false;
    }

    const std::size_t body_limit = shared_.dispatch.body_limit(q.method, q.path);
    const auto too_large = "The body is larger than " + std::to_string(body_limit) + " bytes.";
    if (const auto length = parser.content_length(); length && *length > body_limit)
        co_return co_await refuse(413, too_large);
    if (!parser.is_done() && !q.header("expect").empty() && waiting_bytes().empty()) {
        static constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
        auto [not_sent, n] = co_await asio::async_write(socket_, asio::buffer(go_ahead), no_throw);
        if (not_sent) co_return false;
    }
    if (!parser.is_done()) enter(phase::body, l.body_deadline);
    std::size_t raw_body = 0;
    while (!parser.is_done()) {
        if (buffer_.size() == 0) {
            const bool more = co_await read_more();
            if (!more) {
                if (timed_out_) co_return co_await refuse(408, "The request body did not arrive in time.");
                co_return false;
            }
        }
        const std::size_t used = parser.put(buffer_.data(), failed);
        buffer_.consume(used);
        raw_body += used;
        const std::size_t data = parser.get().body().size();
        if (data > body_limit) co_return co_await refuse(413, too_large);
        if (parser.chunked() && raw_body > 2 * data + chunk_overhead)
            co_return co_await refuse(400, "The chunks carry more framing than data.");
        if (failed == bhttp::error::need_more) {
            failed = {};
            if (used == 0) {
                if (buffer_.size() > chunk_overhead)
                    co_return co_await refuse(400, "A chunk header is too long.");
                const bool more = co_await read_more();
                if (!more) {
                    if (timed_out_)
                        co_return co_await refuse(408, "The request body did not arrive in time.");
                    co_return false;
                }
            }
        } else if (failed) {
            co_return co_await refuse(400, "The request body is not valid HTTP/1.1.");
        }
    }
    const bool keep_alive = parser.get().keep_alive() && !shared_.draining;
    takes_chunks_ = parser.get().version() >= 11;
    q.body = std::move(parser.get().body());

    phase_ = phase::work;
    request kept; // what the log and the head of the answer need after the handler took the request
    kept.method = q.method;
    kept.path = shared_.dispatch.path_for_log(q.path);
    kept.request_id = q.request_id;
    kept.remote_address = q.remote_address;
    response r = co_await shared_.dispatch.answer(std::move(q));
    co_return co_await write(kept, std::move(r), keep_alive);
}

asio::awaitable<bool> connection::refuse(int status, std::string detail) {
    ++shared_.count.refused;
    request q;
    q.path = "-";
    fill(q);
    const std::string title = status == 408 ? "Request timeout" : std::string(reason(status));
    response r = problem(error{status, title, std::move(detail)}, q.request_id);
    timed_out_ = false;
    const bool wrote = co_await write(q, std::move(r), false);
    // Let the refusal reach a client that is still sending: without this, closing would reset the connection.
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    enter(phase::body, std::chrono::seconds{2});
    std::size_t drained = 0;
    while (wrote && drained < 1024 * 1024) {
        buffer_.clear();
        const bool more = co_await read_more();
        if (!more) break;
        drained += buffer_.size();
    }
    co_return false;
}

asio::awaitable<bool> connection::write(const request& q, response r, bool keep_alive) {
    // HTTP/1.0 knows no chunks: a stream ends with the connection there.
    keep_alive = keep_alive && !r.close && (!r.stream || takes_chunks_);
    const bool chunked = r.stream && takes_chunks_;
    const std::string& body = r.shared_body != nullptr ? *r.shared_body : r.body;
    const bool body_sent = q.method != verb::head && r.status != 204 && r.status != 304;
    std::string head;
    head.reserve(640 + (r.shared_body == nullptr ? body.size() : 0));
    append_head(head, r, body.size(), keep_alive, chunked, q.request_id);
    ++shared_.count.requests;
    ++shared_.count.by_class[static_cast<std::size_t>(r.status / 100) % 6];
    if (shared_.access_log)
        shared_.access_log(fmt::format("{} {} {} {} {}", q.remote_address, to_string(q.method), q.path,
                                       r.status, q.request_id));

    enter(phase::write, shared_.options.limits.body_deadline);
    boost::system::error_code failed;
    std::size_t sent = 0;
    if (body_sent && r.shared_body != nullptr) {
        const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
        std::tie(failed, sent) = co_await asio::async_write(socket_, parts, no_throw);
    } else {
        if (body_sent) head += body;
        std::tie(failed, sent) = co_await asio::async_write(socket_, asio::buffer(head), no_throw);
    }
    shared_.count.bytes_out += sent;
    if (!failed && body_sent && r.stream) {
        const bool whole = co_await write_stream(q, r.stream, chunked);
        if (!whole) co_return false;
    }
    if (failed || !keep_alive) co_return false;
    if (buffer_.size() == 0)
        buffer_.shrink_to_fit(); // an idle connection keeps no memory for a body long gone
    enter(phase::idle, shared_.options.limits.idle_timeout);
    co_return true;
}

asio::awaitable<bool> connection::write_stream(const request& q, const body_stream& stream, bool chunked) {
    bool done = false;
    while (!done) {
        phase_ = phase::work; // making a piece has its own limits
        std::string piece;
        try {
            auto made = co_await stream();
            done = !made;
            if (made) piece = std::move(*made);
        } catch (const std::exception& e) {
            spdlog::warn("{} {}: the answer broke off: {}", q.request_id, q.path, e.what());
            co_return false; // the missing end tells the client
        }
        if (piece.empty() && !done) continue;
        std::string frame;
        if (chunked && !done) frame = fmt::format("{:x}\r\n", piece.size());
        frame += piece;
        if (chunked) frame += done ? "0\r\n\r\n" : "\r\n";
        enter(phase::write, shared_.options.limits.body_deadline);
        const auto [failed, sent] = co_await asio::async_write(socket_, asio::buffer(frame), no_throw);
        shared_.count.bytes_out += sent;
        if (failed) co_return false;
    }
    co_return true;
}

} // namespace chat_centre::http
