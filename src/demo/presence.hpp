#pragma once
// Keeps the desks' live sockets open, so that the dashboard shows who is here.

#include "demo/client.hpp"
#include "demo/loop.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace chat_centre::demo {

class presence {
public:
    presence(loop& l, address a) : loop_(l), address_(std::move(a)) {}
    // From now until the loop ends, in the loop's idle moments; comes back after a restart of the server. `token`
    // is asked at each connection.
    void keep(std::function<std::string()> token);

private:
    static boost::asio::awaitable<void> stay(address a, std::function<std::string()> token);
    static boost::asio::awaitable<void> visit(address a, std::string token);

    loop& loop_;
    address address_;
};

} // namespace chat_centre::demo
