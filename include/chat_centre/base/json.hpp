#pragma once
// JSON with the limits that hostile input needs: nlohmann parses 100,000 nested brackets and then overflows the
// stack in dump(), and accepts \u0000, which PostgreSQL text cannot hold.

#include <chat_centre/base/error.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace chat_centre {

using json = nlohmann::json;

struct json_limits {
    int depth = 32;
    int values = 10'000;
};

// Throws error 400 naming what is wrong: not JSON, too deep, too many values, a NUL character, invalid UTF-8.
json parse_json(std::string_view text, json_limits limits = {});

// dump() that never throws: invalid UTF-8 is replaced.
std::string dump(const json& j);

// Appends text, which must be valid UTF-8 (all stored text is), as a JSON string literal with quotes.
void append_json_string(std::string& out, std::string_view text);

} // namespace chat_centre
