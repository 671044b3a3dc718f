// A client's WebSocket frame: followed, or answered with an error frame that is JSON itself.

#include "fuzz/require.hpp"
#include "realtime/frames.hpp"

#include <chat_centre/base/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace chat_centre;

// topic.cpp renders events with it; the parser does not, and the event log would bring the whole database along.
std::string event::to_json(const entry&, std::string_view) { std::abort(); }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto f = realtime::parse_frame(text);
        const auto ack = json::parse(realtime::ack_frame(f.ref));
        FUZZ_REQUIRE(ack["type"] == "ack");
        FUZZ_REQUIRE(f.conversation >= 0);
        if (f.since) FUZZ_REQUIRE(*f.since >= 0);
        FUZZ_REQUIRE(f.text.find('\0') == std::string::npos);
        for (const auto& t : f.topics)
            FUZZ_REQUIRE(realtime::parse_topic(realtime::to_string(t)).has_value());
        for (const auto& t : f.unknown_topics)
            (void)json::parse(realtime::error_frame("unknown_topic", "There is no such topic.", f.ref, t));
    } catch (const realtime::frame_error& e) {
        const auto answer = json::parse(realtime::error_frame(e.code, e.message, e.ref));
        FUZZ_REQUIRE(answer["type"] == "error");
    }
    return 0;
}
