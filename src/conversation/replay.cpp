// The event log as one caller may read it: what a socket missed, and GET /api/v1/events.

#include <chat_centre/conversation/service.hpp>

#include "conversation/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/ticket_audience.hpp>
#include <chat_centre/realtime/hub.hpp>
#include <chat_centre/realtime/ticket_sight.hpp>

#include <unordered_set>

namespace chat_centre::conversation {
namespace {

std::unordered_set<std::int64_t> visible_now(db::tx& t, const principal& who,
                                             const std::vector<event::entry>& events) {
    std::unordered_set<std::int64_t> wanted;
    for (const auto& e : events)
        if (e.conversation != 0) wanted.insert(e.conversation);
    if (wanted.empty()) return wanted;
    if (who.kind == caller::customer) return {who.conversation};
    db::array list;
    for (const auto id : wanted) list.add(id);
    const sight s = sight_of(who);
    std::unordered_set<std::int64_t> out;
    for (const auto r : t.many(sql::visible_conversations, s.everything, s.staff, s.departments, list))
        out.insert(r.get<std::int64_t>(0));
    return out;
}

std::string ticket_of(const event::entry& e) {
    const json data = json::parse(e.data, nullptr, false);
    return data.is_object() ? data.value("ticket_id", "") : "";
}

std::unordered_set<std::string> tickets_visible_now(db::tx& t, const principal& who,
                                                    const std::vector<event::entry>& events) {
    std::unordered_set<std::string> out;
    if (who.kind != caller::staff) return out;
    db::array wanted;
    for (const auto& e : events)
        if (event::is_ticket(e.who)) wanted.add(ticket_of(e));
    if (wanted.empty()) return out;
    const bool everything = who.role == role::manager || who.role == role::admin;
    for (const auto r : t.many(sql::visible_tickets, everything, who.staff, db::array_of(who.departments),
                               who.role == role::engineer, wanted))
        out.insert(r.get<std::string>(0));
    return out;
}

// As rendition(), by the rule of tickets.
std::optional<event::entry> ticket_rendition(const principal& who, event::entry e,
                                             const std::unordered_set<std::string>& visible) {
    if (who.kind == caller::customer) {
        if (e.conversation != who.conversation || e.public_data.empty()) return std::nullopt;
        e.data = e.public_data;
        e.now = {};
        return e;
    }
    if (visible.contains(ticket_of(e))) return e;
    const bool seen =
        realtime::may_see_ticket(who, e.now, e.who == event::ticket_escalated) ||
        (e.before && realtime::may_see_ticket(who, *e.before, e.who == event::ticket_deescalated));
    if (e.type != "ticket.update" || !seen) return std::nullopt;
    e.data = realtime::ticket_stub(e);
    return e;
}

// What this caller gets of an event; nullopt: nothing.
std::optional<event::entry> rendition(const principal& who, event::entry e,
                                      const std::unordered_set<std::int64_t>& visible,
                                      const std::unordered_set<std::string>& tickets) {
    using event::audience;
    if (e.who == audience::internal) return std::nullopt;
    if (event::is_ticket(e.who)) return ticket_rendition(who, std::move(e), tickets);
    if (who.kind == caller::customer) {
        if (e.conversation != who.conversation || e.who != audience::conversation_public) return std::nullopt;
        if (!e.public_data.empty()) e.data = e.public_data;
        e.now = {};
        return e;
    }
    if (e.who == audience::people) return e;
    if (e.who == audience::person)
        return e.now.assigned != 0 && e.now.assigned == who.staff ? std::optional(std::move(e)) : std::nullopt;
    if (visible.contains(e.conversation)) return e;
    // Sight was lost, now or later: the one thing to know is that the row goes.
    const bool seen_before = e.before ? realtime::may_see(who, *e.before) : realtime::may_see(who, e.now);
    if (e.type != "conversation.update" || !seen_before) return std::nullopt;
    e.data = dump({{"conversation_id", format_id("CONV", e.conversation)}, {"visible", false}});
    return e;
}

} // namespace

std::optional<replay_page> replay(db::tx& t, const principal& who, std::int64_t after, int limit) {
    if (after < 0 || after > event::head(t) || after + 1 < event::oldest(t)) return std::nullopt;
    auto found = event::read(t, after, limit);
    replay_page page;
    page.reached = found.empty() ? after : found.back().id;
    const auto visible = visible_now(t, who, found);
    const auto tickets = tickets_visible_now(t, who, found);
    for (auto& e : found)
        if (auto r = rendition(who, std::move(e), visible, tickets)) page.events.push_back(std::move(*r));
    return page;
}

} // namespace chat_centre::conversation
