#include <chat_centre/base/ids.hpp>

#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <vector>

namespace chat_centre {
namespace {

void need_sodium() {
    static const int ready = sodium_init(); // thread-safe: a static, and sodium_init may be called again
    if (ready < 0) throw std::runtime_error("libsodium could not start");
}

std::array<unsigned char, 32> sha256(std::string_view data) {
    std::array<unsigned char, 32> digest{};
    unsigned length = 0;
    if (EVP_Digest(data.data(), data.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 failed");
    return digest;
}

std::string base64url(const unsigned char* data, std::size_t size) {
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_encoded_len(size, variant), '\0');
    sodium_bin2base64(out.data(), out.size(), data, size, variant);
    out.pop_back(); // the terminating NUL
    return out;
}

} // namespace

std::string format_id(std::string_view prefix, std::int64_t id) {
    std::string out(prefix);
    out.push_back('-');
    out += std::to_string(id);
    return out;
}

std::optional<std::int64_t> parse_id(std::string_view prefix, std::string_view text) {
    if (text.size() <= prefix.size() + 1 || text.substr(0, prefix.size()) != prefix ||
        text[prefix.size()] != '-')
        return std::nullopt;
    text.remove_prefix(prefix.size() + 1);
    if (text.front() < '1' || text.front() > '9') return std::nullopt;
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string random_token(std::size_t bytes) {
    need_sodium();
    std::vector<unsigned char> raw(bytes);
    randombytes_buf(raw.data(), raw.size());
    return base64url(raw.data(), raw.size());
}

std::string random_id(std::size_t letters) {
    need_sodium();
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford: no I, L, O, U
    std::string out(letters, '0');
    for (auto& c : out) c = alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
    return out;
}

std::string sha256_hex(std::string_view data) {
    const auto digest = sha256(data);
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    out.reserve(64);
    for (const unsigned char b : digest) {
        out.push_back(hex[b >> 4U]);
        out.push_back(hex[b & 15U]);
    }
    return out;
}

std::string sha256_base64url(std::string_view data) {
    const auto digest = sha256(data);
    return base64url(digest.data(), digest.size());
}

std::uint64_t hash64(std::string_view data) { // FNV-1a, then a final mix: the same on every machine and version
    std::uint64_t h = 14695981039346656037ULL;
    for (const char c : data) {
        h ^= static_cast<unsigned char>(c);
        h *= 1099511628211ULL;
    }
    h ^= h >> 33U;
    h *= 0xff51afd7ed558ccdULL;
    return h ^ (h >> 33U);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace chat_centre
