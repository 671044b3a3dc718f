// The request head: whatever passes has one host, one way to know its body's end, and no folded or bare lines.

#include "fuzz/require.hpp"
#include "http/head_check.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace chat_centre::http;

namespace {

std::string lower(std::string_view s) {
    std::string out(s);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::size_t lines_that_start_with(const std::string& head, const std::string& name) {
    std::size_t n = 0;
    for (auto at = head.find("\r\n" + name); at != std::string::npos; at = head.find("\r\n" + name, at + 2))
        ++n;
    return n;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string head(reinterpret_cast<const char*>(data), size);
    // The connection hands over what ends at the first empty line.
    if (const auto end = head.find("\r\n\r\n"); end != std::string::npos)
        head.resize(end + 4);
    else
        head += "\r\n\r\n";
    const auto refused = check_head(head, limits{});
    if (refused) {
        FUZZ_REQUIRE(refused->status >= 400 && refused->status < 600);
        FUZZ_REQUIRE(!refused->detail.empty());
        return 0;
    }
    FUZZ_REQUIRE(head.find('\0') == std::string::npos);
    FUZZ_REQUIRE(std::count(head.begin(), head.end(), '\n') == std::count(head.begin(), head.end(), '\r'));
    FUZZ_REQUIRE(head.find("\r\n ") == std::string::npos && head.find("\r\n\t") == std::string::npos);
    const std::string text = lower(head);
    const auto lengths = lines_that_start_with(text, "content-length:");
    const auto codings = lines_that_start_with(text, "transfer-encoding:");
    FUZZ_REQUIRE(lengths + codings <= 1);
    FUZZ_REQUIRE(lines_that_start_with(text, "content-length ") == 0);
    FUZZ_REQUIRE(lines_that_start_with(text, "transfer-encoding ") == 0);
    const bool http_1_0 = text.substr(0, text.find("\r\n")).ends_with("http/1.0");
    const auto hosts = lines_that_start_with(text, "host:");
    FUZZ_REQUIRE(hosts <= 1);
    FUZZ_REQUIRE(http_1_0 || hosts == 1);
    return 0;
}
