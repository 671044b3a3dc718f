#include <chat_centre/conversation/history.hpp>

#include "conversation/batch.hpp"
#include "conversation/lane_store.hpp"
#include "conversation/queries.hpp"
#include "conversation/store.hpp"

#include <algorithm>
#include <variant>

namespace chat_centre::conversation {

std::optional<std::int64_t> find_thread(db::tx& t, std::string_view channel, std::string_view key) {
    const auto found = t.maybe(sql::find_thread, channel, key);
    return found ? std::optional(found->get<std::int64_t>(0)) : std::nullopt;
}

void name_session(db::tx& t, const std::string& channel, const std::string& session,
                  std::int64_t conversation) {
    t.exec(sql::add_thread, channel, "s:" + session, conversation);
}

std::vector<stored_message> said_after(db::tx& t, std::int64_t conversation, int seq, std::int64_t limit) {
    return messages_after(t, conversation, seq, limit);
}

std::vector<receipt> add_history(db::tx& t, const std::vector<incoming>& all, time_point now,
                                 std::vector<event::entry>& events) {
    std::vector<receipt> out;
    if (all.empty()) return out;
    plan p = decide(all, load_facts(t, all), now);
    write_plan(t, all, p, now);
    for (const auto& c : p.created) {
        auto ended = c.created_at;
        for (const auto& n : p.messages)
            if (n.message.conversation == c.id) ended = std::max(ended, n.message.at);
        t.exec(sql::date_history, c.id, c.created_at, std::min(ended, now));
    }
    for (auto& e : p.events) events.push_back(std::move(e));
    for (auto& a : p.answers) {
        if (const auto* refused = std::get_if<error>(&a)) throw *refused;
        out.push_back(std::get<receipt>(std::move(a)));
    }
    return out;
}

bool give_to_own_assistant(db::tx& t, std::int64_t conversation, int seq, std::string_view text,
                           time_point now, std::vector<event::entry>& events) {
    row c = lock_any(t, conversation);
    if (c.own_assistant) return false;
    const auto before = c.scope();
    c.own_assistant = true;
    c.updated_at = now;
    ++c.version;
    update_rows(t, {c});
    events.push_back(change_event(c, "conversation.update", now, before));
    if (c.handler == "bot") events.push_back(assistant_call(c, "message", text, seq, now));
    return true;
}

void annotate(db::tx& t, std::int64_t conversation, int seq, const json& members) {
    t.exec(sql::annotate_message, conversation, seq, dump(members));
}

void note_feedback(db::tx& t, std::int64_t conversation, int seq, const std::string& feedback, time_point now) {
    t.exec(sql::customer_feedback, conversation, seq, feedback, now);
}

void keep_facts(db::tx& t, std::int64_t conversation, const std::string& source, const json& facts) {
    t.exec(sql::keep_facts, conversation, source, dump(facts));
}

json facts_of(db::tx& t, std::int64_t conversation) {
    const auto found = t.maybe(sql::find_facts, conversation);
    return found ? parse_json(found->text(0)) : json::object();
}

} // namespace chat_centre::conversation
