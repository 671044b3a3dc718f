#pragma once
// What a text is about, by the categories and keywords that admins edit.

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/db/tx.hpp>

namespace chat_centre::routing {

analysis::subject_finder subjects(db::tx& t); // as they are in this transaction

} // namespace chat_centre::routing
