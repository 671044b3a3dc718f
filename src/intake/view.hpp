#pragma once
// A call as shown, and its lines as text.

#include "intake/store.hpp"

#include <chat_centre/intake/service.hpp>

namespace chat_centre::intake {

// What it says of itself to everybody who may see it; staff also get why it was routed there.
json to_json(const call& c, bool for_staff);
event::entry update_event(const call& c, const conversation::row& of, time_point now);

// Lines as they are spoken: the prompt that admins have written, or the shipped one. A state without a language gets
// both.
std::vector<std::string> speak(db::tx& t, const surroundings& s, const state& st,
                               const std::vector<line>& lines);
std::string in_one(const std::vector<std::string>& parts);

} // namespace chat_centre::intake
