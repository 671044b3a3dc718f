#include "demo/client.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <charconv>

namespace chat_centre::demo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using namespace std::chrono_literals;
using tcp = asio::ip::tcp;
using request = beast::http::request<beast::http::string_body>;
using reply = beast::http::response<beast::http::string_body>;

constexpr auto patience = 15s; // for one request: the server answers in milliseconds, or something is wrong

std::string user_agent() { return "chat-centre-demo/" CHAT_CENTRE_VERSION; }

answer to_answer(const reply& from) {
    answer a;
    a.status = from.result_int();
    if (!from.body().empty()) a.body = json::parse(from.body(), nullptr, false);
    if (a.body.is_discarded()) a.body = nullptr;
    const std::string_view wait(from[beast::http::field::retry_after].data(),
                                from[beast::http::field::retry_after].size());
    int seconds = 1;
    std::from_chars(wait.data(), wait.data() + wait.size(), seconds);
    a.retry_after = std::chrono::seconds{std::clamp(seconds, 1, 60)};
    return a;
}

} // namespace

std::string address::authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

std::string address::url() const { return "http://" + authority(); }

address parse_address(std::string_view url) {
    const auto wrong = [given = std::string(url)](const char* why) {
        return startup_error("--url \"" + given + "\" " + why + "; it looks like http://127.0.0.1:8080.");
    };
    constexpr std::string_view scheme = "http://";
    if (url.starts_with("https://"))
        throw wrong("is an HTTPS address, and the demo speaks plain HTTP: give the server's own address");
    if (!url.starts_with(scheme)) throw wrong("does not begin with http://");
    url.remove_prefix(scheme.size());
    if (url.ends_with('/')) url.remove_suffix(1);
    if (url.find_first_of("/?#@ ") != std::string_view::npos) throw wrong("has more than a host and a port");

    address a;
    std::string_view port = "80";
    if (const auto colon = url.rfind(':');
        colon != std::string_view::npos && url.find(']', colon) == url.npos) {
        port = url.substr(colon + 1);
        url = url.substr(0, colon);
    }
    if (url.size() > 2 && url.front() == '[' && url.back() == ']') url = url.substr(1, url.size() - 2);
    unsigned number = 0;
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (failed != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535)
        throw wrong("has no port from 1 to 65535");
    if (url.empty()) throw wrong("has no host");
    a.host = url;
    a.port = std::to_string(number);
    return a;
}

std::string answer::text(const char* field) const {
    if (!body.is_object()) return {};
    const auto it = body.find(field);
    return it != body.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::string answer::reason() const {
    std::string out = std::to_string(status) + " " + text("title");
    if (const auto detail = text("detail"); !detail.empty() && detail != text("title")) out += ": " + detail;
    if (body.is_object() && body.contains("errors"))
        for (const auto& e : body["errors"])
            out += " " + e.value("field", "") + " " + e.value("message", "") + ".";
    return out;
}

struct client::exchange {
    request ask;
    reply got;
    bool reused = false;
    bool nothing_came = true; // not a byte of the answer
};

client::client(loop& l, address a) : loop_(l), address_(std::move(a)) {}

asio::awaitable<void> client::run(std::shared_ptr<exchange> x) {
    if (!stream_) {
        tcp::resolver resolver(loop_.io());
        const auto found = co_await resolver.async_resolve(address_.host, address_.port, asio::use_awaitable);
        stream_.emplace(loop_.io());
        stream_->expires_after(patience);
        co_await stream_->async_connect(found, asio::use_awaitable);
        stream_->socket().set_option(tcp::no_delay(true));
    }
    stream_->expires_after(patience);
    co_await beast::http::async_write(*stream_, x->ask, asio::use_awaitable);
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    co_await beast::http::async_read_header(*stream_, buffer, parser, asio::use_awaitable);
    x->nothing_came = false;
    co_await beast::http::async_read(*stream_, buffer, parser, asio::use_awaitable);
    x->got = parser.release();
    if (!x->got.keep_alive()) stream_.reset();
}

answer client::call(verb method, const std::string& target, const std::string& bearer, const json& body) {
    const auto x = std::make_shared<exchange>();
    x->ask = request(method, target, 11);
    x->ask.set(beast::http::field::host, address_.authority());
    x->ask.set(beast::http::field::user_agent, user_agent());
    if (!bearer.empty()) x->ask.set(beast::http::field::authorization, "Bearer " + bearer);
    if (!body.is_null()) {
        x->ask.set(beast::http::field::content_type, "application/json");
        x->ask.body() = dump(body);
    }
    x->ask.prepare_payload();
    for (int attempt = 1;; ++attempt) {
        x->reused = stream_.has_value();
        bool done = false;
        std::exception_ptr failed;
        asio::co_spawn(loop_.io(), run(x), [&](std::exception_ptr e) {
            failed = std::move(e);
            done = true;
        });
        loop_.run_until(done);
        if (!done) { // asked to end: give the request up
            if (stream_) stream_->close();
            loop_.finish(done);
            stream_.reset();
            throw stopped();
        }
        if (!failed) return to_answer(x->got);
        stream_.reset();
        const bool stale = x->reused && x->nothing_came && attempt == 1;
        if (stale) continue;
        try {
            std::rethrow_exception(failed);
        } catch (const boost::system::system_error& e) {
            throw unreachable(e.code().message());
        }
    }
}

} // namespace chat_centre::demo
