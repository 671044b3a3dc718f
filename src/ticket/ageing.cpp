// What time alone does to tickets: the last word before a resolved one closes, closing it, and noticing that a customer
// for whom a ticket waits has written.

#include "ticket/portal.hpp"
#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/conversation/server_actions.hpp>

namespace chat_centre::ticket {
namespace {

using namespace std::chrono_literals;
constexpr auto look_again = 5s;

std::optional<row> resolved_ticket(db::tx& t, const jobs::job& j, time_point now) {
    auto r = lock_for_job(t, j.payload.at("ticket").get<std::int64_t>(), j, now);
    return r && r->status == "resolved" ? r : std::nullopt;
}

void nudge(db::tx& t, const surroundings& s, time_point now, const jobs::job& j) {
    const auto r = resolved_ticket(t, j, now);
    if (!r) return;
    add_history(t, r->number, {{"auto_close", std::nullopt, "nudge sent"}}, "system", 0, now);
    event::notice n;
    n.kind = "ticket.nudge";
    n.ticket = r->id;
    n.conversation = r->conversation;
    n.key = "ticket.nudge " + r->id + " " + to_rfc3339(r->active_at);
    if (r->assigned != 0) n.to_staff.push_back(r->assigned);
    for (const auto f : t.many(sql::followers, r->number)) n.to_staff.push_back(f.get<std::int64_t>(0));
    if (n.to_staff.empty() && r->department != 0) n.to_managers_of.push_back(r->department);
    if (n.to_staff.empty() && r->department == 0) n.to_all_managers = true;
    n.title_en = "Ticket " + r->id + " closes tomorrow";
    n.title_ar = "تُغلق غدًا التذكرة " + r->id;
    n.body_en = n.body_ar = r->subject;
    news last_word;
    last_word.what = occasion::closing;
    tell_requester(t, s, *r, std::move(last_word), "closing-" + to_rfc3339(r->active_at), now);
    // The customer of its conversation hears of it too: the update says when it closes.
    std::vector<event::entry> events{change_event(*r, "ticket.update", now, nullptr),
                                     moved_event(*r, *r, "nudge", now, 0), event::notice_entry(n, now)};
    event::append(t, events);
}

void close(db::tx& t, const surroundings& s, time_point now, const jobs::job& j) {
    const auto r = resolved_ticket(t, j, now);
    if (!r) return;
    std::vector<event::entry> events;
    const change what{"close", {}, by_system("ticket.autoclose", r->id), "", false};
    keep(t, s, *r, set_status(*r, "closed", now), what, now, events);
    if (r->conversation != 0)
        conversation::close_by_server(t, r->conversation, "Resolved and quiet for seven days.", now, events);
    event::append(t, events);
}

void look_for_customers(db::tx& t, const surroundings& s, time_point now) {
    std::vector<event::entry> events;
    for (const auto found : t.many(sql::answered_by_customer)) {
        const auto before = lock_if_free(t, found.get<std::int64_t>(0)); // else the next time
        if (!before || before->status != "waiting_customer") continue;
        const auto at = found.get<time_point>(1); // the clocks go on from when they wrote
        const change what{
            "customer_reply", {0, "customer"}, by_system("ticket.customer_reply", before->id), "", true};
        keep(t, s, *before, customer_wrote(*before, at), what, at, events);
    }
    if (t.scalar<bool>(sql::waits_for_customers))
        jobs::schedule(t, "ticket.customer", "all", now + look_again, json::object(), now);
    event::append(t, events);
}

} // namespace

std::optional<row> lock_for_job(db::tx& t, std::int64_t number, const jobs::job& j, time_point now) {
    auto r = lock_if_free(t, number);
    if (!r) jobs::schedule(t, j.kind, j.key, now + 1s, j.payload, now);
    return r;
}

void handle_jobs(jobs::runner& runner, const surroundings& s) {
    runner.handle("ticket.nudge", [&s](db::tx& t, const jobs::job& j) { nudge(t, s, s.clock.now(), j); });
    runner.handle("ticket.autoclose", [&s](db::tx& t, const jobs::job& j) { close(t, s, s.clock.now(), j); });
    runner.handle("ticket.customer",
                  [&s](db::tx& t, const jobs::job&) { look_for_customers(t, s, s.clock.now()); });
}

} // namespace chat_centre::ticket
