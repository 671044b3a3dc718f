#include <chat_centre/auth/accounts.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::auth {
namespace {

constexpr std::size_t longest_email = 254; // RFC 5321
constexpr std::size_t longest_local_part = 64;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// U+202A..U+202E and U+2066..U+2069 in UTF-8.
constexpr std::array<std::string_view, 9> reordering{
    "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
    "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9",
};

} // namespace

std::optional<std::string> email_fault(std::string_view email) {
    std::optional<std::string> fault = "must be an e-mail address such as sarah@example.org";
    const auto at = email.find('@');
    if (at == std::string_view::npos || at == 0 || at > longest_local_part || email.size() > longest_email)
        return fault;
    const auto domain = email.substr(at + 1);
    if (domain.empty() || domain.find('@') != std::string_view::npos) return fault;
    if (domain.front() == '.' || domain.back() == '.' || domain.find("..") != std::string_view::npos)
        return fault;
    const auto forbidden = [](char c) {
        return is_control(c) || c == ' ' || c == '<' || c == '>' || c == ',';
    };
    if (std::any_of(email.begin(), email.end(), forbidden)) return fault;
    return std::nullopt;
}

std::optional<std::string> name_fault(std::string_view name) {
    if (std::any_of(name.begin(), name.end(), is_control)) return "must not hold control characters";
    for (const auto mark : reordering)
        if (name.find(mark) != std::string_view::npos)
            return "must not hold marks that change the text direction";
    return std::nullopt;
}

} // namespace chat_centre::auth
