#pragma once
// An HTTP server on loopback whose answers a test writes byte by byte, so that it can be slow, wrong or gone.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chat_centre::tests {

class scripted_http {
    using tcp = boost::asio::ip::tcp;

public:
    // One request, on a connection of its own; the connection ends with the script.
    class exchange {
    public:
        exchange(tcp::socket& socket, std::string head, std::string body, int number)
            : head(std::move(head)), body(std::move(body)), number(number), socket_(socket) {}
        std::string head, body;
        int number; // counts from 1

        bool write(std::string_view bytes) { // false: the client has gone
            boost::system::error_code ec;
            boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
            return !ec;
        }
        bool answer(int status, std::string_view type, std::string_view text, std::string_view more_head = "") {
            return write("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + std::string(type) +
                         "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n" +
                         std::string(more_head) + "Connection: close\r\n\r\n" + std::string(text));
        }
        bool begin_stream() {
            return write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        }
        // Until the client has gone, at most this long. True: it has.
        bool wait_for_end(std::chrono::milliseconds most) {
            socket_.non_blocking(true);
            for (std::chrono::milliseconds waited{0}; waited < most; waited += std::chrono::milliseconds(5)) {
                char c = 0;
                boost::system::error_code ec;
                socket_.read_some(boost::asio::buffer(&c, 1), ec);
                if (ec && ec != boost::asio::error::would_block) return true;
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
            return false;
        }

    private:
        tcp::socket& socket_;
    };
    using script = std::function<void(exchange&)>;

    explicit scripted_http(script s)
        : script_(std::move(s)), acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        thread_ = std::thread([this] { serve(); });
    }
    ~scripted_http() {
        stopping_ = true;
        boost::system::error_code ignored;
        tcp::socket knock(io_);
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
        for (auto& t : answering_) t.join();
    }
    scripted_http(const scripted_http&) = delete;
    scripted_http& operator=(const scripted_http&) = delete;

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    int requests() const { return count_; }

private:
    void serve() {
        for (;;) {
            tcp::socket socket(io_);
            boost::system::error_code ec;
            acceptor_.accept(socket, ec);
            if (ec || stopping_) return;
            answering_.emplace_back([this, s = std::move(socket)]() mutable { talk(s); });
        }
    }

    void talk(tcp::socket& socket) {
        boost::system::error_code ec;
        std::string bytes;
        const auto end = boost::asio::read_until(socket, boost::asio::dynamic_buffer(bytes), "\r\n\r\n", ec);
        if (ec) return;
        std::string head = bytes.substr(0, end);
        std::string body = bytes.substr(end);
        std::size_t length = 0;
        if (const auto at = head.find("Content-Length: "); at != std::string::npos)
            length = std::stoul(head.substr(at + 16));
        const auto begun = body.size();
        if (begun < length) {
            body.resize(length);
            boost::asio::read(socket, boost::asio::buffer(body.data() + begun, length - begun), ec);
            if (ec) return;
        }
        exchange x(socket, std::move(head), std::move(body), ++count_);
        script_(x);
        socket.shutdown(tcp::socket::shutdown_both, ec);
    }

    script script_;
    boost::asio::io_context io_;
    tcp::acceptor acceptor_;
    std::atomic<int> count_{0};
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> answering_; // only serve() adds
    std::thread thread_;
};

} // namespace chat_centre::tests
