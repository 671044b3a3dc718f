#pragma once
// What was said elsewhere and is recorded afterwards, such as the transcript of a call that is over; and what is learnt of
// a conversation from outside. Inside the caller's transaction; database threads only.

#include <chat_centre/conversation/conversation.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::conversation {

// The conversation that the next message of a session ("s:<session>") or user ("u:<user id>") belongs to.
std::optional<std::int64_t> find_thread(db::tx& t, std::string_view channel, std::string_view key);
// Another name for a conversation: messages of this session go to it from now on. Of two at once the first one stays.
void name_session(db::tx& t, const std::string& channel, const std::string& session,
                  std::int64_t conversation);

// What was said in it after a message, in order, at most `limit`.
std::vector<stored_message> said_after(db::tx& t, std::int64_t conversation, int seq, std::int64_t limit);

// Records messages with incoming::history, by the rules of the append lane and under its locks: each once, in this order.
// Those of one call belong to one conversation. The events are added to `events`, which the caller appends once, as its
// last statement. Throws db::failure when another process was first; the transaction is then run again.
std::vector<receipt> add_history(db::tx& t, const std::vector<incoming>& all, time_point now,
                                 std::vector<event::entry>& events);

// From now on our assistant speaks in it, beginning with an answer to message `seq`, which was stored when it was somebody
// else's to answer. False, and nothing is done, when it was ours already. Locks it until the transaction ends.
bool give_to_own_assistant(db::tx& t, std::int64_t conversation, int seq, std::string_view text,
                           time_point now, std::vector<event::entry>& events);

// Adds members to what is known of a message; its words stay.
void annotate(db::tx& t, std::int64_t conversation, int seq, const json& members);
// up or down, unless the customer has said so already.
void note_feedback(db::tx& t, std::int64_t conversation, int seq, const std::string& feedback, time_point now);

// What another system found out about it, under that system's name.
void keep_facts(db::tx& t, std::int64_t conversation, const std::string& source, const json& facts);
json facts_of(db::tx& t, std::int64_t conversation); // {source: facts}

} // namespace chat_centre::conversation
