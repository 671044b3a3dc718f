#include "conversation/lane_store.hpp"

#include "conversation/queries.hpp"

#include <chat_centre/base/json.hpp>

#include <functional>
#include <set>

namespace chat_centre::conversation {
namespace {

std::optional<std::int64_t> id_or_null(std::int64_t id) { return id == 0 ? std::nullopt : std::optional{id}; }

void read_known(db::tx& t, const std::vector<incoming>& items, facts& f) {
    db::array channel, message_id, key;
    for (const auto& m : items) {
        channel.add(m.channel);
        message_id.add(m.message_id);
        key.add(key_of(m).second);
    }
    for (const auto r : t.many(sql::find_known, channel, message_id, key)) {
        const auto i = r.get<std::size_t>(0) - 1;
        if (!r.is_null(1))
            f.by_message_id[i] =
                known_message{message_from(r, 1), static_cast<std::uint64_t>(r.get<std::int64_t>(11))};
        if (!r.is_null(12)) f.threads[key_of(items[i])] = r.get<std::int64_t>(12);
    }
}

void read_idempotency_keys(db::tx& t, const std::vector<incoming>& items, facts& f) {
    db::array keys;
    for (const auto& m : items)
        if (!m.idempotency_key.empty()) keys.add(m.idempotency_key);
    if (keys.empty()) return;
    for (const auto r : t.many(sql::find_idempotency_keys, keys)) {
        const known_message known{message_from(r, 1), static_cast<std::uint64_t>(r.get<std::int64_t>(11))};
        for (std::size_t i = 0; i < items.size(); ++i)
            if (items[i].idempotency_key == r.text(0)) f.by_idempotency[i] = known;
    }
}

void lock_conversations(db::tx& t, const std::set<std::int64_t>& ids, facts& f) {
    if (ids.empty()) return;
    db::array list;
    for (const auto id : ids) list.add(id);
    for (const auto r : t.many(sql::lock_conversations, list)) {
        row c = from_db(r);
        const auto id = c.id;
        f.conversations.insert_or_assign(id, std::move(c));
    }
}

// The user thread of a session's conversation, and of the customer of a closed conversation named outright: both
// move when a new conversation begins.
void read_user_threads(db::tx& t, const std::vector<incoming>& items, facts& f) {
    std::set<thread_key> wanted;
    for (const auto& m : items) {
        if (m.conversation != 0) {
            const auto it = f.conversations.find(m.conversation);
            if (it != f.conversations.end() && it->second.status == "closed")
                wanted.insert({it->second.channel, "u:" + it->second.user_id});
        } else {
            const auto it = f.threads.find(key_of(m));
            const bool open = it != f.threads.end() && f.conversations.at(it->second).status != "closed";
            if (!open || m.start_new) {
                wanted.insert({m.channel, "u:" + m.user_id});
                if (m.session_id) wanted.insert({m.channel, "s:" + *m.session_id});
            }
        }
    }
    for (const auto& [key, id] : f.threads) wanted.erase(key);
    if (wanted.empty()) return;
    db::array channel, key;
    for (const auto& [c, k] : wanted) {
        channel.add(c);
        key.add(k);
    }
    std::set<std::int64_t> more;
    for (const auto r : t.many(sql::find_threads, channel, key)) {
        const auto id = r.get<std::int64_t>(2);
        f.threads[{r.get<std::string>(0), r.get<std::string>(1)}] = id;
        if (!f.conversations.contains(id)) more.insert(id);
    }
    lock_conversations(t, more, f);
}

void read_contacts(db::tx& t, const std::vector<incoming>& items, facts& f) {
    std::set<thread_key> people;
    for (const auto& m : items)
        if (m.conversation == 0) people.insert({m.channel, m.user_id});
    for (const auto& [id, c] : f.conversations) {
        f.contacts.emplace(thread_key{c.channel, c.user_id}, c.contact);
        people.erase({c.channel, c.user_id});
    }
    if (people.empty()) return;
    db::array channel, external;
    for (const auto& [c, e] : people) {
        channel.add(c);
        external.add(e);
    }
    for (const auto r : t.many(sql::find_contacts, channel, external))
        f.contacts[{r.get<std::string>(0), r.get<std::string>(1)}] = r.get<std::int64_t>(2);
}

void write_new_conversations(db::tx& t, const plan& p, time_point now) {
    if (!p.contacts.empty()) {
        db::array id, channel, external, name, email, phone, language;
        for (const auto& c : p.contacts) {
            id.add(c.id);
            channel.add(c.channel);
            external.add(c.external_id);
            name.add(c.name);
            email.add(c.email);
            phone.add(c.phone);
            language.add(c.language);
        }
        t.exec(sql::insert_contacts, id, channel, external, name, email, phone, language, now);
    }
    if (p.created.empty()) return;
    db::array id, contact, channel, session, user, name, email, phone, language, scenario, previous;
    db::array status, handler, priority, category, seq, role, sender, text, handover, reason, by, version,
        first_response, own_assistant;
    for (const auto& c : p.created) {
        id.add(c.id);
        contact.add(c.contact);
        channel.add(c.channel);
        session.add(c.session_id);
        user.add(c.user_id);
        name.add(c.user_name);
        email.add(c.user_email);
        phone.add(c.user_phone);
        language.add(c.language);
        scenario.add(c.scenario);
        previous.add(c.previous == 0 ? std::nullopt : std::optional{c.previous});
        status.add(c.status);
        handler.add(c.handler);
        priority.add(c.priority);
        category.add(c.category);
        seq.add(static_cast<std::int64_t>(c.last_seq));
        role.add(c.last_role);
        sender.add(c.last_sender);
        text.add(c.last_text);
        handover.add(c.handover_at);
        reason.add(c.handover_reason);
        by.add(c.handover_by);
        version.add(static_cast<std::int64_t>(c.version));
        first_response.add(c.first_response_at);
        own_assistant.add(c.own_assistant);
    }
    t.exec(sql::insert_conversations, id, contact, channel, session, user, name, email, phone, language,
           scenario, previous, status, handler, priority, category, seq, role, sender, text, handover, reason,
           by, now, version, first_response, own_assistant);
}

void write_threads(db::tx& t, const plan& p) {
    db::array new_channel, new_key, new_conversation;
    db::array channel, key, conversation, replaces;
    std::int64_t moves = 0;
    for (const auto& c : p.threads) {
        if (!c.replaces) {
            new_channel.add(c.key.first);
            new_key.add(c.key.second);
            new_conversation.add(c.conversation);
        } else {
            channel.add(c.key.first);
            key.add(c.key.second);
            conversation.add(c.conversation);
            replaces.add(*c.replaces);
            ++moves;
        }
    }
    if (!new_channel.empty()) t.exec(sql::insert_threads, new_channel, new_key, new_conversation);
    if (moves > 0 && t.exec(sql::move_threads, channel, key, conversation, replaces) != moves)
        throw db::failure("40001", "", "another process moved a thread first");
    if (moves > 0) t.exec(sql::count_versions_up, replaces); // see add_at_once
}

void write_messages(db::tx& t, const std::vector<incoming>& items, const plan& p, time_point now) {
    db::array conversation, seq, channel, id, idempotency, hash, role, sender, staff, client, body, at,
        metadata;
    for (const auto& n : p.messages) {
        const auto& s = n.message;
        const auto& m = items[n.item];
        conversation.add(s.conversation);
        seq.add(static_cast<std::int64_t>(s.seq));
        channel.add(m.channel);
        id.add(s.message_id);
        idempotency.add(m.idempotency_key.empty() ? std::nullopt : std::optional{m.idempotency_key});
        hash.add(static_cast<std::int64_t>(m.body_hash));
        role.add(to_string(s.role));
        sender.add(s.sender);
        staff.add(s.staff == 0 ? std::nullopt : std::optional{s.staff});
        client.add(s.client_message_id.empty() ? std::nullopt : std::optional{s.client_message_id});
        body.add(s.text);
        at.add(s.at);
        metadata.add(m.metadata.empty() ? std::nullopt : std::optional{m.metadata});
    }
    t.exec(sql::insert_messages, conversation, seq, channel, id, idempotency, hash, role, sender, staff,
           client, body, at, metadata, now);
}

void touch(db::tx& t, const std::vector<row>& rows, time_point now) {
    if (rows.empty()) return;
    db::array id, seq, role, sender, text, version, first_response;
    for (const auto& c : rows) {
        id.add(c.id);
        seq.add(static_cast<std::int64_t>(c.last_seq));
        role.add(c.last_role);
        sender.add(c.last_sender);
        text.add(c.last_text);
        version.add(static_cast<std::int64_t>(c.version));
        first_response.add(c.first_response_at);
    }
    t.exec(sql::touch_conversations, id, seq, role, sender, text, version, first_response, now);
}

void write_turns_and_intents(db::tx& t, const plan& p, time_point now) {
    insert_turns(t, p.turns, now);
    if (!p.intents.empty()) {
        db::array id, text, needed, confidence, reason, decision, model;
        for (const auto& i : p.intents) {
            id.add(i.conversation);
            text.add(i.text);
            needed.add(std::string_view{i.signal.needed ? "t" : "f"});
            confidence.add(std::to_string(i.signal.confidence));
            reason.add(i.signal.reason);
            decision.add(std::string_view{i.decision ? "t" : "f"});
            model.add(i.signal.model);
        }
        t.exec(sql::insert_intents, id, text, needed, confidence, reason, decision, model, now);
    }
}

} // namespace

stored_message message_from(const db::row& r, int first_column) {
    int i = first_column;
    stored_message s;
    s.conversation = r.get<std::int64_t>(i++);
    s.seq = r.get<int>(i++);
    s.message_id = r.get<std::string>(i++);
    s.role = parse_speaker(r.text(i++));
    s.sender = r.get<std::string>(i++);
    s.staff = r.get<std::optional<std::int64_t>>(i++).value_or(0);
    s.client_message_id = r.text(i++);
    s.text = r.get<std::string>(i++);
    s.at = r.get<time_point>(i++);
    s.received_at = r.get<time_point>(i++);
    return s;
}

facts load_facts(db::tx& t, const std::vector<incoming>& items) {
    facts f;
    f.by_message_id.resize(items.size());
    f.by_idempotency.resize(items.size());
    read_known(t, items, f);
    read_idempotency_keys(t, items, f);
    std::set<std::int64_t> ids;
    for (const auto& m : items)
        if (m.conversation != 0) ids.insert(m.conversation);
    for (const auto& [key, id] : f.threads) ids.insert(id);
    for (const auto* known : {&f.by_message_id, &f.by_idempotency})
        for (const auto& k : *known)
            if (k) ids.insert(k->message.conversation);
    lock_conversations(t, ids, f);
    if (const std::size_t n = conversations_needed(items, f); n > 0) {
        read_user_threads(t, items, f);
        read_contacts(t, items, f);
        for (const auto r : t.many(sql::take_ids, static_cast<std::int64_t>(n))) {
            f.spare_conversation_ids.insert(f.spare_conversation_ids.begin(), r.get<std::int64_t>(0));
            f.spare_contact_ids.insert(f.spare_contact_ids.begin(), r.get<std::int64_t>(1));
        }
    }
    return f;
}

void update_rows(db::tx& t, const std::vector<row>& rows) {
    if (rows.empty()) return;
    const auto column = [&rows](auto value) {
        db::array out;
        for (const auto& c : rows) out.add(std::invoke(value, c));
        return out;
    };
    const auto department = [](const row& c) { return id_or_null(c.department); };
    const auto assigned = [](const row& c) { return id_or_null(c.assigned); };
    const auto tags = [](const row& c) { return dump(json(c.tags)); };
    t.exec(sql::update_conversations, column(&row::id), column(&row::user_name), column(&row::user_email),
           column(&row::user_phone), column(&row::language), column(&row::status), column(&row::handler),
           column(&row::priority), column(department), column(&row::category), column(assigned), column(tags),
           column(&row::on_hold), column(&row::last_seq), column(&row::last_role), column(&row::last_sender),
           column(&row::last_text), column(&row::last_at), column(&row::handover_at),
           column(&row::handover_reason), column(&row::handover_by), column(&row::waiting_since),
           column(&row::taken_at), column(&row::first_response_at), column(&row::resolved_at),
           column(&row::outcome), column(&row::resolution), column(&row::rating),
           column(&row::rating_comment), column(&row::reopened_count), column(&row::version),
           column(&row::updated_at), column(&row::own_assistant));
}

void insert_turns(db::tx& t, const std::vector<new_turn>& all, time_point now) {
    if (all.empty()) return;
    db::array id, seq, kind, staff, to_staff, to_department, reason;
    for (const auto& turn : all) {
        id.add(turn.conversation);
        seq.add(std::int64_t{turn.after_seq});
        kind.add(turn.kind);
        staff.add(id_or_null(turn.staff));
        to_staff.add(id_or_null(turn.to_staff));
        to_department.add(id_or_null(turn.to_department));
        reason.add(turn.reason);
    }
    t.exec(sql::insert_turns, id, seq, kind, staff, to_staff, to_department, reason, now);
}

void write_plan(db::tx& t, const std::vector<incoming>& items, const plan& p, time_point now) {
    if (p.messages.empty()) return;
    write_new_conversations(t, p, now);
    write_threads(t, p);
    write_messages(t, items, p, now);
    touch(t, p.touched, now);
    update_rows(t, p.changed);
    write_turns_and_intents(t, p, now);
}

} // namespace chat_centre::conversation
