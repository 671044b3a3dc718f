#include "routing/dispatch.hpp"

#include "routing/offers.hpp"
#include "routing/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/event/notice.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace chat_centre::routing {
namespace {

constexpr int most_looked_at = 200;
constexpr std::chrono::minutes notice_window{10}; // managers are told once per department in so long

struct waiting {
    std::int64_t id = 0;
    std::string language, priority, user_name;
    bool told = false; // the last decision already says that nobody is free
    std::vector<std::int64_t> passed;
    bool vip = false;
};

struct pick {
    waiting what;
    std::size_t who = 0;
    choice why;
};

std::vector<waiting> read_queue(db::tx& t, const desk_settings& d, bool only_untold) {
    std::vector<waiting> out;
    for (const auto r : t.many(sql::waiting, d.id, d.is_default, only_untold, most_looked_at))
        out.push_back({r.get<std::int64_t>(0), r.get<std::string>(1), r.get<std::string>(2),
                       r.get<std::string>(3), r.get<bool>(4),
                       json::parse(r.text(5)).get<std::vector<std::int64_t>>(), r.get<bool>(6)});
    return out;
}

event::entry given_notice(const pick& p, std::int64_t staff, time_point now) {
    return event::notice_entry({.kind = "conversation.assigned",
                                .level = "info",
                                .key = "",
                                .to_staff = {staff},
                                .conversation = p.what.id,
                                .title_en = "A conversation was given to you",
                                .title_ar = "أُسندت إليك محادثة",
                                .body_en = p.what.user_name,
                                .body_ar = p.what.user_name},
                               now);
}

bool still_waits_in(const desk_settings& d, const conversation::row& c) {
    return c.status == "pending" && (c.department == d.id || (d.is_default && c.department == 0));
}

// Locks what was picked and gives it: a handful of statements, however many there are. What somebody took by hand a
// moment ago is left out. Returns how many were placed.
int place(db::tx& t, const desk_settings& d, const std::vector<candidate>& team,
          const std::vector<pick>& picks, time_point now, std::vector<event::entry>& events) {
    std::vector<std::int64_t> ids;
    ids.reserve(picks.size());
    for (const auto& p : picks) ids.push_back(p.what.id);
    std::map<std::int64_t, conversation::row> rows;
    for (auto& c : conversation::lock_for_server(t, ids))
        if (still_waits_in(d, c)) rows.emplace(c.id, std::move(c));

    std::vector<proposal> offers;
    std::vector<conversation::assignment> gifts;
    std::vector<decision> reasons;
    std::vector<event::entry> notices;
    std::map<std::int64_t, double> turns;
    for (const auto& p : picks) {
        const auto found = rows.find(p.what.id);
        if (found == rows.end()) continue;
        const auto& c = team[p.who];
        turns[c.id] = c.turn;
        reasons.push_back({p.what.id, d.accept_seconds > 0 ? "offered" : "assigned", c.id, p.why.reason,
                           to_json(p.why.candidates)});
        if (d.accept_seconds > 0) {
            offers.push_back(
                {p.what.id, c.id, p.what.user_name, p.what.priority, found->second.category, p.why.reason});
        } else {
            gifts.push_back({std::move(found->second), c.id, c.name, p.why.reason.en});
            notices.push_back(given_notice(p, c.id, now));
        }
    }
    if (reasons.empty()) return 0;
    make_offers(t, offers, now + std::chrono::seconds(d.accept_seconds), now, events);
    conversation::assign_by_server(t, gifts, now, events);
    events.insert(events.end(), notices.begin(), notices.end());
    record(t, reasons, now);
    save_turns(t, d, turns, now);
    return static_cast<int>(reasons.size());
}

// Every conversation that waits for nobody in particular is on record with the reason, and managers hear of it.
void tell(db::tx& t, const desk_settings& d, const waiting& w, const choice& why, time_point now,
          std::vector<event::entry>& events) {
    record(t, {w.id, "escalated", 0, why.reason, to_json(why.candidates)}, now);
    const bool refused = !w.passed.empty();
    const auto window = now.time_since_epoch() / notice_window;
    events.push_back(event::notice_entry(
        {.kind = refused ? "routing.not_accepted" : "routing.nobody_free",
         .level = "urgent",
         .key = refused
                    ? "routing.not_accepted:" + format_id("CONV", w.id) + ":" + std::to_string(w.passed.size())
                    : "routing.nobody_free:" + d.slug + ":" + std::to_string(window),
         .to_managers_of = {d.id},
         .conversation = w.id,
         .title_en = refused ? "Nobody accepted a conversation" : "Nobody is free in " + d.name_en,
         .title_ar = refused ? "لم يقبل أحد محادثة" : "لا يوجد أحد متاح في " + d.name_ar,
         .body_en = format_id("CONV", w.id) + ": " + why.reason.en + ".",
         .body_ar = format_id("CONV", w.id) + ": " + why.reason.ar + "."},
        now));
}

void stay_closed(db::tx& t, const desk_settings& d, time_point now) {
    const auto opens = next_opening(d.open, now);
    if (opens) jobs::schedule(t, open_job, std::to_string(d.id), *opens, {{"department", d.id}}, now);
    const std::string when = opens ? to_rfc3339(*opens) : "-";
    for (const auto& w : read_queue(t, d, true))
        record(
            t,
            {w.id,
             "waiting",
             0,
             {d.name_en + " is closed; it opens at " + when, d.name_ar + " خارج ساعات العمل؛ يفتح في " + when},
             json::array()},
            now);
}

} // namespace

std::vector<candidate> read_team(db::tx& t, const desk_settings& d, time_point now) {
    std::vector<candidate> out;
    t.many(sql::lock_team, d.id);
    for (const auto r : t.many(sql::team, d.id, now, now - presence_life)) {
        candidate c;
        c.id = r.get<std::int64_t>(0);
        c.name = r.get<std::string>(1);
        c.availability = r.get<std::string>(2);
        c.capacity = r.get<int>(3);
        c.weight = r.get<int>(4);
        c.languages = json::parse(r.text(5)).get<std::vector<std::string>>();
        c.skills = json::parse(r.text(6)).get<std::map<std::string, int>>();
        c.online = r.get<bool>(7);
        c.load = r.get<int>(8);
        c.turn = std::max(r.get<double>(9), d.turn);
        c.idle_seconds = r.get<std::int64_t>(10);
        out.push_back(std::move(c));
    }
    return out;
}

void save_turns(db::tx& t, const desk_settings& d, const std::map<std::int64_t, double>& turns,
                time_point now) {
    if (turns.empty()) return;
    db::array served, reached;
    for (const auto& [staff, turn] : turns) {
        served.add(staff);
        reached.add(fmt::format("{}", turn)); // reads back as the same number
    }
    t.exec(sql::save_turns, d.id, d.turn, served, reached, now);
}

drained drain(db::tx& t, std::int64_t department, time_point now, std::vector<event::entry>& events) {
    t.many(sql::lock_queue, department);
    auto d = find_desk(t, department);
    if (!d || d->how == method::manual) return {};
    if (!is_open(d->open, now)) {
        stay_closed(t, *d, now);
        return {};
    }
    auto team = read_team(t, *d, now);
    const bool any_room = std::any_of(team.begin(), team.end(), has_room);
    std::vector<pick> picks;
    for (const auto& w : read_queue(t, *d, !any_room)) {
        auto why = choose(team, {d->how, w.language, d->skills, w.passed, w.vip});
        if (!why.chosen) {
            if (!w.told) tell(t, *d, w, why, now, events);
            continue;
        }
        auto& c = team[*why.chosen];
        d->turn = c.turn;
        ++c.load;
        c.turn += 1.0 / std::max(1, c.weight);
        c.idle_seconds = 0;
        const auto who = *why.chosen;
        picks.push_back({w, who, std::move(why)});
        if (static_cast<int>(picks.size()) == batch_size) break;
    }
    if (picks.empty()) return {};
    const int placed = place(t, *d, team, picks, now, events);
    return {placed, picks.size() == batch_size};
}

void drain_soon(db::tx& t, std::int64_t department, time_point now) {
    jobs::schedule(t, drain_job, std::to_string(department), now, {{"department", department}}, now);
}

} // namespace chat_centre::routing
