#pragma once
// A plain HTTP client for one server: a request, its whole answer, one connection kept open. Not thread-safe.

#include "demo/loop.hpp"

#include <chat_centre/base/json.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/verb.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chat_centre::demo {

struct address {
    std::string host; // without brackets
    std::string port;

    std::string authority() const; // as in the Host header
    std::string url() const;
};

// http://HOST[:PORT][/]; throws startup_error that says what is wrong.
address parse_address(std::string_view url);

struct answer {
    unsigned status = 0;
    json body; // null when there is none, or it is not JSON
    std::chrono::seconds retry_after{1};

    bool ok() const { return status >= 200 && status < 300; }
    std::string text(const char* field) const; // "" when the body has no such string
    std::string reason() const;                // a refusal in words, with the fields it names
};

// The server cannot be reached, or went away during a request.
class unreachable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

using verb = boost::beast::http::verb;

class client {
public:
    client(loop& l, address a);

    // body null: none. Throws unreachable, or stopped when the demo is asked to end meanwhile. A request on a
    // connection that the server has closed since the last one is sent again once.
    answer call(verb method, const std::string& target, const std::string& bearer = {},
                const json& body = nullptr);

    const address& server() const { return address_; }

private:
    struct exchange;
    boost::asio::awaitable<void> run(std::shared_ptr<exchange> x);

    loop& loop_;
    address address_;
    std::optional<boost::beast::tcp_stream> stream_;
};

} // namespace chat_centre::demo
