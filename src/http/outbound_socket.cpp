#include <chat_centre/http/outbound_socket.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <type_traits>

namespace chat_centre::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;
using plain_stream = tcp::socket;
using tls_stream = asio::ssl::stream<tcp::socket>;

constexpr std::uint16_t too_long = 1009;
constexpr std::uint16_t too_much = 1013;
constexpr std::size_t read_size = 16 * 1024;
constexpr std::size_t longest_reason = 123; // of a close frame
constexpr std::size_t longest_socket_url = 4000;

struct place {
    bool tls = true;
    std::string host, port, target;
};

std::optional<place> parse_place(const std::string& url) {
    if (url.size() > longest_socket_url) return std::nullopt;
    const auto u = boost::urls::parse_uri(url);
    if (!u || u->has_userinfo() || u->host_address().empty()) return std::nullopt;
    if (u->scheme() != "wss" && u->scheme() != "ws") return std::nullopt;
    place p;
    p.tls = u->scheme() == "wss";
    p.host = u->host_address();
    p.port = u->has_port() && !u->port().empty() ? std::string(u->port()) : p.tls ? "443" : "80";
    p.target = std::string(u->encoded_path());
    if (p.target.empty()) p.target = "/";
    if (u->has_query()) p.target += "?" + std::string(u->encoded_query());
    return p;
}

asio::ssl::context& client_tls() {
    static asio::ssl::context context = [] {
        asio::ssl::context c(asio::ssl::context::tls_client);
        c.set_default_verify_paths();
        c.set_verify_mode(asio::ssl::verify_peer);
        SSL_CTX_set_min_proto_version(c.native_handle(), TLS1_2_VERSION);
        return c;
    }();
    return context;
}

template <class Layer>
class beast_socket final : public outbound_socket, public std::enable_shared_from_this<beast_socket<Layer>> {
    static constexpr bool secure = std::is_same_v<Layer, tls_stream>;
    enum class phase { opening, open, closing, gone };

public:
    beast_socket(asio::any_io_executor executor, outbound_rules rules, place where, socket_target target,
                 socket_handlers handlers, socket_limits limits)
        : executor_(executor), rules_(std::move(rules)), where_(std::move(where)), target_(std::move(target)),
          handlers_(std::move(handlers)), limits_(limits), resolver_(executor), timer_(executor),
          ws_(make_stream(executor)) {}

    void start() {
        timer_.expires_after(limits_.open);
        timer_.async_wait([self = me()](error_code ec) {
            if (!ec && self->phase_ == phase::opening) self->finish(0, "no connection in time");
        });
        resolver_.async_resolve(where_.host, where_.port,
                                [self = me()](error_code ec, auto found) { self->on_resolve(ec, found); });
    }

    bool send(std::string text) override {
        if (phase_ == phase::gone || phase_ == phase::closing || wants_close_) return false;
        queued_ += text.size();
        queue_.push_back(std::move(text));
        if (queued_ > limits_.queued_bytes || queue_.size() > limits_.queued_frames) {
            fail(too_much, "it does not take what is sent");
            return false;
        }
        write();
        return true;
    }

    void close(std::uint16_t code, std::string_view reason) override {
        if (phase_ == phase::gone || wants_close_) return;
        ours_ = true;
        if (phase_ == phase::opening) {
            finish(0, "closed before it was open");
            return;
        }
        wants_close_ = true;
        close_code_ = code;
        close_reason_ = reason.substr(0, longest_reason);
        timer_.expires_after(limits_.close); // for what waits to be sent, too
        timer_.async_wait([self = me()](error_code ec) {
            if (!ec) self->finish(self->close_code_, self->close_reason_);
        });
        write();
    }

    void forget() override {
        forgotten_ = true;
        close(static_cast<std::uint16_t>(websocket::close_code::normal), "");
    }

private:
    std::shared_ptr<beast_socket> me() { return this->shared_from_this(); }

    static websocket::stream<Layer> make_stream(const asio::any_io_executor& executor) {
        if constexpr (secure)
            return websocket::stream<Layer>(executor, client_tls());
        else
            return websocket::stream<Layer>(executor);
    }
    tcp::socket& raw() { return beast::get_lowest_layer(ws_); }

    void on_resolve(error_code ec, const tcp::resolver::results_type& found) {
        if (phase_ == phase::gone) return;
        if (ec) return finish(0, "the host was not found");
        // Connected to is what was judged here: nobody asks for the name again.
        std::string fault = "it is no internet address";
        for (const auto& entry : found) {
            const auto endpoint = entry.endpoint();
            const auto a = from_sockaddr(endpoint.data());
            const auto why = a ? connect_fault(*a, secure, rules_) : std::optional(fault);
            if (why)
                fault = *why;
            else
                endpoints_.push_back(endpoint);
        }
        if (endpoints_.empty()) return finish(0, "not connected: " + fault);
        asio::async_connect(raw(), endpoints_, [self = me()](error_code failed, const tcp::endpoint&) {
            self->on_connect(failed);
        });
    }

    void on_connect(error_code ec) {
        if (phase_ == phase::gone) return;
        if (ec) return finish(0, "not connected: " + ec.message());
        error_code ignored;
        raw().set_option(tcp::no_delay(true), ignored);
        if constexpr (secure) {
            auto& tls = ws_.next_layer();
            if (!parse_host_literal(where_.host) &&
                SSL_set_tlsext_host_name(tls.native_handle(), where_.host.c_str()) != 1)
                return finish(0, "TLS: the host's name is too long");
            tls.set_verify_callback(asio::ssl::host_name_verification(where_.host), ignored);
            tls.async_handshake(asio::ssl::stream_base::client, [self = me()](error_code failed) {
                if (self->phase_ == phase::gone) return;
                if (failed) return self->finish(0, "TLS: " + failed.message());
                self->upgrade();
            });
        } else {
            upgrade();
        }
    }

    void upgrade() {
        ws_.set_option(websocket::stream_base::timeout{limits_.open, limits_.idle, true});
        ws_.set_option(websocket::stream_base::decorator([t = target_](websocket::request_type& request) {
            request.set(beast::http::field::user_agent, "chat-centre/" CHAT_CENTRE_VERSION);
            if (!t.subprotocol.empty())
                request.set(beast::http::field::sec_websocket_protocol, t.subprotocol);
            for (const auto& [name, value] : t.headers) request.set(name, value);
        }));
        ws_.read_message_max(
            0); // judged in on_read(): what Beast says of it depends on who is quicker to hang up
        ws_.text(true);
        const bool usual = where_.port == (secure ? "443" : "80");
        std::string host = where_.host.find(':') == std::string::npos ? where_.host : "[" + where_.host + "]";
        if (!usual) host += ":" + where_.port;
        ws_.async_handshake(response_, host, where_.target,
                            [self = me()](error_code ec) { self->on_open(ec); });
    }

    void on_open(error_code ec) {
        if (phase_ == phase::gone) return;
        if (ec == websocket::error::upgrade_declined)
            return finish(0, "answered " + std::to_string(response_.result_int()));
        if (ec) return finish(0, "no WebSocket: " + ec.message());
        if (!target_.subprotocol.empty() &&
            response_[beast::http::field::sec_websocket_protocol] != target_.subprotocol)
            return finish(0, "it does not speak " + target_.subprotocol);
        timer_.cancel();
        phase_ = phase::open;
        opened_ = true;
        if (!forgotten_ && handlers_.opened) handlers_.opened();
        read();
        write();
    }

    void read() {
        if (phase_ == phase::gone) return;
        ws_.async_read_some(buffer_, read_size,
                            [self = me()](error_code ec, std::size_t) { self->on_read(ec); });
    }

    void on_read(error_code ec) {
        if (phase_ == phase::gone) return;
        if (ec == websocket::error::closed) {
            const auto why = ws_.reason();
            const auto text = std::string_view(why.reason.data(), why.reason.size());
            return finish(wants_close_ ? close_code_ : why.code, std::string(text));
        }
        if (ec) return finish(0, ec == beast::error::timeout ? "it fell silent" : "lost: " + ec.message());
        if (buffer_.size() > limits_.frame_bytes) return finish(too_long, "a message was too long");
        if (!ws_.is_message_done()) return read();
        const auto bytes = buffer_.data();
        const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
        if (ws_.got_text() && !wants_close_ && !forgotten_ && handlers_.text) handlers_.text(text);
        buffer_.consume(buffer_.size());
        read();
    }

    void write() {
        if (phase_ != phase::open || writing_) return;
        if (queue_.empty()) {
            if (wants_close_) say_goodbye();
            return;
        }
        writing_ = true;
        ws_.async_write(asio::buffer(queue_.front()), [self = me()](error_code ec, std::size_t) {
            self->writing_ = false;
            if (self->phase_ == phase::gone) return;
            if (ec) return self->finish(0, "lost: " + ec.message());
            self->queued_ -= self->queue_.front().size();
            self->queue_.pop_front();
            self->write();
        });
    }

    void say_goodbye() {
        phase_ = phase::closing;
        websocket::close_reason why(static_cast<websocket::close_code>(close_code_));
        why.reason.assign(close_reason_.data(), close_reason_.size());
        ws_.async_close(why, [self = me()](error_code) {
            if (self->phase_ != phase::gone) self->finish(self->close_code_, self->close_reason_);
        });
    }

    // What waits is of no use any more; the other side is told by the end of the connection.
    void fail(std::uint16_t code, std::string reason) { finish(code, std::move(reason)); }

    void finish(std::uint16_t code, std::string reason) {
        if (phase_ == phase::gone) return;
        phase_ = phase::gone;
        timer_.cancel();
        resolver_.cancel();
        error_code ignored;
        raw().close(ignored); // ends what is under way
        asio::post(executor_, [self = me(), end = socket_end{code, opened_, ours_, std::move(reason)}] {
            const socket_handlers last = std::move(self->handlers_); // they may hold this socket
            self->handlers_ = {};
            if (!self->forgotten_ && last.closed) last.closed(end);
        });
    }

    asio::any_io_executor executor_;
    outbound_rules rules_;
    place where_;
    socket_target target_;
    socket_handlers handlers_;
    socket_limits limits_;
    tcp::resolver resolver_;
    asio::steady_timer timer_; // of opening, then of closing
    std::vector<tcp::endpoint> endpoints_;
    websocket::stream<Layer> ws_;
    websocket::response_type response_;
    beast::flat_buffer buffer_;
    std::deque<std::string> queue_; // the first one is being written when writing_
    std::size_t queued_ = 0;        // bytes
    phase phase_ = phase::opening;
    bool writing_ = false;
    bool opened_ = false;
    bool ours_ = false;
    bool forgotten_ = false;
    bool wants_close_ = false;
    std::uint16_t close_code_ = 1000;
    std::string close_reason_;
};

// What never became a connection.
class dead_socket final : public outbound_socket {
public:
    bool send(std::string) override { return false; }
    void close(std::uint16_t, std::string_view) override {}
    void forget() override { forgotten_ = true; }
    bool forgotten() const { return forgotten_; }

private:
    bool forgotten_ = false;
};

template <class Layer>
std::shared_ptr<outbound_socket> begin(asio::any_io_executor executor, const outbound_rules& rules,
                                       place where, socket_target target, socket_handlers handlers,
                                       socket_limits limits) {
    auto s = std::make_shared<beast_socket<Layer>>(std::move(executor), rules, std::move(where),
                                                   std::move(target), std::move(handlers), limits);
    s->start();
    return s;
}

} // namespace

std::shared_ptr<outbound_socket> open_socket(asio::any_io_executor executor, const outbound_rules& rules,
                                             socket_target target, socket_handlers handlers,
                                             socket_limits limits) {
    auto where = parse_place(target.url);
    if (!where) {
        auto dead = std::make_shared<dead_socket>();
        asio::post(executor, [dead, closed = std::move(handlers.closed)] {
            if (closed && !dead->forgotten()) closed({0, false, false, "its address is none of a WebSocket"});
        });
        return dead;
    }
    if (where->tls)
        return begin<tls_stream>(std::move(executor), rules, std::move(*where), std::move(target),
                                 std::move(handlers), limits);
    return begin<plain_stream>(std::move(executor), rules, std::move(*where), std::move(target),
                               std::move(handlers), limits);
}

} // namespace chat_centre::http
