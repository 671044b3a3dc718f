#pragma once
// What Beast accepts and RFC 9112 refuses: ways in which two parsers can disagree about where a request ends.
// Pure, over the raw bytes of the header block; runs before Beast sees them.

#include <chat_centre/http/server.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::http {

struct refusal {
    int status; // always followed by closing the connection
    std::string detail;
};

// `head` ends with the empty line. nullopt: pass it on.
std::optional<refusal> check_head(std::string_view head, const limits& l);

} // namespace chat_centre::http
