#pragma once
// Rules for what identifies a person on our side.

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::auth {

// What is wrong with an e-mail address, nullopt when it will do. One @, no spaces or control characters, at most 254
// bytes; a domain without a dot (admin@localhost) is fine. Whether it exists is shown by using it.
std::optional<std::string> email_fault(std::string_view email);

// What is wrong with a name that others will see: control characters, and marks that reorder the text around it.
std::optional<std::string> name_fault(std::string_view name);

} // namespace chat_centre::auth
