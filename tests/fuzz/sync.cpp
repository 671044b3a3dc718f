// The webhook's body: refused with its bad fields, or a message that can be stored: valid UTF-8 within its limits, a
// time that can be written and read again, and the same identity each time it is sent.

#include "fuzz/require.hpp"

#include <chat_centre/channel/sync.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace chat_centre;

namespace {

void storable(const std::string& text, std::size_t most_characters) {
    FUZZ_REQUIRE(text.find('\0') == std::string::npos);
    FUZZ_REQUIRE(count_characters(text) <= most_characters);
    (void)json(text).dump(); // throws, and so ends the fuzzer, for invalid UTF-8
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const channel::sync_settings settings{.time_zone = "Africa/Harare"};
    try {
        const json body = parse_json(text);
        const auto m = channel::decode_sync(body, settings, "key1", "");
        storable(m.user_id, 200);
        storable(m.text, 16'000);
        storable(m.message_id, 200);
        storable(m.session_id.value_or(""), 200);
        storable(m.user_name, 100);
        storable(m.channel, 40);
        storable(m.sender, 100);
        FUZZ_REQUIRE(!m.user_id.empty() && !m.text.empty() && !m.message_id.empty() && !m.channel.empty());
        FUZZ_REQUIRE(m.staff == 0 && !m.own_assistant && !m.start_new);
        if (m.at) FUZZ_REQUIRE(from_postgres(to_postgres(*m.at)) == *m.at);
        const auto again = channel::decode_sync(body, settings, "key1", "");
        FUZZ_REQUIRE(again.body_hash == m.body_hash);
        if (m.at || body.contains("message_id")) FUZZ_REQUIRE(again.message_id == m.message_id);
    } catch (const error& e) {
        FUZZ_REQUIRE(e.status() == 400 || (e.status() == 422 && !e.fields().empty()));
    }
    return 0;
}
