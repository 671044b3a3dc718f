#include "demo/presence.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace chat_centre::demo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using namespace std::chrono_literals;

constexpr auto pause_after_loss = 2s;

} // namespace

void presence::keep(std::function<std::string()> token) {
    asio::co_spawn(loop_.io(), stay(address_, std::move(token)), asio::detached);
}

asio::awaitable<void> presence::stay(address a, std::function<std::string()> token) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (true) {
        try {
            co_await visit(a, token());
        } catch (const boost::system::system_error&) {
            // The server is away or restarts, or the token ran out: all of it passes.
            pause.expires_after(pause_after_loss);
        }
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> presence::visit(address a, std::string token) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::resolver resolver(executor);
    const auto found = co_await resolver.async_resolve(a.host, a.port, asio::use_awaitable);
    websocket::stream<beast::tcp_stream> socket(executor);
    beast::get_lowest_layer(socket).expires_after(10s);
    co_await beast::get_lowest_layer(socket).async_connect(found, asio::use_awaitable);
    beast::get_lowest_layer(socket).expires_never();
    socket.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    socket.set_option(websocket::stream_base::decorator([&token](websocket::request_type& r) {
        r.set(beast::http::field::authorization, "Bearer " + token);
    }));
    const std::string host = a.authority();
    co_await socket.async_handshake(host, "/ws", asio::use_awaitable);
    beast::flat_buffer buffer;
    while (true) { // hello and heartbeats: being here is all that is wanted
        co_await socket.async_read(buffer, asio::use_awaitable);
        buffer.consume(buffer.size());
    }
}

} // namespace chat_centre::demo
