#pragma once
// The rule for department slugs, the same as the table's CHECK.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::staff {

inline std::optional<std::string> slug_fault(std::string_view slug) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const bool right =
        !slug.empty() && slug.size() <= 50 && letter(slug.front()) &&
        std::all_of(slug.begin(), slug.end(), [&](char c) { return letter(c) || c == '_' || c == '-'; });
    if (right) return std::nullopt;
    return "must be 1 to 50 of a-z, 0-9, - and _, and start with a letter or digit";
}

} // namespace chat_centre::staff
