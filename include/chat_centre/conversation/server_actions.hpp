#pragma once
// What the server itself does to a conversation: routing gives it to somebody, rules label it, a clock closes it. Inside
// the caller's transaction; the events are added to `events`, which the caller appends once, as its last statement.
// Each writes an audit row of the system. Database threads only.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/http/message.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

// The row, locked until the transaction ends; nullopt when there is none.
std::optional<row> lock_for_server(db::tx& t, std::int64_t id);
// Those of them that exist, in order of id, as everybody locks several.
std::vector<row> lock_for_server(db::tx& t, const std::vector<std::int64_t>& ids);

struct assignment {
    row of; // as it was locked in this transaction
    std::int64_t staff = 0;
    std::string staff_name, reason;
};
// Gives waiting conversations to people: as many statements for many as for one. One that does not wait is left alone.
void assign_by_server(db::tx& t, const std::vector<assignment>& all, time_point now,
                      std::vector<event::entry>& events);

// Something that shows in these has changed elsewhere, such as their contact: says so to whoever looks at them. Locks.
void announce(db::tx& t, const std::vector<std::int64_t>& ids, time_point now,
              std::vector<event::entry>& events);

// The rest: nullopt, and nothing done, when the conversation is no longer in the state that the name implies.
// `reason` is what staff read in the history.
std::optional<row> return_to_queue(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                   std::vector<event::entry>& events); // from somebody to nobody
std::optional<row> hand_over_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                       std::vector<event::entry>& events, // from the assistant to the queue
                                       const std::string& by = "rule");
// One of ours speaks with the customer elsewhere: the assistant is silent until the conversation is handed back or it is
// switched on. Nobody is waited for and nothing is said.
std::optional<row> silence_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                     std::vector<event::entry>& events);
// A program that holds a key switches the assistant on, or off as silence_by_server does. From staff who have it nothing
// is taken: throws 409. Each writes an audit row of `r`'s caller.
std::optional<row> switch_assistant(db::tx& t, const http::request& r, std::int64_t id, bool on,
                                    const std::string& reason, time_point now,
                                    std::vector<event::entry>& events);
std::optional<row> close_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                   std::vector<event::entry>& events); // from resolved

// From the assistant to resolved, when nothing is left that a person is needed for.
std::optional<row> resolve_by_server(db::tx& t, std::int64_t id, const std::string& outcome, time_point now,
                                     std::vector<event::entry>& events);

struct labels { // what is given is set
    std::optional<std::string> priority, category;
    std::optional<std::string> user_name, user_email, user_phone, language; // as the customer told them
    std::optional<std::int64_t> department;                                 // only while nobody has it
    std::vector<std::string> add_tags;
};
std::optional<row> label_by_server(db::tx& t, std::int64_t id, const labels& what, const std::string& reason,
                                   time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::conversation
