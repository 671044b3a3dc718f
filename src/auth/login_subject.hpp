#pragma once
// Whose failures are counted. Pure functions.

#include <cstdint>
#include <string>
#include <string_view>

namespace chat_centre::auth {

std::string account_subject(std::int64_t staff); // by id: other spellings of the address do not start a new count
// For an address that no account has. Hashed: people type their password into the wrong field.
std::string unknown_subject(std::string_view email);
// An IPv6 address counts as its /64, which is what one customer of a network gets.
std::string address_subject(std::string_view address);

} // namespace chat_centre::auth
