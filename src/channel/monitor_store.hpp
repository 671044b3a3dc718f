#pragma once
// The monitor's rows: which conversations it is wanted for, what of staff has to be sent, and what was heard there.
// Database threads only.

#include "channel/monitor_frames.hpp"

#include <chat_centre/conversation/message.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::channel {

struct staff_line {
    int seq = 0;
    std::string message_id, text;
};

struct monitor_standing {
    bool staff = false;                // they have the conversation
    std::string taken_session;         // whose agent is silent by our word
    std::vector<std::string> sessions; // their names of it, the newest first; only while staff have it
    std::vector<staff_line> unsent;    // in order
};

// Rows for these conversations, taken at these times, or for all that staff have: those that ElevenLabs may hold.
void want_monitors(db::tx& t, const std::vector<std::pair<std::int64_t, time_point>>& taken, time_point now);
void want_monitors_for_all(db::tx& t, time_point now);

// nullopt: it is done, or another process has it.
std::optional<monitor_standing> look_at_monitor(db::tx& t, std::int64_t conversation,
                                                const std::string& process);
// These have arrived: whoever shows the conversation is told.
void note_told(db::tx& t, std::int64_t conversation, const std::vector<staff_line>& lines, time_point now);
// It could not be reached. refused: they answered, and said no, so what waits is shown as not delivered.
void note_not_told(db::tx& t, std::int64_t conversation, const std::vector<staff_line>& lines, bool refused,
                   const std::string& why, time_point now);

// Who says which words in a session, for telling repetitions. n: the how-manieth time these words are said by this side
// of the session. nullopt: it is stored, or was heard before.
std::optional<int> number_of_overheard(db::tx& t, std::int64_t conversation, const std::string& session,
                                       const overheard& o, time_point now);
void remember_overheard(db::tx& t, const std::string& session, const overheard& o, time_point now);

// Of an agent: stored as history, so that no turn changes. Events are added to `events`, which the caller appends.
void add_agents_line(db::tx& t, std::int64_t conversation, const std::string& session, const overheard& o,
                     const std::string& assistant, time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::channel
