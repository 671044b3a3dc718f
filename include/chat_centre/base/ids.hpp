#pragma once
// Public identifiers. Inside they are 64-bit integers; outside they are strings with a prefix.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre {

using conversation_id = std::int64_t;
using staff_id = std::int64_t;

std::string format_id(std::string_view prefix, std::int64_t id); // ("CONV", 12) -> "CONV-12"
// nullopt unless text is prefix, '-', and a positive decimal without leading zeros.
std::optional<std::int64_t> parse_id(std::string_view prefix, std::string_view text);

std::string random_token(std::size_t bytes); // base64url without padding, from the kernel's generator
std::string random_id(std::size_t letters);  // upper-case Crockford base 32
std::string sha256_hex(std::string_view data);
std::string sha256_base64url(std::string_view data);
std::uint64_t hash64(std::string_view data); // keyed for no one: only to compare bodies, not for security
bool equal_constant_time(std::string_view a, std::string_view b);

} // namespace chat_centre
