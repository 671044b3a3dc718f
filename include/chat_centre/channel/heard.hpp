#pragma once
// What somebody said on a channel, in one form for every channel, and what the append lane is given of it. Pure.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/conversation/message.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

struct heard {
    std::string user_id; // who they are on this channel
    std::string text;
    std::string id; // the other side's id of the message, unique for one user_id; "": none
    std::string name, email, phone, session;
    std::optional<time_point> at;
    json metadata = json::object();
    bool by_us = false; // written on our side, past this server (by hand on the phone)
};

// As messages of `channel`: more than one when the text is longer than a message may be. The id of each is made from
// user and id, so a repetition is found; without an id from the time, and without that it is a new one each time.
// default_country: of telephone numbers without "+".
std::vector<conversation::incoming> to_incoming(const heard& s, std::string_view channel,
                                                std::string_view scenario, std::string_view default_country);

// Messages that a channel brought carry ids that begin so; they are never sent out again.
inline constexpr std::string_view brought = "IN-";

// Pieces of at most `most` characters, cut at a line or a word where one ends in the last fifth.
std::vector<std::string> in_parts(std::string_view utf8, std::size_t most);

// A time as systems write it: a number of seconds or milliseconds, the same as text, RFC 3339, or a 64-bit number taken
// apart as {"low","high"}. nullopt: none of these.
std::optional<time_point> time_in(const json& value);

} // namespace chat_centre::channel
