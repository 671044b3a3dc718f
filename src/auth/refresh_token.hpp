#pragma once
// Refresh tokens and when one may still be used. Pure functions.
//
// "ccr_<session>.<256 random bits>.<MAC>": the database keeps the SHA-256 of the newest two per sign-in. The MAC marks
// every token that we ever gave out, so an older one is recognised as used before without keeping them all, and a
// made-up one cannot end anybody's sign-in.

#include <chat_centre/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

std::string make_refresh_token(std::string_view key, std::string_view session);
std::optional<std::string> session_of_refresh_token(std::string_view key, std::string_view token);

constexpr std::chrono::hours refresh_idle{12};
constexpr std::chrono::days refresh_life{30};
// Two tabs may refresh with the same token at the same time; both are honest.
constexpr std::chrono::seconds double_refresh{10};

enum class token_age : std::uint8_t { current, previous, older };

struct refresh_facts {
    token_age age = token_age::older;
    bool revoked = false;
    bool staff_active = true;
    time_point used_at{}; // the last rotation or the sign-in
    time_point expires_at{};
    std::optional<time_point> rotated_at;
};

enum class refresh_step : std::uint8_t {
    rotate,      // a new access token and a new refresh token
    access_only, // a new access token: the other tab got the new refresh token
    revoke,      // a used token came again: somebody copied it, end the sign-in
    refuse       // over or unknown
};

refresh_step judge_refresh(const refresh_facts& f, time_point now);

} // namespace chat_centre::auth
