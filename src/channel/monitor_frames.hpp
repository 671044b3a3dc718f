#pragma once
// The frames of ElevenLabs' monitor socket, both ways. Pure.

#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::channel {

// One thing that was said in a conversation of theirs.
struct overheard {
    bool user = false; // else their agent
    std::string text;
    std::optional<std::int64_t> event; // their number of it; older servers give none
    std::string instead_of;            // a correction: what had been said at first; "": none
};
// nullopt: a frame in which nothing is said. Members of a wrong kind count as absent.
std::optional<overheard> read_monitor_frame(const json& frame);

std::string monitor_command(std::string_view type); // enable_human_takeover, disable_human_takeover
std::string monitor_human_message(std::string_view text);

} // namespace chat_centre::channel
