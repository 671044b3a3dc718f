#pragma once
// The SQL of the append lane: load what a batch needs, write what it decided.

#include "conversation/batch.hpp"

#include <chat_centre/db/tx.hpp>

namespace chat_centre::conversation {

facts load_facts(db::tx& t, const std::vector<incoming>& items);
// Everything but the events. Throws db::failure with SQLSTATE 40001 when another process moved a thread meanwhile.
void write_plan(db::tx& t, const std::vector<incoming>& items, const plan& p, time_point now);
// The one UPDATE of all that may change in conversations; shared with the services. The caller holds their locks.
void update_rows(db::tx& t, const std::vector<row>& rows);
// What the history shows.
void insert_turns(db::tx& t, const std::vector<new_turn>& all, time_point now);

stored_message message_from(const db::row& r, int first_column);

} // namespace chat_centre::conversation
