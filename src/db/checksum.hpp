#pragma once

#include <string>
#include <string_view>

namespace chat_centre::db {

std::string sha256(std::string_view data); // 64 lower-case hexadecimal digits

} // namespace chat_centre::db
