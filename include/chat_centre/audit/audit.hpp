#pragma once
// Who did what: rows that are only ever added, in the transaction of the change they record.

#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::audit {

// Names and ids of people and things only: no passwords, tokens or message texts belong here.
struct row {
    caller actor_kind = caller::nobody; // nobody: the system itself, or somebody who is not signed in
    std::int64_t actor_id = 0;
    std::string actor_name;
    std::string action; // "staff.create": the thing, then what was done
    std::string target; // "STF-3", "CONV-12"; "" when there is none
    json detail = json::object();
    std::string address;
    std::string request_id;
};

// A row with who, address and request id of a request filled in.
row by(const http::request& r, std::string action, std::string target, json detail = json::object());

void record(db::tx& t, const row& what);
void record(db::tx& t, const std::vector<row>& all); // in one statement

} // namespace chat_centre::audit
