#pragma once
// What a member of staff does to a conversation as part of a larger piece of work (a macro, a supervisor's whisper):
// the same rules as the routes, inside the caller's transaction. Events are added to `events`, which the caller appends
// once, as its last statement; each change writes its audit row. Database threads only.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::conversation {

enum class staff_act : std::uint8_t { tag, untag, priority, category, department, assign, status };

// One change. value: a tag; a priority; a category ("" takes it away); a department's slug; "me" or "STF-3"; or a
// status: active (take it), on_hold, off_hold, bot (hand back), resolved, "resolved:<outcome>", closed.
// Throws 404 when the caller does not see the conversation, 409 when the rules refuse, 422 naming `value`.
// Returns the conversation after it; nothing is written when it was so already.
row act_as_staff(db::tx& t, const http::request& r, std::int64_t id, staff_act what, const std::string& value,
                 time_point now, std::vector<event::entry>& events);

// 422 naming `field` unless value is one that act_as_staff could take; does not look at the database.
void check_act(staff_act what, const std::string& value, const std::string& field);

// How a conversation stands: who has it, and its status. For restore_as_staff(), and to be kept until then.
json standing_of(const row& c);
// Puts back how it stood, by somebody who need not see it any more: whether they may is the caller's decision. Refused,
// and nothing is done, when it no longer stands as in `after`: somebody has gone on since. A closed conversation stays
// closed.
enum class restored : std::uint8_t { done, moved_on, closed };
restored restore_as_staff(db::tx& t, const http::request& r, std::int64_t id, const json& before,
                          const json& after, time_point now, std::vector<event::entry>& events);

// kind: "note", or "whisper" from a supervisor to whoever has the conversation. Returns the note as the API shows it.
json add_note(db::tx& t, const http::request& r, const row& c, const std::string& text,
              const std::string& kind, time_point now, std::vector<event::entry>& events);
bool remove_note(db::tx& t, const http::request& r, const row& c, std::int64_t note, time_point now,
                 std::vector<event::entry>& events); // false: it is gone already

} // namespace chat_centre::conversation
