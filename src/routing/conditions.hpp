#pragma once
// One condition against the facts, with the reason.

#include "routing/rules.hpp"

#include <algorithm>
#include <array>

namespace chat_centre::routing {

struct prepared { // the facts with the text folded once
    facts f;
    std::string folded;
};

tested test(const condition& c, const prepared& p);

bool known_field(std::string_view field);
// nullopt: fine.
std::optional<std::string> fault_of(const condition& c);
template <std::size_t N>
bool in(const std::array<std::string_view, N>& list, std::string_view x) {
    return std::find(list.begin(), list.end(), x) != list.end();
}

// Fields that may_match() may judge by.
bool cheap_field(std::string_view field);

} // namespace chat_centre::routing
