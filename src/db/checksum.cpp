#include "db/checksum.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace chat_centre::db {

std::string sha256(std::string_view data) {
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 || size != 32) {
        throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

} // namespace chat_centre::db
