#pragma once
// Strict base64url and HMAC-SHA-256, the two building blocks of every token here.

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

std::string to_base64url(std::string_view bytes); // without padding
// nullopt for padding, other characters, and bits beyond the last byte: a value has exactly one spelling.
std::optional<std::string> from_base64url(std::string_view text);

std::string hmac_sha256(std::string_view key, std::string_view data); // 32 raw bytes; the key has 32 too
// Before any call of libsodium; throws std::runtime_error when it cannot start.
void need_sodium();
std::string random_bytes(std::size_t count);

} // namespace chat_centre::auth
