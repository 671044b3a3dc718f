#pragma once

#include <string_view>

namespace chat_centre {

// Does a customer's message say what it is about? "yes", "1", a telephone number or an address does not: there are fewer
// than five letters outside numbers and addresses.
bool names_matter(std::string_view utf8);

} // namespace chat_centre
