#include <chat_centre/base/hmac.hpp>

#include <sodium.h>

namespace chat_centre {
namespace {

const unsigned char* octets(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

} // namespace

std::string hmac_of(std::string_view key, std::initializer_list<std::string_view> parts) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, octets(key), key.size());
    for (const auto part : parts) crypto_auth_hmacsha256_update(&state, octets(part), part.size());
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(mac.data()));
    return mac;
}

std::string to_hex(std::string_view bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), octets(bytes), bytes.size());
    out.pop_back(); // the terminating NUL
    return out;
}

} // namespace chat_centre
