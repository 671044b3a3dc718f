#include <chat_centre/auth/passwords.hpp>

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include "auth/common_passwords.hpp"
#include "auth/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace chat_centre::auth {
namespace {

// OWASP's argon2id minimum: 19 MiB, two passes, one lane.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19'456} * 1024;

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace

bool is_common_password(std::string_view password) {
    const auto folded = lower_ascii(password);
    return std::find(common_passwords.begin(), common_passwords.end(), folded) != common_passwords.end() ||
           folded.find_first_not_of(folded.empty() ? '\0' : folded.front()) == std::string::npos;
}

std::optional<std::string> password_fault(std::string_view password) {
    if (password.size() < shortest_password)
        return "must have at least " + std::to_string(shortest_password) + " characters";
    if (password.size() > longest_password)
        return "must have at most " + std::to_string(longest_password) +
               " bytes (letters beyond ASCII take 2 to 4)";
    if (is_common_password(password))
        return "is one of the passwords that everybody tries first: choose another";
    return std::nullopt;
}

std::string hash_password(std::string_view password) {
    need_sodium();
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(out, password.data(), password.size(), passes, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw error::unavailable("There is not enough memory to check a password right now.");
    return out;
}

password_verdict verify_password(const std::string& hash, std::string_view password) {
    need_sodium();
    if (hash.size() >= crypto_pwhash_STRBYTES) return {};
    password_verdict verdict;
    verdict.matches = crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    verdict.needs_rehash =
        verdict.matches && crypto_pwhash_str_needs_rehash(hash.c_str(), passes, memory_bytes) != 0;
    return verdict;
}

std::string generate_password() {
    const auto letters = random_id(20);
    std::string out;
    for (std::size_t i = 0; i < letters.size(); i += 5) out += (i == 0 ? "" : "-") + letters.substr(i, 5);
    return out;
}

} // namespace chat_centre::auth
