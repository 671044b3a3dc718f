#pragma once
// Signatures of outgoing webhooks: Standard Webhooks 1.0, symmetric (https://www.standardwebhooks.com). Pure but for
// new_secret().

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::notify {

std::string new_secret(); // "whsec_" and 32 random bytes in base64
// The bytes of a secret; nullopt unless it is whsec_ and base64 of 24 to 64 bytes.
std::optional<std::string> secret_bytes(std::string_view secret);

// "v1,<base64>" of id.timestamp.body. Throws std::invalid_argument for a secret that is none.
std::string sign(std::string_view secret, std::string_view id, std::string_view timestamp,
                 std::string_view body);
// One signature for each secret, separated by spaces: what a receiver accepts while the secret changes.
std::string sign_all(const std::vector<std::string>& secrets, std::string_view id, std::string_view timestamp,
                     std::string_view body);

} // namespace chat_centre::notify
