#include "auth/encoding.hpp"

#include <sodium.h>

#include <stdexcept>

namespace chat_centre::auth {
namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* raw(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

} // namespace

void need_sodium() {
    static const int ready = sodium_init();
    if (ready < 0) throw std::runtime_error("libsodium could not start");
}

std::string to_base64url(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), variant);
    out.pop_back(); // the terminating NUL
    return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(raw(out), out.size(), text.data(), text.size(), nullptr, &length, nullptr,
                          variant) != 0)
        return std::nullopt;
    out.resize(length);
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
    static_assert(crypto_auth_hmacsha256_KEYBYTES == 32 && crypto_auth_hmacsha256_BYTES == 32);
    if (key.size() != crypto_auth_hmacsha256_KEYBYTES) throw std::logic_error("an HMAC key has 32 bytes");
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256(raw(mac), raw(data), data.size(), raw(key));
    return mac;
}

std::string random_bytes(std::size_t count) {
    need_sodium();
    std::string out(count, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

} // namespace chat_centre::auth
