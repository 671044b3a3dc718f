#include <chat_centre/auth/page_token.hpp>

#include "auth/encoding.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>

namespace chat_centre::auth {
namespace {

constexpr std::size_t longest_page_token = 1500;
constexpr std::chrono::days renewable{30};

} // namespace

std::string make_page_token(std::string_view key, const page_claims& c) {
    const auto until = std::chrono::duration_cast<std::chrono::seconds>(c.expires.time_since_epoch()).count();
    std::string token(page_token_prefix);
    token += to_base64url(dump({{"a", c.audience}, {"u", c.user_id}, {"s", c.session}, {"e", until}}));
    const auto mac = hmac_sha256(key, token);
    token += '.';
    token += to_base64url(mac);
    return token;
}

std::optional<page_claims> read_page_token(std::string_view key, std::string_view token,
                                           std::string_view wanted_audience, time_point now, bool renewing) {
    if (token.size() > longest_page_token || !token.starts_with(page_token_prefix)) return std::nullopt;
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto given = from_base64url(token.substr(dot + 1));
    if (!given || !equal_constant_time(*given, hmac_sha256(key, token.substr(0, dot)))) return std::nullopt;
    const auto text = from_base64url(token.substr(page_token_prefix.size(), dot - page_token_prefix.size()));
    if (!text) return std::nullopt;
    page_claims c;
    try { // our own mac: only a version that writes it differently gets here with another shape
        const json claims = parse_json(*text);
        c.audience = claims.at("a").get<std::string>();
        c.user_id = claims.at("u").get<std::string>();
        c.session = claims.at("s").get<std::string>();
        c.expires = time_point(std::chrono::seconds(claims.at("e").get<std::int64_t>()));
    } catch (const json::exception&) {
        return std::nullopt;
    } catch (const error&) {
        return std::nullopt;
    }
    const auto end = renewing ? c.expires + renewable : c.expires;
    if (c.audience != wanted_audience || end <= now) return std::nullopt;
    return c;
}

} // namespace chat_centre::auth
