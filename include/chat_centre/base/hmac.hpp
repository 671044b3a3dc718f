#pragma once
// HMAC-SHA-256 under a key of any length. Pure; any thread.

#include <initializer_list>
#include <string>
#include <string_view>

namespace chat_centre {

// 32 raw bytes, of the parts one after the other: a large body need not be copied behind what is signed with it.
std::string hmac_of(std::string_view key, std::initializer_list<std::string_view> parts);
std::string to_hex(std::string_view bytes); // lower case

} // namespace chat_centre
