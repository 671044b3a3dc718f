#pragma once
// The names under which a session of ElevenLabs reaches us, and the conversation that it is. Database threads only.

#include <chat_centre/conversation/conversation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::channel {

struct session_names {
    std::string session;    // their conversation id
    std::string cc_session; // our name of the visit
    std::string user_id;    // "" when it is not known, or not proven
};

// Is this what stands where a variable was not filled in: "{{system__conversation_id}}", "system__conversation_id", "null"?
// Taken for a name it would make one conversation of everybody's. Pure.
bool is_unfilled(std::string_view name);

// By their id, then by ours; nothing else proves whose it is.
std::optional<conversation::row> find_session(db::tx& t, const session_names& n);

// Remembers that both names mean one session; and a new session of somebody whose conversation is still open goes on in
// it, found by our name of the visit, then by the user.
void join_session(db::tx& t, const session_names& n, time_point now);

} // namespace chat_centre::channel
