#pragma once
// What a page of a customer's browser may prove: that this server gave it this user id, for one purpose and a short time.
// "ccp_<claims>.<mac>": the claims as JSON in base64url, and an HMAC-SHA-256 of all before the last dot. Pure; any thread.
//
//   const auto token = make_page_token(directory.key_for(page_key), {"socket", "web_7", "ccs_1", now + page_token_life});
//   const auto who = read_page_token(directory.key_for(page_key), token, "socket", now); // nullopt: not valid for that

#include <chat_centre/base/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

inline constexpr std::string_view page_token_prefix = "ccp_";
inline constexpr std::string_view page_key = "page token";   // for directory::key_for
inline constexpr std::string_view page_sync = "sync";        // audience: POST /api/chat/sync
inline constexpr std::string_view page_socket = "socket";    // audience: GET /convai/ws?t=
inline constexpr std::chrono::minutes page_token_life{60};   // sync
inline constexpr std::chrono::minutes socket_token_life{15}; // to begin a socket; the session may last longer

struct page_claims {
    std::string audience;
    std::string user_id;
    std::string session; // our own name of this visit (cc_session): "ccs_..."
    time_point expires{};
};

std::string make_page_token(std::string_view key, const page_claims& c);
// nullopt: not made with this key, for another audience, or expired. With `renewing` an expired one is read for another
// 30 days, so that a page goes on as the same user.
std::optional<page_claims> read_page_token(std::string_view key, std::string_view token,
                                           std::string_view audience, time_point now, bool renewing = false);

} // namespace chat_centre::auth
