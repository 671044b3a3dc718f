#include "auth/refresh_token.hpp"

#include <chat_centre/base/ids.hpp>

#include "auth/encoding.hpp"

namespace chat_centre::auth {
namespace {

constexpr std::string_view prefix = "ccr_";
constexpr std::size_t longest = 300;

} // namespace

std::string make_refresh_token(std::string_view key, std::string_view session) {
    std::string token(prefix);
    token += session;
    token += '.';
    token += random_token(32);
    const auto mac = to_base64url(hmac_sha256(key, token));
    return token + '.' + mac;
}

std::optional<std::string> session_of_refresh_token(std::string_view key, std::string_view token) {
    if (token.size() > longest || !token.starts_with(prefix)) return std::nullopt;
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto mac = from_base64url(token.substr(last + 1));
    if (!mac || !equal_constant_time(*mac, hmac_sha256(key, token.substr(0, last)))) return std::nullopt;
    return std::string(token.substr(prefix.size(), first - prefix.size()));
}

refresh_step judge_refresh(const refresh_facts& f, time_point now) {
    if (f.revoked || !f.staff_active || now >= f.expires_at || now - f.used_at >= refresh_idle)
        return refresh_step::refuse;
    if (f.age == token_age::current) return refresh_step::rotate;
    if (f.age == token_age::previous && f.rotated_at && now - *f.rotated_at <= double_refresh)
        return refresh_step::access_only;
    return refresh_step::revoke;
}

} // namespace chat_centre::auth
