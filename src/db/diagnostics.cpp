#include "db/diagnostics.hpp"

#include <algorithm>

namespace chat_centre::db {
namespace {

constexpr std::string_view label = "\nCONSTRAINT NAME:  ";

// Class 23 alone names constraints, and 23502 (not null) has no name to give.
bool names_constraint(std::string_view sqlstate) { return sqlstate.starts_with("23") && sqlstate != "23502"; }

bool is_sqlstate(std::string_view text) {
    return text.size() == 5 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

} // namespace

diagnostics read_diagnostics(std::string_view text) {
    diagnostics d;
    // "ERROR:  23505: duplicate key ..."
    std::string_view line = text.substr(0, text.find('\n'));
    if (const auto severity = line.find(":  "); severity != std::string_view::npos) {
        line.remove_prefix(severity + 3);
        if (is_sqlstate(line.substr(0, 5)) && line.substr(5).starts_with(": ")) {
            d.sqlstate = line.substr(0, 5);
            line.remove_prefix(7);
        }
    }
    d.message = one_line(line);
    if (names_constraint(d.sqlstate)) {
        // The last one: DETAIL stands before it and may hold the same words in a value.
        if (const auto at = text.rfind(label); at != std::string_view::npos) {
            const auto from = at + label.size();
            d.constraint = text.substr(from, text.find('\n', from) - from);
        }
    }
    return d;
}

bool ends_connection(std::string_view sqlstate) {
    // 57P04 (the database was dropped), 57P05 (idle session) and 25P03 (idle in transaction) close the session too.
    return sqlstate.starts_with("08") || sqlstate.starts_with("57P0") || sqlstate == "25P03";
}

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (!blank)
            line.push_back(c);
        else if (!line.empty() && line.back() != ' ')
            line.push_back(' ');
    }
    if (line.ends_with(' ')) line.pop_back();
    return line;
}

} // namespace chat_centre::db
