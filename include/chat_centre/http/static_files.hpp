#pragma once
// Files of the dashboard, widget and docs, read once at start into memory. A URL is only ever a key of this
// manifest: no request touches the file system.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace chat_centre::http {

struct static_file {
    std::string content_type;
    std::string etag; // quoted
    std::string plain;
    std::string gzip;       // "" when it does not pay
    std::string brotli;     // "" when it does not pay
    bool immutable = false; // the name carries a content hash
    std::string policy;     // Content-Security-Policy
};

class static_files {
public:
    // Maps every file below root to "/<relative path>"; index.html also answers for its folder. A missing root
    // gives an empty set (the API still works). Compresses text files once, at start.
    static static_files load(const std::filesystem::path& root);

    // nullptr when there is none. Paths below /admin/ that name no file answer its index.html.
    const static_file* find(std::string_view path) const;
    bool empty() const { return files_.empty(); }

private:
    std::map<std::string, static_file, std::less<>> files_;
};

} // namespace chat_centre::http
