#pragma once
// Secrets as they are stored: sealed with XChaCha20-Poly1305, so that a copy of the database alone signs nothing and
// posts nowhere. The key is SECRET_KEY, or made once in a file of the data folder that only its owner may read.

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::notify {

class secret_box {
public:
    // key_text: SECRET_KEY; "": the file data_dir/secret.key, made when it is missing. Throws startup_error.
    secret_box(const std::string& key_text, const std::string& data_dir);

    // `purpose` ties a sealed text to what it is for: it opens for nothing else.
    std::string seal(std::string_view text, std::string_view purpose) const;
    // nullopt: not sealed with this key, for another purpose, or changed.
    std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

private:
    std::string key_;
};

} // namespace chat_centre::notify
