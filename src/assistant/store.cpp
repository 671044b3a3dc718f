#include "assistant/store.hpp"

#include "assistant/queries.hpp"

namespace chat_centre::assistant {

std::map<std::int64_t, turn_facts> turn_facts_of(db::tx& t, const std::vector<std::int64_t>& conversations) {
    std::map<std::int64_t, turn_facts> out;
    if (conversations.empty()) return out;
    for (const auto r : t.many(sql::turn_facts, db::array_of(conversations))) {
        turn_facts f;
        f.handler = r.get<std::string>(1);
        f.channel = r.get<std::string>(2);
        f.language = r.get<std::string>(3);
        f.scenario = r.get<std::string>(4);
        if (!r.is_null(6)) {
            f.known = memory_from(json::parse(r.text(6), nullptr, false));
            f.known.seq = r.get<int>(5);
        }
        out.emplace(r.get<std::int64_t>(0), std::move(f));
    }
    return out;
}

std::vector<own_ticket> own_tickets(db::tx& t, std::int64_t conversation) {
    std::vector<own_ticket> out;
    for (const auto r : t.many(sql::own_tickets, conversation))
        out.push_back({r.get<std::string>(0), r.get<std::string>(1), r.get<std::string>(2),
                       to_rfc3339(r.get<time_point>(3)).substr(0, 10)});
    return out;
}

std::vector<spoken_line> window_of(db::tx& t, std::int64_t conversation, int up_to, int most) {
    std::vector<spoken_line> out;
    for (const auto r : t.many(sql::window, conversation, up_to, most))
        out.push_back({r.get<std::string>(0), r.get<std::string>(1)});
    return out;
}

bool said_already(db::tx& t, const std::string& message_id) {
    return t.scalar<bool>(sql::said_already, message_id);
}

void keep_memories(db::tx& t, const std::map<std::int64_t, memory>& all, time_point now) {
    if (all.empty()) return;
    db::array conversation, seq, notes;
    for (const auto& [id, m] : all) {
        conversation.add(id);
        seq.add(std::int64_t{m.seq});
        notes.add(dump(to_json(m)));
    }
    t.exec(sql::keep_memory, conversation, seq, notes, now);
}

void log_judgements(db::tx& t, const std::vector<judged_text>& all, time_point now) {
    if (all.empty()) return;
    db::array conversation, text, confidence, reason, model;
    for (const auto& j : all) {
        conversation.add(j.conversation);
        text.add(j.text);
        confidence.add(std::to_string(j.what.confidence));
        reason.add(j.what.reason);
        model.add(j.what.model);
    }
    t.exec(sql::log_negatives, conversation, text, confidence, reason, model, now);
}

void forget_negatives(db::tx& t, time_point before) { t.exec(sql::forget_negatives, before); }

void log_judgement(db::tx& t, std::int64_t conversation, const std::string& text,
                   const conversation::handover_signal& what, bool handed_over, time_point now) {
    t.exec(sql::log_intent, now, conversation, text, what.needed, what.confidence, what.reason, handed_over,
           what.model);
}

} // namespace chat_centre::assistant
