#include <chat_centre/http/static_files.hpp>

#include <chat_centre/base/ids.hpp>

#include <brotli/encode.h>
#include <zlib.h>

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace chat_centre::http {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
    {".mp3", "audio/mpeg"},
    {".wav", "audio/wav"},
}};

std::string type_of(const fs::path& file) {
    const std::string extension = file.extension().string();
    for (const auto& [ending, type] : types)
        if (ending == extension) return std::string(type);
    return "application/octet-stream";
}

bool is_text(const std::string& type) {
    return type.rfind("text/", 0) == 0 || type.rfind("application/json", 0) == 0 || type == "image/svg+xml" ||
           type == "application/manifest+json";
}

std::string gzip(const std::string& in) {
    z_stream z{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&z, 9, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
    std::string out(deflateBound(&z, in.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(
        const_cast<char*>(in.data())); // zlib reads only; its type is older than const
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out.resize(done ? z.total_out : 0);
    deflateEnd(&z);
    return out;
}

std::string brotli(const std::string& in) {
    std::size_t size = BrotliEncoderMaxCompressedSize(in.size());
    std::string out(size, '\0');
    constexpr int quality = 9; // 11 would make a cold start wait seconds for one per cent
    const bool done = BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, in.size(),
                                            reinterpret_cast<const std::uint8_t*>(in.data()), &size,
                                            reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE;
    out.resize(done ? size : 0);
    return out;
}

// Bundlers put a hash into the names below assets/: such a file never changes under its name.
bool is_immutable(std::string_view path) { return path.find("/assets/") != std::string_view::npos; }

std::string policy_for(std::string_view path) {
    constexpr std::string_view strict =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; media-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'";
    // ReDoc writes two style elements of its own (named by their hashes) and searches in a worker that it makes.
    constexpr std::string_view redoc =
        "default-src 'none'; script-src 'self'; style-src 'self' "
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='; "
        "img-src 'self' data:; connect-src 'self'; font-src 'self'; worker-src blob:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'";
    if (path.rfind("/redoc", 0) == 0) return std::string(redoc);
    return std::string(strict);
}

static_file read_file(const fs::path& file, const std::string& url) {
    static_file f;
    std::ifstream in(file, std::ios::binary);
    f.plain.assign(std::istreambuf_iterator<char>(in), {});
    f.content_type = type_of(file);
    f.etag = '"' + sha256_base64url(f.plain).substr(0, 22) + '"';
    f.immutable = is_immutable(url);
    f.policy = policy_for(url);
    if (is_text(f.content_type) && f.plain.size() > 512) {
        f.gzip = gzip(f.plain);
        f.brotli = brotli(f.plain);
        if (f.gzip.size() >= f.plain.size()) f.gzip.clear();
        if (f.brotli.size() >= f.plain.size()) f.brotli.clear();
    }
    // They stay for as long as the server runs: without the room that reading and compressing needed.
    for (auto* kept : {&f.plain, &f.gzip, &f.brotli}) kept->shrink_to_fit();
    return f;
}

} // namespace

static_files static_files::load(const fs::path& root) {
    static_files out;
    std::error_code failed;
    for (fs::recursive_directory_iterator it(root, failed), end; !failed && it != end; it.increment(failed)) {
        if (!it->is_regular_file()) continue;
        const std::string url = "/" + fs::relative(it->path(), root).generic_string();
        out.files_.emplace(url, read_file(it->path(), url));
    }
    return out;
}

const static_file* static_files::find(std::string_view path) const {
    if (const auto it = files_.find(path); it != files_.end()) return &it->second;
    std::string folder(path);
    if (folder.empty() || folder.back() != '/') folder += '/';
    if (const auto it = files_.find(folder + "index.html"); it != files_.end()) return &it->second;
    // The dashboard routes in the browser: its addresses are all the one page.
    const bool asset = path.find("/assets/") != std::string_view::npos;
    if (path.rfind("/admin/", 0) == 0 && !asset)
        if (const auto it = files_.find("/admin/index.html"); it != files_.end()) return &it->second;
    return nullptr;
}

} // namespace chat_centre::http
