#pragma once
// What machines ask: health, metrics, the OpenAPI document; and the way from / to the dashboard.

#include <chat_centre/http/router.hpp>

#include <array>
#include <functional>
#include <string>

namespace chat_centre::app {

struct health_view {
    std::string status;
};
BOOST_DESCRIBE_STRUCT(health_view, (), (status))

class system_routes {
public:
    struct probes {
        std::function<boost::asio::awaitable<bool>()> ready; // the database answers and we are not stopping
        std::function<std::string()> metrics;                // Prometheus text
        std::function<const std::string&()> openapi;
    };
    explicit system_routes(probes p) : p_(std::move(p)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer live(http::request r);
    answer ready(http::request r);
    answer metrics(http::request r);
    answer openapi(http::request r);
    answer home(http::request r);
    answer not_a_socket(http::request r);

    static constexpr auto table() {
        using http::verb;
        constexpr auto plain = http::limited(http::answers<health_view>(), http::rate::none);
        constexpr auto other = http::limited(http::answers<no_body>(), http::rate::none);
        return std::to_array<http::row<system_routes>>({
            {verb::get, "/health/live", permission::open, &system_routes::live, "live", "Is the process up?",
             plain},
            {verb::get, "/health/ready", permission::open, &system_routes::ready, "ready",
             "Can it do its work? 503 while the database does not answer or the server is stopping", plain},
            {verb::get, "/metrics", permission::open, &system_routes::metrics, "metrics",
             "Counters in Prometheus' text format", other},
            {verb::get, "/api/openapi.json", permission::open, &system_routes::openapi, "openapi",
             "This document", other},
            {verb::get, "/ws", permission::open, &system_routes::not_a_socket, "staffSocket",
             "The socket of staff (WebSocket; docs/protocol.md)", other},
            {verb::get, "/ws/{conversation_id}", permission::open, &system_routes::not_a_socket,
             "customerSocket", "The socket of one conversation's customer (WebSocket; docs/protocol.md)",
             other},
            {verb::get, "/", permission::open, &system_routes::home, "home", "Redirects to the dashboard",
             other},
        });
    }

private:
    probes p_;
};

} // namespace chat_centre::app
