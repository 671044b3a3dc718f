#pragma once
// The smallest thing that hands sockets to a hub: a listener on a free loopback port that reads a request head and
// calls take_over. It stands in for http::server, so that the hub is tested on its own.

#include <chat_centre/http/server.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace chat_centre::test {

class loopback_server {
    using tcp = boost::asio::ip::tcp;

public:
    explicit loopback_server(realtime::hub& hub)
        : hub_(hub), acceptor_(io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        acceptor_.listen(4096);
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~loopback_server() {
        io_.stop();
        thread_.join();
    }
    loopback_server(const loopback_server&) = delete;
    loopback_server& operator=(const loopback_server&) = delete;

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    struct visitor {
        tcp::socket socket;
        std::string bytes;
    };

    void accept() {
        acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
            if (!ec) read_head(std::make_shared<visitor>(visitor{std::move(socket), {}}));
            accept();
        });
    }

    void read_head(std::shared_ptr<visitor> v) {
        auto& socket = v->socket;
        auto buffer = boost::asio::dynamic_buffer(v->bytes, 16 * 1024);
        boost::asio::async_read_until(
            socket, buffer, "\r\n\r\n", [this, v](boost::system::error_code ec, std::size_t n) {
                if (ec) return;
                std::string early = v->bytes.substr(n);
                v->bytes.resize(n);
                http::request r = parse(v->bytes);
                hub_.take_over({std::move(r), std::move(v->bytes), std::move(v->socket), std::move(early)});
            });
    }

    static http::request parse(const std::string& head) {
        http::request r;
        r.request_id = "test";
        const auto first = head.find(' ') + 1;
        r.path = head.substr(first, head.find(' ', first) - first);
        for (auto line = head.find("\r\n") + 2; line + 2 < head.size();) {
            const auto end = head.find("\r\n", line);
            const auto colon = head.find(':', line);
            if (colon < end) {
                std::string name = head.substr(line, colon - line);
                std::transform(name.begin(), name.end(), name.begin(),
                               [](unsigned char c) { return std::tolower(c); });
                auto value = colon + 1;
                while (value < end && head[value] == ' ') ++value;
                r.headers.emplace_back(std::move(name), head.substr(value, end - value));
            }
            line = end + 2;
        }
        return r;
    }

    realtime::hub& hub_;
    boost::asio::io_context io_{1};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

} // namespace chat_centre::test
