#include "conversation/lane_fast.hpp"

#include "conversation/queries.hpp"

#include <algorithm>
#include <unordered_map>
#include <variant>

namespace chat_centre::conversation {
namespace {

constexpr int first_own_column = 43; // of query peek, behind the columns of from_db

bool asks_for_more(const incoming& m) { return m.start_new || !m.idempotency_key.empty(); }

// nullopt unless every message is new and has an open conversation.
std::optional<facts> peek(db::connection& c, const std::vector<incoming>& items) {
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
    if (found != items.size()) return std::nullopt;
    return f;
}

bool only_adds(const plan& p) {
    return p.created.empty() && p.changed.empty() && p.contacts.empty() && p.threads.empty() &&
           p.turns.empty() && p.intents.empty() && !p.messages.empty() &&
           std::ranges::all_of(p.answers, [](const auto& a) { return std::holds_alternative<receipt>(a); });
}

using versions = std::unordered_map<std::int64_t, int>;

void add(db::connection& c, const std::vector<incoming>& items, plan& p, const versions& peeked,
         time_point now) {
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
    const auto e = event::columns_of(p.events);
    c.autocommit([&](db::tx& t) {
        const auto first = t.scalar<std::int64_t>(
            sql::add_at_once, now, id, seq, role, sender, text, version, before, first_response, conversation,
            place, channel, message_id, hash, speaker, name, staff, client, body, at, metadata,
            static_cast<std::int64_t>(p.events.size()), e.type, e.at, e.conversation, e.who, e.assigned,
            e.department, e.waiting, e.was_assigned, e.was_department, e.was_waiting, e.data, e.public_data);
        event::number(p.events, first);
    });
}

} // namespace

std::optional<plan> store_at_once(db::connection& c, const std::vector<incoming>& items,
                                  const clock_source& clock) {
    if (std::ranges::any_of(items, asks_for_more)) return std::nullopt;
    std::optional<facts> known;
    try {
        known = peek(c, items);
    } catch (const db::connection_lost&) {
        return std::nullopt; // only a look: the way under locks connects again
    }
    if (!known) return std::nullopt;
    versions peeked;
    for (const auto& [id, r] : known->conversations) peeked.emplace(id, r.version);
    const time_point now = clock.now();
    plan p = decide(items, std::move(*known), now);
    if (!only_adds(p)) return std::nullopt;
    try {
        add(c, items, p, peeked, now);
    } catch (const db::failure&) {
        return std::nullopt; // somebody was first, or a row is refused: the way under locks finds out which
    }
    return p;
}

} // namespace chat_centre::conversation
