#pragma once
// Access tokens: JWT (RFC 7519, RFC 9068 typ at+jwt) under HS256, and nothing else that a JWT could be.

#include "auth/secrets.hpp"

#include <chat_centre/base/principal.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chat_centre::auth {

constexpr std::chrono::seconds access_token_life{900};
constexpr std::chrono::seconds clock_skew{60}; // of iat and nbf; exp is exact
constexpr std::size_t longest_access_token = 4096;

std::string new_session_id(); // 128 random bits, base64url
bool is_session_id(std::string_view text);

struct access_claims {
    std::int64_t staff = 0;
    std::string session; // an id of new_session_id()
    chat_centre::role role = chat_centre::role::agent;
    std::int64_t role_version = 0;
    time_point issued{}; // whole seconds
};

std::string sign_access_token(const signing_key& key, const access_claims& claims);

enum class token_state : std::uint8_t {
    valid,
    expired, // ours, but its time is over
    not_ours // anything else; why is nobody's business
};

struct token_check {
    token_state state = token_state::not_ours;
    access_claims claims; // filled when valid
};

token_check check_access_token(std::string_view token, std::span<const signing_key> keys, time_point now);

} // namespace chat_centre::auth
