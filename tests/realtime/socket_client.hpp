#pragma once
// A WebSocket client with deadlines. Not thread-safe.

#include <chat_centre/base/json.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::test {

class socket_client {
    using tcp = boost::asio::ip::tcp;
    using error_code = boost::system::error_code;

public:
    // How much may be sent to it unread; 0: as much as the kernel likes.
    socket_client(unsigned short port, const std::string& path, const std::string& token,
                  int receive_buffer = 0)
        : ws_(io_) {
        namespace websocket = boost::beast::websocket;
        auto& socket = ws_.next_layer();
        socket.open(tcp::v4());
        if (receive_buffer > 0)
            socket.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer));
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
        ws_.set_option(websocket::stream_base::decorator([&](websocket::request_type& r) {
            std::string offered = "chat-centre.v1";
            if (!token.empty()) offered += ", bearer." + token;
            r.set(boost::beast::http::field::sec_websocket_protocol, offered);
        }));
        ws_.read_message_max(0);
        websocket::response_type response;
        error_code ec;
        ws_.handshake(response, "localhost", path, ec);
        status = ec ? static_cast<int>(response.result_int()) : 101;
        subprotocol = std::string(response[boost::beast::http::field::sec_websocket_protocol]);
        content_type = std::string(response[boost::beast::http::field::content_type]);
        ws_.text(true);
    }

    void send_text(const std::string& text) {
        error_code ec;
        ws_.write(boost::asio::buffer(text), ec);
    }
    void send(const json& frame) { send_text(frame.dump()); }
    void send_binary(const std::string& bytes) {
        ws_.binary(true);
        send_text(bytes);
        ws_.text(true);
    }
    // Unmasked, unframed: whatever it is.
    void send_raw(const std::string& bytes) {
        error_code ec;
        boost::asio::write(ws_.next_layer(), boost::asio::buffer(bytes), ec);
    }

    // The next frame; nullopt when none comes in time or the socket is closed (then close_code says how).
    std::optional<json> next(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
        if (closed) return std::nullopt;
        if (!reading_) {
            reading_ = true;
            ws_.async_read(buffer_, [this](error_code ec, std::size_t) { finished_ = ec; });
        }
        io_.restart();
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!finished_ && std::chrono::steady_clock::now() < until) io_.run_one_until(until);
        if (!finished_) return std::nullopt;
        reading_ = false;
        const error_code ec = *std::exchange(finished_, std::nullopt);
        if (ec) {
            closed = true;
            close_code = ws_.reason().code;
            return std::nullopt;
        }
        const std::string text(static_cast<const char*>(buffer_.data().data()), buffer_.size());
        buffer_.consume(buffer_.size());
        return json::parse(text);
    }
    // Reads until wanted(frame); events on the way are kept. Throws when it does not come.
    json until(const std::function<bool(const json&)>& wanted) {
        for (;;) {
            auto frame = next();
            if (!frame)
                throw std::runtime_error(
                    "the frame did not come" +
                    (closed ? ": closed with " + std::to_string(close_code) : std::string{}));
            if ((*frame)["type"] == "events")
                events.insert(events.end(), (*frame)["events"].begin(), (*frame)["events"].end());
            if (wanted(*frame)) return *frame;
        }
    }
    json until(const std::string& type) {
        return until([&](const json& f) { return f["type"] == type; });
    }
    // The first event like that, among those kept or yet to come.
    json event(const std::function<bool(const json&)>& wanted) {
        for (std::size_t i = 0;; ++i) {
            while (i >= events.size()) until("events");
            if (wanted(events[i])) return events[i];
        }
    }
    json event(const std::string& type) {
        return event([&](const json& e) { return e["type"] == type; });
    }
    json subscribe(json topics, std::optional<std::int64_t> since = {}) {
        json f = {{"type", "subscribe"}, {"topics", std::move(topics)}};
        if (since) f["since"] = *since;
        send(f);
        return until("subscribed");
    }
    void barrier() {
        send({{"type", "ping"}});
        until("pong");
    }
    int wait_closed() {
        while (next()) {
        }
        return close_code;
    }
    void cut() {
        error_code ec;
        ws_.next_layer().set_option(boost::asio::socket_base::linger(true, 0), ec);
        ws_.next_layer().close(ec);
    }

    int status = 0;
    std::string subprotocol, content_type;
    bool closed = false;
    int close_code = 0;
    std::vector<json> events;

private:
    boost::asio::io_context io_;
    boost::beast::websocket::stream<tcp::socket> ws_;
    boost::beast::flat_buffer buffer_;
    bool reading_ = false;
    std::optional<error_code> finished_;
};

} // namespace chat_centre::test
