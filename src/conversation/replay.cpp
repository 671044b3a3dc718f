// The event log as one caller may read it: what a socket missed, and GET /api/v1/events.

#include <chat_centre/conversation/service.hpp>

#include "conversation/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/realtime/hub.hpp>

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

// What this caller gets of an event; nullopt: nothing.
std::optional<event::entry> rendition(const principal& who, event::entry e,
                                      const std::unordered_set<std::int64_t>& visible) {
    using event::audience;
    if (e.who == audience::internal) return std::nullopt;
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
    for (auto& e : found)
        if (auto r = rendition(who, std::move(e), visible)) page.events.push_back(std::move(*r));
    return page;
}

} // namespace chat_centre::conversation
