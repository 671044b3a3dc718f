#pragma once
// Reads a message out of any JSON by where an admin says its parts are. Pure: what a body means does not depend on
// anything but the mapping.

#include <chat_centre/base/json.hpp>
#include <chat_centre/channel/heard.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

// Places are JSON pointers (RFC 6901): "/message/text". "" : not given.
struct mapping {
    std::string items; // a list of messages in one body; the other places are then looked for in each, else in the body
    std::string text, user_id; // needed
    std::string message_id, name, phone, email, timestamp, session;
    struct filter {
        std::string place;
        json equals; // text, number, true, false or null
    };
    std::vector<filter> only_when; // all of them; a body for which one does not hold is nothing to us
};

// From and to what the API and the table hold: {"text":"/a","user_id":"/b",...,"only_when":[{"place","equals"}]}.
// Throws 422 naming each bad field, with `prefix` before their names.
mapping parse_mapping(const json& j, const std::string& prefix = "mapping.");
json to_json(const mapping& m);

struct mapped {
    std::vector<heard> messages;
    int ignored = 0;                  // entries that the conditions leave out
    std::vector<field_error> missing; // what an entry lacks: "text", or "items[2].user_id", and where it was looked for
};

// Never throws for what is in the body.
mapped read_mapped(const mapping& m, const json& body);

} // namespace chat_centre::channel
