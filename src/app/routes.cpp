#include <chat_centre/app/app.hpp>

#include "app/features.hpp"

#include <chat_centre/auth/auth.hpp>

namespace chat_centre::app {

http::router describe_routes() {
    http::router r;
    add_routes(r, nullptr);
    return r;
}

std::string openapi_text() {
    const auto name = [](permission p) { return std::string(auth::to_string(p)); };
    auto text = http::openapi_document(describe_routes(), CHAT_CENTRE_VERSION, name).dump(2) + "\n";
    text.shrink_to_fit();
    return text;
}

std::string route_list() {
    const auto table = describe_routes();
    std::string out;
    for (const auto& r : table.routes()) {
        std::string line(to_string(r.method));
        line.resize(8, ' ');
        line += r.path;
        line.resize(std::max<std::size_t>(line.size() + 1, 52), ' ');
        line += auth::to_string(r.access);
        line.resize(std::max<std::size_t>(line.size() + 1, 76), ' ');
        out += line + r.summary + "\n";
    }
    return out;
}

} // namespace chat_centre::app
