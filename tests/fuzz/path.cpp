// A decoded path never leads upwards and never holds what a file name or a log line could trip over.

#include "http/path.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const auto path = chat_centre::http::decode_path(raw);
    if (!path) return 0;
    FUZZ_REQUIRE(path->size() <= raw.size());
    FUZZ_REQUIRE(path->find('\0') == std::string::npos);
    FUZZ_REQUIRE(path->find('\\') == std::string::npos);
    const std::string closed = "/" + *path + "/";
    FUZZ_REQUIRE(closed.find("/../") == std::string::npos);
    return 0;
}
