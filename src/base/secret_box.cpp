#include <chat_centre/base/secret_box.hpp>

#include <chat_centre/base/base64.hpp>
#include <chat_centre/base/error.hpp>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace chat_centre {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

std::string read_key(const fs::path& file) {
    struct stat facts{};
    if (stat(file.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0)
        throw startup_error(file.string() + " may be read by others: chmod 600 it.");
    std::ifstream in(file);
    std::string text;
    in >> text;
    auto key = from_base64(text);
    if (!key || key->size() != key_size)
        throw startup_error(file.string() +
                            " does not hold a key: restore it, or remove it to have a new one made "
                            "(stored webhook secrets must then be made anew).");
    return *key;
}

// Written beside it and linked into place: of two servers that start at once both use the one that was first.
std::string make_key(const fs::path& file) {
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    const std::string key = new_key();
    const fs::path fresh = file.string() + "." + std::to_string(getpid());
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const std::string text = to_base64(key) + "\n";
    const bool written = fd >= 0 &&
                         ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                         ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    const bool placed = written && (::link(fresh.c_str(), file.c_str()) == 0 || errno == EEXIST);
    ::unlink(fresh.c_str());
    if (!placed) throw startup_error("Cannot write " + file.string() + ": set DATA_DIR or SECRET_KEY.");
    return read_key(file);
}

} // namespace

std::string key_of_text(std::string_view text) {
    std::string key(key_size, '\0');
    crypto_generichash(bytes(key), key.size(), bytes(text), text.size(), nullptr, 0);
    return key;
}

std::string new_key() {
    if (sodium_init() < 0) throw startup_error("libsodium could not start.");
    std::string key(key_size, '\0');
    randombytes_buf(key.data(), key.size());
    return key;
}

std::string key_of_folder(const std::string& data_dir) {
    const fs::path file = fs::path(data_dir) / "secret.key";
    std::error_code failed;
    return fs::exists(file, failed) ? read_key(file) : make_key(file);
}

std::string secret_box::seal(std::string_view text, std::string_view purpose) const {
    std::string out(nonce_size + text.size() + tag_size, '\0');
    randombytes_buf(out.data(), nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + nonce_size, nullptr, bytes(text), text.size(),
                                               bytes(purpose), purpose.size(), nullptr, bytes(out),
                                               bytes(key_));
    return "v1:" + to_base64(out);
}

std::optional<std::string> secret_box::open(std::string_view sealed, std::string_view purpose) const {
    if (!sealed.starts_with("v1:")) return std::nullopt;
    const auto raw = from_base64(sealed.substr(3));
    if (!raw || raw->size() < nonce_size + tag_size) return std::nullopt;
    std::string out(raw->size() - nonce_size - tag_size, '\0');
    const std::string_view all(*raw);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(out), nullptr, nullptr, bytes(all) + nonce_size,
                                                   raw->size() - nonce_size, bytes(purpose), purpose.size(),
                                                   bytes(all), bytes(key_)) != 0)
        return std::nullopt;
    return out;
}

} // namespace chat_centre
