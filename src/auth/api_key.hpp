#pragma once
// The form of an API key.

#include <chat_centre/base/ids.hpp>

#include <string>
#include <string_view>

namespace chat_centre::auth {

inline std::string make_api_key() {
    return "cck_" + random_token(32);
} // a prefix that secret scanners can know

// The last characters: enough to tell one's keys apart.
inline std::string key_hint(std::string_view key) { return std::string(key.substr(key.size() - 4)); }

} // namespace chat_centre::auth
