#include "conversation/batch.hpp"

#include "conversation/batch_events.hpp"
#include "conversation/batch_rules.hpp"

#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <set>

namespace chat_centre::conversation {
namespace {

enum class kind { created, touched, changed };

class planner {
public:
    planner(const std::vector<incoming>& items, facts known, time_point now)
        : items_(items), known_(std::move(known)), now_(now) {}

    plan run() {
        out_.answers.reserve(items_.size());
        out_.messages.reserve(items_.size());
        out_.events.reserve(items_.size());
        for (std::size_t i = 0; i < items_.size(); ++i) {
            try {
                out_.answers.emplace_back(place(i));
            } catch (const error& e) {
                out_.answers.emplace_back(e);
            }
        }
        for (const auto& [id, how] : order_) {
            row& c = known_.conversations.at(id);
            auto& list = how == kind::created   ? out_.created
                         : how == kind::changed ? out_.changed
                                                : out_.touched;
            list.push_back(std::move(c));
        }
        return std::move(out_);
    }

private:
    receipt place(std::size_t i) {
        const incoming& m = items_[i];
        if (auto before = replay_of(i)) return std::move(*before);

        row& c = conversation_for(m);
        check_turn(m, c);
        const event::scope seen_before = c.scope();
        const before_move before(c);
        const bool answered_before = c.first_response_at.has_value();
        const bool fresh = c.last_seq == 0;
        const bool reopened = m.role == speaker::user && c.status == "resolved" && !m.history;
        bool changed = update_person(m, c);
        if (reopened) reopen(c);
        changed = changed || reopened;

        stored_message stored = store(i, c);
        const bool handed_over = m.handover && hand_over(m, c);
        const bool alarmed = !handed_over && raises_alarm(m, c);
        if (alarmed) c.priority = "emergency";
        changed = changed || handed_over || alarmed;
        // A version counts states that a reader could see: one more per message.
        if (!fresh) ++c.version;
        c.updated_at = now_;
        note(c.id, fresh ? kind::created : changed ? kind::changed : kind::touched);

        if (fresh) out_.events.push_back(change_event(c, "conversation.new", now_, std::nullopt));
        out_.events.push_back(message_event(stored, c, now_));
        if (changed && !fresh)
            out_.events.push_back(change_event(c, "conversation.update", now_, seen_before));
        if (handed_over) add_handover_events(out_.events, m, c, now_);
        const auto moved = [&](std::string_view how) {
            out_.events.push_back(moved_event(c, before, how, now_, m.staff, words_judged(m)));
        };
        if (fresh && !m.history) moved("new");
        if (reopened) moved("reopen");
        if (handed_over) moved("handover");
        if (!answered_before && c.first_response_at) moved("first_response");
        if (m.concerns_rules) out_.events.push_back(heard_event(c, m.text, now_));
        const bool called = wakes_assistant(m, c, handed_over || alarmed);
        if (called) call_assistant(out_.messages.back().message, c, handed_over || alarmed);

        receipt r{std::move(stored), false, c.status, c.handler, called};
        remember(m);
        return r;
    }

    // A retry gets the first answer; the same key with another body is a mistake of the caller.
    std::optional<receipt> replay_of(std::size_t i) {
        const incoming& m = items_[i];
        const stored_message* found = nullptr;
        std::uint64_t hash = 0;
        const auto take_known = [&](const std::optional<known_message>& k) {
            if (!k) return;
            found = &k->message;
            hash = k->body_hash;
        };
        const auto take_new = [&](std::size_t n) {
            found = &out_.messages[n].message;
            hash = items_[out_.messages[n].item].body_hash;
        };
        if (!m.idempotency_key.empty()) {
            take_known(known_.by_idempotency[i]);
            if (const auto it = new_idempotency_.find(m.idempotency_key); it != new_idempotency_.end())
                take_new(it->second);
        }
        if (found == nullptr) {
            take_known(known_.by_message_id[i]);
            if (const auto it = new_ids_.find(name_of(m)); it != new_ids_.end()) take_new(it->second);
        }
        if (found == nullptr) return std::nullopt;
        if (hash != m.body_hash) {
            error e{
                409, "This key was used for another message",
                "A message with this message_id or Idempotency-Key is stored with different content. Send a new "
                "key for a new message."};
            throw e.with("message_id", '"' + found->message_id + '"');
        }
        receipt r;
        r.message = *found;
        r.duplicate = true;
        if (const auto it = known_.conversations.find(found->conversation); it != known_.conversations.end()) {
            r.status = it->second.status;
            r.handler = it->second.handler;
            r.called_assistant = items_[i].role == speaker::user && it->second.own_assistant;
        }
        return r;
    }

    // The newest message of the plan, under the keys that a retry in the same batch would carry.
    void remember(const incoming& m) {
        const std::size_t n = out_.messages.size() - 1;
        new_ids_.emplace(name_of(m), n);
        if (!m.idempotency_key.empty()) new_idempotency_.emplace(m.idempotency_key, n);
    }

    static std::pair<std::string_view, std::string_view> name_of(const incoming& m) {
        return {m.channel, m.message_id};
    }

    row& conversation_for(const incoming& m) {
        if (m.conversation != 0) {
            const auto it = known_.conversations.find(m.conversation);
            if (it == known_.conversations.end())
                throw error::not_found("There is no conversation " + format_id("CONV", m.conversation) + ".");
            if (it->second.status != "closed" || m.history) return it->second;
            if (m.role != speaker::user) throw closed_to_others();
            return successor(m, it->second);
        }
        if (m.start_new) return create(m, 0);
        const auto thread = known_.threads.find(key_of(m));
        if (thread == known_.threads.end()) return create(m, 0);
        row& c = known_.conversations.at(thread->second);
        if (c.status != "closed" || m.history) return c;
        if (m.role != speaker::user) throw closed_to_others();
        return create(m.user_id == c.user_id ? with_person(m, c) : m, c.id);
    }

    // A closed conversation goes on in one new conversation, however many late messages name the old one.
    row& successor(const incoming& m, const row& old) {
        const thread_key key{old.channel, "u:" + old.user_id};
        if (const auto it = known_.threads.find(key); it != known_.threads.end() && it->second != old.id)
            if (const auto open = known_.conversations.find(it->second);
                open != known_.conversations.end() && open->second.status != "closed")
                return open->second;
        incoming like = with_person(m, old);
        like.conversation = 0;
        like.channel = old.channel;
        like.user_id = old.user_id;
        return create(like, old.id);
    }

    row& create(const incoming& m, std::int64_t previous) {
        row c;
        c.id = known_.spare_conversation_ids.back();
        known_.spare_conversation_ids.pop_back();
        c.contact = contact_for(m);
        c.channel = m.channel;
        c.session_id = m.session_id;
        c.user_id = m.user_id;
        c.user_name = m.user_name;
        c.user_email = m.user_email;
        c.user_phone = m.user_phone;
        c.language = m.language;
        c.scenario = m.scenario;
        c.own_assistant = m.own_brain.value_or(is_own_channel(m.channel));
        c.previous = previous;
        c.created_at = m.history ? m.at.value_or(now_) : now_;
        if (m.history) c.status = "closed";
        // What is over does not become where its customer's next message goes.
        if (!m.history || !known_.threads.contains({m.channel, "u:" + m.user_id}))
            link({m.channel, "u:" + m.user_id}, c.id);
        if (m.session_id) link({m.channel, "s:" + *m.session_id}, c.id);
        return known_.conversations.emplace(c.id, std::move(c)).first->second;
    }

    std::int64_t contact_for(const incoming& m) {
        const thread_key identity{m.channel, m.user_id};
        if (const auto it = known_.contacts.find(identity); it != known_.contacts.end()) return it->second;
        const std::int64_t id = known_.spare_contact_ids.back();
        known_.spare_contact_ids.pop_back();
        known_.contacts.emplace(identity, id);
        out_.contacts.push_back(
            {id, m.channel, m.user_id, m.user_name, m.user_email, m.user_phone, m.language});
        return id;
    }

    void link(const thread_key& key, std::int64_t conversation) {
        const auto it = known_.threads.find(key);
        std::optional<std::int64_t> replaces;
        if (it != known_.threads.end()) replaces = it->second;
        known_.threads[key] = conversation;
        out_.threads.push_back({key, conversation, replaces});
    }

    // To the person who had it; a conversation that only the assistant knew goes back to the assistant.
    void reopen(row& c) {
        out_.turns.push_back({c.id, c.last_seq, "reopen", "The customer wrote again."});
        // Switched off (handler staff, nobody assigned), the assistant stays so.
        const bool with_people = c.assigned != 0 || c.handler == "staff";
        c.status = with_people ? "active" : "bot";
        c.handler = with_people ? "staff" : "bot";
        if (c.assigned == 0) { // with the assistant nobody waits for a person
            c.handover_at.reset();
            c.handover_reason.reset();
            c.handover_by.reset();
        }
        c.on_hold = false;
        c.resolved_at.reset();
        c.outcome.reset();
        ++c.reopened_count;
    }

    stored_message store(std::size_t i, row& c) {
        const incoming& m = items_[i];
        stored_message s;
        s.conversation = c.id;
        s.seq = ++c.last_seq;
        s.message_id = m.message_id;
        s.role = m.role;
        s.sender = m.sender;
        s.staff = m.staff;
        s.client_message_id = m.client_message_id;
        s.text = m.text;
        s.at = m.at.value_or(now_);
        s.received_at = now_;
        const bool behind = m.history && c.last_seq > 1 && c.last_at && s.at < *c.last_at;
        if (!behind) {
            c.last_role = to_string(m.role);
            c.last_sender = m.sender;
            c.last_text = preview(m.text);
            c.last_at = m.history ? s.at : now_;
        }
        if (m.role == speaker::staff && c.handover_at && !c.first_response_at) c.first_response_at = now_;
        out_.messages.push_back({s, i});
        return s;
    }

    // True when the conversation went to the waiting list.
    bool hand_over(const incoming& m, row& c) {
        // The status, not the handler: late words of the assistant do not wake what staff have resolved.
        const bool decision = m.handover->needed && c.status == "bot";
        if (m.handover->logged) out_.intents.push_back({c.id, words_judged(m), *m.handover, decision});
        if (!decision) return false;
        c.status = "pending";
        c.handler = "queue";
        c.handover_at = now_;
        c.handover_reason = m.handover->reason;
        c.handover_by = std::string(to_string(m.role));
        c.waiting_since = now_;
        c.first_response_at.reset();
        c.taken_at.reset();
        if (m.handover->emergency)
            c.priority = "emergency";
        else if (m.handover->urgent && (c.priority == "normal" || c.priority == "low"))
            c.priority = "high";
        out_.turns.push_back({c.id, c.last_seq, "handover", m.handover->reason});
        return true;
    }

    void call_assistant(const stored_message& s, const row& c, bool handed_over) {
        out_.events.push_back(assistant_call(c, handed_over ? "handover" : "message", s.text, s.seq, now_));
    }

    void note(std::int64_t id, kind how) {
        const auto it =
            std::find_if(order_.begin(), order_.end(), [id](const auto& o) { return o.first == id; });
        if (it == order_.end())
            order_.emplace_back(id, how);
        else if (it->second == kind::touched && how == kind::changed)
            it->second = how;
    }

    const std::vector<incoming>& items_;
    facts known_;
    time_point now_;
    plan out_;
    std::vector<std::pair<std::int64_t, kind>> order_;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> new_ids_; // into the items and out_.messages
    std::unordered_map<std::string_view, std::size_t> new_idempotency_;
};

} // namespace

thread_key key_of(const incoming& m) {
    return {m.channel, m.session_id ? "s:" + *m.session_id : "u:" + m.user_id};
}

std::size_t conversations_needed(const std::vector<incoming>& items, const facts& known) {
    std::size_t n = 0;
    std::set<thread_key> missing;
    for (const auto& m : items) {
        if (m.conversation != 0) {
            const auto it = known.conversations.find(m.conversation);
            if (it != known.conversations.end() && it->second.status == "closed") ++n;
        } else if (m.start_new) {
            ++n;
        } else {
            const auto thread = known.threads.find(key_of(m));
            const bool open =
                thread != known.threads.end() && known.conversations.at(thread->second).status != "closed";
            if (!open) missing.insert(key_of(m));
        }
    }
    return n + missing.size();
}

plan decide(const std::vector<incoming>& items, facts known, time_point now) {
    return planner(items, std::move(known), now).run();
}

} // namespace chat_centre::conversation
