#pragma once
// E-mail addresses: which ones mail could reach, and the one form in which they are compared.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre {

// name@host.tld: at most 254 bytes and 64 before the @; letters, digits and .!#$%&'*+/=?^_`{|}~- before it (and
// non-ASCII letters, RFC 6531), no dot at an end or doubled; labels of letters, digits and inner hyphens after it, at
// least two. No quoted names, comments or bare addresses: nobody types them and every fault looks like them.
bool is_email(std::string_view text);

// Trimmed and lower case (ASCII): what addresses are compared by. nullopt when it is no address.
std::optional<std::string> normalize_email(std::string_view text);

// The addresses within a sentence, normalised, in order, each once.
std::vector<std::string> find_emails(std::string_view sentence);

} // namespace chat_centre
