#pragma once
// What follows when a conversation moves: waits in queues, offers that end, full queues, rules.

#include "routing/store.hpp"

#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/routing/routing.hpp>

#include <vector>

namespace chat_centre::routing {

constexpr const char* full_job = "routing.full"; // key: conversation

// `move`: the data of conversation.moved, or of a message to the assistant with kind "message"; `at` is when it
// happened, in microseconds. Adds events.
void handle_move(db::tx& t, const std::vector<rule>& all, const json& move, const text_judges& judges,
                 time_point now, std::vector<event::entry>& events);

// One rule about time on one conversation; a rule about silence is put off when somebody has spoken since.
void run_time_rule(db::tx& t, std::int64_t conversation, std::int64_t rule, const text_judges& judges,
                   time_point now, std::vector<event::entry>& events);

// Says in the conversation that the queue is full: outside any transaction, as the append lane has its own.
void say_full(conversation::append_lane& lane, const std::string& sender, const json& payload);

} // namespace chat_centre::routing
