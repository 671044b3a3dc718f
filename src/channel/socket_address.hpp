#pragma once

#include <chat_centre/http/message.hpp>

#include <string>
#include <string_view>

namespace chat_centre::channel {

// Where a customer's page finds a socket of ours: below public_url, or as this request reached us when that is "".
inline std::string socket_address(const http::request& r, std::string_view public_url,
                                  const std::string& path) {
    if (public_url.starts_with("https://")) return "wss://" + std::string(public_url.substr(8)) + path;
    if (public_url.starts_with("http://")) return "ws://" + std::string(public_url.substr(7)) + path;
    const auto host = r.header("host");
    const bool secure = r.header("x-forwarded-proto") == "https";
    return host.empty() ? path : (secure ? "wss://" : "ws://") + std::string(host) + path;
}

} // namespace chat_centre::channel
