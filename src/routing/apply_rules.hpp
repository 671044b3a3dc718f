#pragma once
// The rules on a stored conversation: facts read, evaluated, acted upon.

#include "routing/store.hpp"

#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/routing/routing.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::routing {

struct occasion {
    std::int64_t conversation = 0;
    std::string event; // of the rules: new, message, handover ...
    std::string text;  // the message that led to it; "": everything said lately
    std::string language, channel;
    std::int64_t only_rule = 0; // 0: all
};

// Locks the conversation only when a rule might match. Adds events, which the caller appends last.
void apply_rules(db::tx& t, const std::vector<rule>& all, const occasion& o, const text_judges& judges,
                 time_point now, std::vector<event::entry>& events);

// Rules that wait for time to pass are looked at again by a job per rule and conversation.
constexpr const char* time_job = "routing.rule";
void schedule_time_rules(db::tx& t, const std::vector<rule>& all, std::int64_t conversation,
                         const std::string& field, time_point from, time_point now);

} // namespace chat_centre::routing
