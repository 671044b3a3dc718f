// JSON from outside: refused as 400, or a tree within the limits that can be written and read again.

#include "fuzz/require.hpp"

#include <chat_centre/base/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace chat_centre;

namespace {

struct measure {
    int depth = 0;
    int values = 0;
};

void walk(const json& j, int depth, measure& m) {
    ++m.values;
    if (j.is_structured()) {
        m.depth = std::max(m.depth, depth + 1);
        for (const auto& child : j) walk(child, depth + 1, m);
    }
    if (j.is_string()) {
        const auto& text = j.get_ref<const std::string&>();
        FUZZ_REQUIRE(text.find('\0') == std::string::npos);
        std::string literal;
        append_json_string(literal, text);
        FUZZ_REQUIRE(json::parse(literal) == j);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const json_limits small{.depth = 5, .values = 40};
    json parsed;
    try {
        parsed = parse_json(text, small);
    } catch (const error& e) {
        FUZZ_REQUIRE(e.status() == 400);
        return 0;
    }
    measure m;
    walk(parsed, 0, m);
    FUZZ_REQUIRE(m.depth <= small.depth);
    FUZZ_REQUIRE(m.values <= small.values);
    FUZZ_REQUIRE(parse_json(dump(parsed), small) == parsed);
    return 0;
}
