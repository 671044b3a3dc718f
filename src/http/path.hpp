#pragma once
// The path of a request as it is looked up. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::http {

// "%2e" and the like resolved, once; nullopt for a path with "..", a NUL, a backslash or broken percent-encoding.
std::optional<std::string> decode_path(std::string_view raw);

} // namespace chat_centre::http
