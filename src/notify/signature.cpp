#include "notify/signature.hpp"

#include <chat_centre/base/base64.hpp>

#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <stdexcept>

namespace chat_centre::notify {
namespace {

constexpr std::string_view prefix = "whsec_";

} // namespace

std::string new_secret() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium could not start");
    std::string bytes(32, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return std::string(prefix) + to_base64(bytes);
}

std::optional<std::string> secret_bytes(std::string_view secret) {
    if (!secret.starts_with(prefix)) return std::nullopt;
    auto bytes = from_base64(secret.substr(prefix.size()));
    if (!bytes || bytes->size() < 24 || bytes->size() > 64) return std::nullopt;
    return bytes;
}

std::string sign(std::string_view secret, std::string_view id, std::string_view timestamp,
                 std::string_view body) {
    const auto key = secret_bytes(secret);
    if (!key) throw std::invalid_argument("this is no webhook secret");
    std::string signed_text;
    signed_text.reserve(id.size() + timestamp.size() + body.size() + 2);
    signed_text.append(id).append(".").append(timestamp).append(".").append(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* text = reinterpret_cast<const unsigned char*>(signed_text.data());
    if (HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()), text, signed_text.size(),
             digest.data(), &length) == nullptr)
        throw std::runtime_error("HMAC-SHA256 failed");
    return "v1," + to_base64({reinterpret_cast<const char*>(digest.data()), length});
}

std::string sign_all(const std::vector<std::string>& secrets, std::string_view id, std::string_view timestamp,
                     std::string_view body) {
    std::string out;
    for (const auto& s : secrets) {
        if (!out.empty()) out += ' ';
        out += sign(s, id, timestamp, body);
    }
    return out;
}

} // namespace chat_centre::notify
