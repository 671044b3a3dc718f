#include "conversation/lane_fast.hpp"

#include "conversation/queries.hpp"

#include <algorithm>
#include <unordered_map>
#include <variant>

namespace chat_centre::conversation {
namespace {

constexpr int first_own_column = 44;          // of query peek, behind the columns of from_db
constexpr std::size_t most_remembered = 4096; // conversations, about 4 MB; then it begins anew
constexpr int cautious_batches = 16;

bool asks_for_more(const incoming& m) { return m.start_new || !m.idempotency_key.empty(); }

bool only_adds(const plan& p) {
    // One event a message, and nothing else to tell (our own assistant is not called, say).
    const bool plain = p.events.size() == p.messages.size() &&
                       std::ranges::all_of(p.events, [](const auto& e) { return e.type == "message.new"; });
    return plain && p.created.empty() && p.changed.empty() && p.contacts.empty() && p.threads.empty() &&
           p.turns.empty() && p.intents.empty() && !p.messages.empty() &&
           std::ranges::all_of(p.answers, [](const auto& a) { return std::holds_alternative<receipt>(a); });
}

using versions = std::unordered_map<std::int64_t, int>;

void add(db::connection& c, const std::vector<incoming>& items, plan& p, const versions& peeked,
         time_point now, bool notify) {
    db::array id, seq, role, sender, text, version, before, first_response;
    for (const auto& r : p.touched) {
        id.add(r.id);
        seq.add(static_cast<std::int64_t>(r.last_seq));
        role.add(r.last_role);
        sender.add(r.last_sender);
        text.add(r.last_text);
        version.add(static_cast<std::int64_t>(r.version));
        before.add(static_cast<std::int64_t>(peeked.at(r.id)));
        first_response.add(r.first_response_at);
    }
    db::array conversation, place, channel, message_id, hash, speaker, name, staff, client, body, at, metadata;
    for (const auto& n : p.messages) {
        const auto& s = n.message;
        const auto& m = items[n.item];
        conversation.add(s.conversation);
        place.add(static_cast<std::int64_t>(s.seq));
        channel.add(m.channel);
        message_id.add(s.message_id);
        hash.add(static_cast<std::int64_t>(m.body_hash));
        speaker.add(to_string(s.role));
        name.add(s.sender);
        staff.add(s.staff == 0 ? std::nullopt : std::optional{s.staff});
        client.add(s.client_message_id.empty() ? std::nullopt : std::optional{s.client_message_id});
        body.add(s.text);
        at.add(s.at);
        metadata.add(m.metadata.empty() ? std::nullopt : std::optional{m.metadata});
    }
    db::array assigned, department, waiting;
    for (const auto& e : p.events) {
        assigned.add(e.now.assigned);
        department.add(e.now.department);
        waiting.add(std::string_view{e.now.waiting ? "t" : "f"});
    }
    c.autocommit([&](db::tx& t) {
        const auto first = t.scalar<std::int64_t>(
            sql::add_at_once, now, id, seq, role, sender, text, version, before, first_response, conversation,
            place, channel, message_id, hash, speaker, name, staff, client, body, at, metadata,
            static_cast<std::int64_t>(p.events.size()), assigned, department, waiting, notify);
        event::number(p.events, first);
    });
}

} // namespace

// All from memory, or nothing. The rows are taken out of it: remember() puts them back as they are afterwards.
std::optional<facts> short_way::recall(const std::vector<incoming>& items) {
    facts f;
    std::vector<std::int64_t> wanted;
    wanted.reserve(items.size());
    for (const auto& m : items) {
        auto id = m.conversation;
        if (id == 0) {
            const auto thread = threads_.find(key_of(m));
            if (thread == threads_.end()) return std::nullopt;
            id = thread->second;
            f.threads.insert(*thread);
        }
        if (!rows_.contains(id)) return std::nullopt;
        wanted.push_back(id);
    }
    for (const auto id : wanted)
        if (auto node = rows_.extract(id)) f.conversations.insert(std::move(node));
    f.by_message_id.resize(items.size());
    f.by_idempotency.resize(items.size());
    return f;
}

// nullopt unless every message is new and has an open conversation.
std::optional<facts> short_way::peek(db::connection& c, const std::vector<incoming>& items) {
    db::array channel, message_id, key, conversation;
    for (const auto& m : items) {
        channel.add(m.channel);
        message_id.add(m.message_id);
        key.add(key_of(m).second);
        conversation.add(m.conversation == 0 ? std::nullopt : std::optional{m.conversation});
    }
    facts f;
    f.by_message_id.resize(items.size());
    f.by_idempotency.resize(items.size());
    std::size_t found = 0;
    try {
        c.autocommit([&](db::tx& t) {
            for (const auto r : t.many(sql::peek, channel, message_id, key, conversation)) {
                ++found;
                row open = from_db(r);
                const auto item = r.get<std::size_t>(first_own_column) - 1;
                if (const auto thread = r.get<std::optional<std::int64_t>>(first_own_column + 1))
                    f.threads[key_of(items[item])] = *thread;
                const auto id = open.id;
                f.conversations.insert_or_assign(id, std::move(open));
            }
        });
    } catch (const db::connection_lost&) {
        return std::nullopt; // only a look: the way under locks connects again
    }
    if (found != items.size()) return std::nullopt;
    return f;
}

std::optional<plan> short_way::store(db::connection& c, const std::vector<incoming>& items, bool notify) {
    if (std::ranges::any_of(items, asks_for_more)) return std::nullopt;
    std::optional<facts> known;
    if (look_first_ > 0)
        --look_first_;
    else
        known = recall(items);
    const bool looked_up = !known;
    if (looked_up) known = peek(c, items);
    if (!known) return std::nullopt;
    versions peeked;
    for (const auto& [id, r] : known->conversations) peeked.emplace(id, r.version);
    const time_point now = clock_.now();
    plan p = decide(items, std::move(*known), now);
    if (!only_adds(p)) return std::nullopt;
    try {
        add(c, items, p, peeked, now, notify);
    } catch (const db::failure&) {
        // Somebody was first, a message is there already, or a row is refused: the way under locks finds out.
        look_first_ = cautious_batches;
        return std::nullopt;
    }
    remember(p, items, looked_up);
    return p;
}

void short_way::remember(plan& p, const std::vector<incoming>& items, bool looked_up) {
    if (rows_.size() + p.touched.size() > most_remembered) {
        rows_.clear();
        threads_.clear();
    }
    if (looked_up)
        for (const auto& n : p.messages)
            if (const auto& m = items[n.item]; m.conversation == 0)
                threads_.insert_or_assign(key_of(m), n.message.conversation);
    for (auto& r : p.touched) rows_.insert_or_assign(r.id, std::move(r));
    p.touched.clear();
}

void short_way::forget(const std::vector<incoming>& items, const plan& p) {
    for (const auto& m : items) {
        threads_.erase({m.channel, "u:" + m.user_id});
        threads_.erase(key_of(m));
        rows_.erase(m.conversation);
    }
    for (const auto& change : p.threads) threads_.erase(change.key);
    for (const auto* list : {&p.created, &p.touched, &p.changed})
        for (const auto& r : *list) rows_.erase(r.id);
}

} // namespace chat_centre::conversation
