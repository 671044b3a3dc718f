#pragma once
// What a turn reads and keeps. Database threads only.

#include "assistant/memory.hpp"
#include "assistant/prompt.hpp"
#include "assistant/turn.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/conversation/message.hpp>
#include <chat_centre/db/tx.hpp>

#include <map>
#include <string>
#include <vector>

namespace chat_centre::assistant {

struct turn_facts {
    std::string handler; // bot, queue, staff
    std::string channel, language, scenario;
    memory known;
};
std::map<std::int64_t, turn_facts> turn_facts_of(db::tx& t, const std::vector<std::int64_t>& conversations);
std::vector<own_ticket> own_tickets(db::tx& t, std::int64_t conversation);
std::vector<spoken_line> window_of(db::tx& t, std::int64_t conversation, int up_to, int most);
bool said_already(db::tx& t, const std::string& message_id);

void keep_memories(db::tx& t, const std::map<std::int64_t, memory>& all, time_point now);
// A customer's text that asks for nobody, as judged.
struct judged_text {
    std::int64_t conversation = 0;
    std::string text;
    conversation::handover_signal what;
};
void log_judgements(db::tx& t, const std::vector<judged_text>& all, time_point now);
void forget_negatives(db::tx& t, time_point before); // a few thousand at a time

void log_judgement(db::tx& t, std::int64_t conversation, const std::string& text,
                   const conversation::handover_signal& what, bool handed_over, time_point now);

} // namespace chat_centre::assistant
