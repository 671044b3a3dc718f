#pragma once
// libpq connection strings, both kinds: "host=a dbname=b" and "postgresql://a/b".

#include <string>
#include <string_view>

namespace chat_centre::db {

// Neither kind. libpq's own message for such text repeats it, password and all.
bool is_connection_string(std::string_view url);

// Adds limits to what waits without end in libpq by default: connecting (5 s) and a peer that fell silent (about
// 20 s). What the string says itself stands.
std::string with_time_limits(std::string_view url);

// One value of a "key=value" string, quoted.
std::string quoted_value(std::string_view value);

} // namespace chat_centre::db
