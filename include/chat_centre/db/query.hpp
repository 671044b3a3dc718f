#pragma once
// A named SQL statement. Instances come from queries.sql files, embedded at build time as
// chat_centre::<folder>::sql::<name>, so a misspelt name does not compile.

#include <span>
#include <string_view>

namespace chat_centre::db {

struct query {
    std::string_view name; // "conversation.find": the prepared statement's name and the log's
    std::string_view text;
};

// Every embedded statement of the program; a test PREPAREs each against a fresh database.
std::span<const query> all_queries();

} // namespace chat_centre::db
