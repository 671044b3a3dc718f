#include "client.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace chat_centre::realtime {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

constexpr std::size_t growth = 4096; // of a message that does not fit the buffer inside the client
constexpr std::size_t spare_frames = 16;

using handshake_request = beast::http::request<beast::http::empty_body>;

handshake_request parse_handshake(std::string_view head) {
    beast::http::request_parser<beast::http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    error_code ec;
    parser.put(asio::buffer(head), ec);
    if (ec || !parser.is_header_done()) throw error::bad_request("This is not a WebSocket handshake.");
    handshake_request request = parser.release();
    if (!websocket::is_upgrade(request)) throw error::bad_request("This is not a WebSocket handshake.");
    return request;
}

bool offers(const handshake_request& request, std::string_view subprotocol) {
    const auto offered = request[beast::http::field::sec_websocket_protocol];
    const beast::http::token_list tokens{offered};
    return std::any_of(tokens.begin(), tokens.end(),
                       [subprotocol](const auto& token) { return token == subprotocol; });
}

// A frame is read into 256 bytes inside the object, because nearly all are shorter and an idle socket then keeps
// no buffer on the heap.
class ws_client final : public client {
public:
    ws_client(client_host& host, stream_socket socket, handshake_request request, const options& o,
              std::string_view subprotocol)
        : host_(host), ws_(std::move(socket)),
          request_(std::make_unique<handshake_request>(std::move(request))), limit_(o.queue_bytes) {
        ws_.read_message_max(o.frame_bytes);
        ws_.auto_fragment(false); // a shared frame goes out in one piece
        ws_.text(true);
        ws_.control_callback([this](websocket::frame_type, beast::string_view) { host_.sign_of_life(*this); });
        std::string chosen(offers(*request_, subprotocol) ? subprotocol : std::string_view{});
        ws_.set_option(websocket::stream_base::decorator(
            [chosen = std::move(chosen)](websocket::response_type& response) {
                response.set(beast::http::field::server, "chat-centre");
                if (!chosen.empty()) response.set(beast::http::field::sec_websocket_protocol, chosen);
            }));
    }

    void accept() override {
        ws_.async_accept(*request_, [self = me()](error_code ec) { self->on_accept(ec); });
    }

    void put(frame f) override {
        if (state != phase::open || full_) return;
        waiting_ += f->size();
        if (waiting_ > limit_) {
            full_ = true;
            host_.overflowed(*this);
            return;
        }
        if (writing_)
            queue_.push_back(std::move(f));
        else
            write(std::move(f));
    }

    void ping() override {
        if (state != phase::open || pinging_) return;
        pinging_ = true;
        ws_.async_ping({}, [self = me()](error_code) { self->pinging_ = false; });
    }

    void close(std::uint16_t code, std::string_view reason, moment until) override {
        if (state == phase::handshake) cut();
        if (state != phase::open) return;
        state = phase::closing;
        deadline = until;
        drop_queue();
        websocket::close_reason why(static_cast<websocket::close_code>(code));
        why.reason.assign(reason.data(), reason.size());
        ws_.async_close(why, [self = me()](error_code) { self->finish(); });
    }

    void cut() override {
        error_code ignored;
        // With a reset, so that the kernel does not keep what the peer will never read.
        ws_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
        ws_.next_layer().close(ignored); // ends the operation under way, whose handler calls finish()
        if (state == phase::open) state = phase::closing;
    }

    std::size_t waiting_bytes() const override { return waiting_; }
    bool stalled(moment since) const override { return writing_ && began_ < since; }

private:
    std::shared_ptr<ws_client> me() { return std::static_pointer_cast<ws_client>(shared_from_this()); }

    void on_accept(error_code ec) {
        request_.reset();
        if (ec) {
            finish();
            return;
        }
        state = phase::open;
        ws_.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
        host_.opened(*this);
        read();
    }

    void read() {
        auto room = asio::buffer(small_);
        if (used_ != 0) {
            large_.resize(used_ + growth);
            room = asio::buffer(large_.data() + used_, growth);
        }
        ws_.async_read_some(room, [self = me()](error_code ec, std::size_t n) { self->on_read(ec, n); });
    }

    void on_read(error_code ec, std::size_t n) {
        if (ec) {
            // While closing, the close operation still has the peer's answer to wait for, unless this was it.
            if (state != phase::closing || ec == websocket::error::closed || !ws_.next_layer().is_open())
                finish();
            return;
        }
        if (!ws_.is_message_done()) {
            if (used_ == 0) large_.assign(small_.data(), n);
            used_ += n;
        } else if (state == phase::open) {
            const std::string big = used_ == 0 ? std::string{} : std::exchange(large_, {});
            const std::string_view text =
                used_ == 0 ? std::string_view(small_.data(), n) : std::string_view(big).substr(0, used_ + n);
            used_ = 0;
            host_.text(*this, ws_.got_binary() ? std::string_view{} : text);
        }
        // While closing, the close operation reads.
        if (state == phase::open)
            read();
        else if (!ws_.next_layer().is_open())
            finish();
    }

    void write(frame f) {
        writing_ = true;
        began_ = host_.now();
        current_ = std::move(f);
        ws_.async_write(asio::buffer(*current_),
                        [self = me()](error_code ec, std::size_t) { self->on_write(ec); });
    }

    void on_write(error_code ec) {
        writing_ = false;
        waiting_ -= std::min(waiting_, current_->size());
        current_.reset();
        if (ec || state != phase::open) {
            if (ec && state == phase::open) cut();
            return;
        }
        if (next_ < queue_.size()) {
            write(std::move(queue_[next_++]));
            if (next_ > spare_frames && next_ * 2 > queue_.size()) { // a socket that is behind for long
                queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(next_));
                next_ = 0;
            }
        } else if (next_ != 0) {
            next_ = 0;
            if (queue_.capacity() > spare_frames)
                queue_ = {};
            else
                queue_.clear();
        }
        host_.drained(*this);
    }

    void drop_queue() {
        queue_ = {};
        next_ = 0;
        waiting_ = current_ ? current_->size() : 0;
    }

    void finish() {
        if (state == phase::gone) return;
        state = phase::gone;
        drop_queue();
        error_code ignored;
        ws_.next_layer().close(ignored);
        host_.gone(*this);
    }

    client_host& host_;
    websocket::stream<stream_socket, false> ws_; // false: no compression, which costs memory and invites bombs
    std::unique_ptr<handshake_request> request_;
    std::size_t limit_;
    std::size_t waiting_ = 0; // bytes of current_ and queue_
    frame current_;
    std::vector<frame> queue_;
    std::size_t next_ = 0; // in queue_
    moment began_{};
    bool writing_ = false;
    bool pinging_ = false;
    bool full_ = false;    // takes no more; the hub is about to close it
    std::size_t used_ = 0; // bytes of large_ that are filled
    std::string large_;
    std::array<char, 256> small_;
};

} // namespace

std::shared_ptr<client> make_ws_client(client_host& host, stream_socket& socket, std::string_view head,
                                       const options& o, std::string_view subprotocol) {
    auto request = parse_handshake(head);
    return std::make_shared<ws_client>(host, std::move(socket), std::move(request), o, subprotocol);
}

} // namespace chat_centre::realtime
