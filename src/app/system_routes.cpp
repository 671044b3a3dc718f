#include "app/system_routes.hpp"

namespace chat_centre::app {

system_routes::answer system_routes::live(http::request) {
    co_return http::response::of({{"status", "live"}});
}

system_routes::answer system_routes::ready(http::request) {
    const bool ok = co_await p_.ready();
    if (ok) co_return http::response::of({{"status", "ready"}});
    throw error::unavailable("The database does not answer, or the server is stopping.");
}

system_routes::answer system_routes::metrics(http::request) {
    http::response r;
    r.content_type = "text/plain; version=0.0.4; charset=utf-8";
    r.body = p_.metrics();
    co_return r;
}

system_routes::answer system_routes::openapi(http::request) {
    http::response r;
    r.shared_body = &p_.openapi();
    co_return r;
}

// A handshake never gets here: the connection hands it to the hub.
system_routes::answer system_routes::not_a_socket(http::request r) {
    http::response out =
        http::problem(error{426, "This is a WebSocket",
                            "Connect with a WebSocket client: Upgrade: websocket, subprotocol "
                            "chat-centre.v1."},
                      r.request_id);
    out.with("Upgrade", "websocket");
    co_return out;
}

system_routes::answer system_routes::home(http::request) {
    http::response r = http::response::no_content();
    r.status = 307;
    r.with("Location", "/admin/");
    co_return r;
}

} // namespace chat_centre::app
