#pragma once
// Reads what libpqxx does not hand out from libpq's verbose error text: the constraint's name, and the SQLSTATE, which
// version 6 drops for several classes of error (rights, deadlock, serialization).

#include <string>
#include <string_view>

namespace chat_centre::db {

struct diagnostics {
    std::string sqlstate;   // empty when the text is not from the server
    std::string message;    // the server's first line, without severity and SQLSTATE
    std::string constraint; // empty when there is none
};

// `text` is what libpq makes with PQERRORS_VERBOSE: one field per line with a label in front. The labels are libpq's
// own, translated only in a program that calls setlocale() (this one never does), so they do not depend on the
// server's lc_messages. Later fields (DETAIL) hold values that people typed and never leave this function.
diagnostics read_diagnostics(std::string_view text);

// The connection is of no more use after this SQLSTATE: class 08, a shutdown (57P0x), a session timeout.
bool ends_connection(std::string_view sqlstate);

// One line for people: line breaks and runs of blanks become one blank.
std::string one_line(std::string_view text);

} // namespace chat_centre::db
