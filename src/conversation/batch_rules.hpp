#pragma once
// What one message may do, and does, to its conversation: pure, used by the plan of a batch.

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/conversation/message.hpp>

#include <string>

namespace chat_centre::conversation {

// The first words, for lists; never cut within a character.
std::string preview(const std::string& text);

// The words on which a handover was decided: the message's own, or those that it answers.
const std::string& words_judged(const incoming& m);

// What the message does not say of its sender is taken from the conversation that it goes on from.
incoming with_person(incoming m, const row& old);

error closed_to_others();

// Throws 409 when it is not the sender's turn to speak.
void check_turn(const incoming& m, const row& c);

// True when it said something new of its sender or of what the conversation is about.
bool update_person(const incoming& m, row& c);

// Who waits already says that a life is in danger: it goes to the front, and the customer is told what to do.
bool raises_alarm(const incoming& m, const row& c);

// Only in channels where the assistant is ours; elsewhere another system speaks.
bool wakes_assistant(const incoming& m, const row& c, bool in_need);

} // namespace chat_centre::conversation
