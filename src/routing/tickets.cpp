#include "routing/tickets.hpp"

#include "routing/queries.hpp"

#include <chat_centre/event/notice.hpp>

#include <algorithm>
#include <map>

namespace chat_centre::routing {
namespace {

// Of two who are equally busy with conversations, the one with fewer tickets.
void count_tickets(db::tx& t, std::vector<candidate>& team) {
    std::map<std::int64_t, int> open;
    db::array ids;
    for (const auto& c : team) ids.add(c.id);
    for (const auto r : t.many(sql::tickets_of, ids)) open[r.get<std::int64_t>(0)] = r.get<int>(1);
    for (auto& c : team) c.tickets = open[c.id];
}

event::entry nobody_free(const desk_settings& d, const std::string& ticket, time_point now) {
    return event::notice_entry({.kind = "routing.nobody_free",
                                .level = "urgent",
                                .key = "routing.nobody_free:" + ticket,
                                .to_managers_of = {d.id},
                                .ticket = ticket,
                                .title_en = "Nobody is free in " + d.name_en,
                                .title_ar = "لا يوجد أحد متاح في " + d.name_ar,
                                .body_en = "Ticket " + ticket + " waits for an agent.",
                                .body_ar = "التذكرة " + ticket + " تنتظر موظفًا."},
                               now);
}

} // namespace

bool give_tickets(db::tx& t, const ticket::surroundings& s, std::int64_t department, bool fresh,
                  time_point now, std::vector<event::entry>& events) {
    t.many(sql::lock_queue, department);
    auto d = find_desk(t, department);
    if (!d || d->how == method::manual || !is_open(d->open, now)) return false;
    const auto waiting = t.many(sql::waiting_tickets, d->id, d->is_default, batch_size);
    if (waiting.empty()) return false;
    auto team = read_team(t, *d, now);
    count_tickets(t, team);
    std::map<std::int64_t, double> turns;
    for (const auto w : waiting) {
        const auto why = choose(team, {d->how, "", d->skills, {}});
        if (!why.chosen) {
            if (fresh) events.push_back(nobody_free(*d, w.get<std::string>(1), now));
            break;
        }
        auto& c = team[*why.chosen];
        if (!ticket::assign_by_server(t, s, w.get<std::int64_t>(0), c.id, why.reason.en, now, events))
            continue; // somebody took it by hand a moment ago
        d->turn = c.turn;
        c.turn += 1.0 / std::max(1, c.weight);
        c.idle_seconds = 0;
        ++c.tickets;
        turns[c.id] = c.turn;
    }
    save_turns(t, *d, turns, now);
    return !turns.empty() && waiting.size() == batch_size;
}

} // namespace chat_centre::routing
