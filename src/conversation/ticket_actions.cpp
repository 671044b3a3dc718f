#include <chat_centre/conversation/ticket_actions.hpp>

#include "conversation/actions.hpp"
#include "conversation/life.hpp"
#include "conversation/store.hpp"

#include <chat_centre/base/ids.hpp>

namespace chat_centre::conversation {
namespace {

void store(db::tx& t, const http::request& r, const row& before, const step& s, const char* action,
           const char* kind, time_point now, std::vector<event::entry>& events) {
    if (!s.changed) return;
    keep(t,
         {{before, s,
           audit::by(r, action, format_id("CONV", before.id),
                     {{"status", s.after.status}, {"was", before.status}, {"from", "ticket"}}),
           kind, r.who.staff}},
         now, events);
}

} // namespace

void take_to_answer(db::tx& t, const http::request& r, std::int64_t id, time_point now,
                    std::vector<event::entry>& events) {
    const row before = lock_any(t, id);
    store(t, r, before, take_over(before, r.who, false, now), "conversation.takeover", "takeover", now,
          events);
}

bool resolve_with_ticket(db::tx& t, const http::request& r, std::int64_t id,
                         const std::optional<std::string>& resolution, time_point now,
                         std::vector<event::entry>& events) {
    const row before = lock_any(t, id);
    const bool theirs = before.status == "active" && before.assigned == r.who.staff;
    if (!theirs && before.status != "pending") return false;
    store(t, r, before, resolve(before, r.who, std::nullopt, resolution, false, now), "conversation.resolve",
          "resolve", now, events);
    return true;
}

} // namespace chat_centre::conversation
