#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/ids.hpp>

#include "auth/encoding.hpp"

namespace chat_centre::auth {
namespace {

constexpr std::size_t longest_conversation_token = 200;
constexpr std::size_t longest_signed_text = 4'096;

} // namespace

std::string make_conversation_token(std::string_view key, std::int64_t conversation, std::string_view nonce) {
    std::string token(conversation_token_prefix);
    token += std::to_string(conversation);
    token += '.';
    token += nonce;
    const auto mac = hmac_sha256(key, token);
    token += '.';
    token += to_base64url(mac);
    return token;
}

std::optional<std::int64_t> read_conversation_token(std::string_view key, std::string_view token) {
    if (token.size() > longest_conversation_token || !token.starts_with(conversation_token_prefix))
        return std::nullopt;
    const auto last = token.rfind('.');
    const auto first = token.find('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const auto given = from_base64url(token.substr(last + 1));
    if (!given || !equal_constant_time(*given, hmac_sha256(key, token.substr(0, last)))) return std::nullopt;
    // "CONV-" brings the rule for numbers: positive, no leading zero, fits 64 bits.
    return parse_id("CONV", "CONV-" + std::string(token.substr(conversation_token_prefix.size(),
                                                               first - conversation_token_prefix.size())));
}

std::string make_signed_text(std::string_view key, std::string_view prefix, std::string_view text) {
    std::string token(prefix);
    token += to_base64url(text);
    const auto mac = hmac_sha256(key, token);
    token += '.';
    token += to_base64url(mac);
    return token;
}

std::optional<std::string> read_signed_text(std::string_view key, std::string_view prefix,
                                            std::string_view token) {
    if (token.size() > longest_signed_text || !token.starts_with(prefix)) return std::nullopt;
    const auto dot = token.rfind('.');
    if (dot == std::string_view::npos || dot < prefix.size()) return std::nullopt;
    const auto given = from_base64url(token.substr(dot + 1));
    if (!given || !equal_constant_time(*given, hmac_sha256(key, token.substr(0, dot)))) return std::nullopt;
    return from_base64url(token.substr(prefix.size(), dot - prefix.size()));
}

} // namespace chat_centre::auth
