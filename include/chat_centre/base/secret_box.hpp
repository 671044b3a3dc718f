#pragma once
// Secrets as they are stored: sealed with XChaCha20-Poly1305, so that a copy of the tables alone signs nothing and posts
// nowhere.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chat_centre {

class secret_box {
public:
    explicit secret_box(std::string key = {}) : key_(std::move(key)) {} // made by one of the functions below

    // `purpose` ties a sealed text to what it is for: it opens for nothing else.
    std::string seal(std::string_view text, std::string_view purpose) const;
    // nullopt: not sealed with this key, for another purpose, or changed.
    std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

private:
    std::string key_;
};

std::string key_of_text(std::string_view text); // SECRET_KEY
std::string new_key();
// The key in data_dir/secret.key, made when it is missing, which only its owner may read. Throws startup_error.
std::string key_of_folder(const std::string& data_dir);

} // namespace chat_centre
