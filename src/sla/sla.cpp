#include <chat_centre/sla/sla.hpp>

#include "sla/clock.hpp"
#include "sla/queries.hpp"
#include "sla/store.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/notice.hpp>

#include <array>
#include <chrono>

namespace chat_centre::sla {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 3> job_kinds{"sla.remind", "sla.breach", "sla.escalate"};

std::string key_of(const ticket::row& t, bool response) {
    return t.id + (response ? " response" : " resolution");
}

struct marks { // what has been said already
    std::optional<time_point> response_reminded, response_breached, resolution_reminded, resolution_breached;
};

marks marks_of(db::tx& t, std::int64_t number) {
    using when = std::optional<time_point>;
    const auto r = t.maybe(sql::clock, number);
    return r ? marks{r->get<when>(0), r->get<when>(1), r->get<when>(2), r->get<when>(3)} : marks{};
}

// A due moment that passed while nobody looked is not forgotten: such a job is due at once.
void set_jobs(db::tx& t, const ticket::row& of, bool response, const policy& p, const reading& r,
              bool reminded, time_point now) {
    const std::string key = key_of(of, response);
    const json payload = {{"ticket", of.number}, {"response", response}};
    const auto before = reminder_before(p, response);
    if (r.remind && !reminded && before > 0min)
        jobs::schedule(t, "sla.remind", key, *r.due - before, payload, now);
    else
        jobs::cancel(t, "sla.remind", key);
    if (r.watch)
        jobs::schedule(t, "sla.breach", key, *r.due, payload, now);
    else
        jobs::cancel(t, "sla.breach", key);
    if (r.met) jobs::cancel(t, "sla.escalate", key);
}

void forget(db::tx& t, const ticket::row& of) {
    t.exec(sql::drop_clock, of.number);
    for (const char* kind : job_kinds)
        for (const bool response : {true, false}) jobs::cancel(t, kind, key_of(of, response));
}

// Nobody on our side can do anything.
bool stands_still(const ticket::row& t) { return t.status == "waiting_customer" || t.status == "on_hold"; }

struct readings {
    reading response, resolution;
    std::optional<policy> covering;
};

readings read_both(db::tx& t, const ticket::row& of, const marks& said, time_point now) {
    readings out;
    const auto policies = all_policies(t);
    const policy* p = most_specific(policies, of);
    if (!p) return out;
    out.covering = *p;
    const calendar when = p->business_hours ? calendar_of(t, of.department) : calendar{};
    std::vector<standstill> stops;
    for (const auto& s : ticket::pauses(t, of.number)) stops.push_back({s.from, s.until});
    const bool paused = stands_still(of);
    // Resolving something is an answer, too.
    const auto answered = of.first_response_at ? of.first_response_at : of.resolved_at;
    out.response = read(when, stops,
                        {of.created_at, std::chrono::minutes(p->first_response_minutes), answered, paused,
                         said.response_breached},
                        now);
    out.resolution = read(when, stops,
                          {of.created_at, std::chrono::minutes(p->resolution_minutes), of.resolved_at, paused,
                           said.resolution_breached},
                          now);
    return out;
}

void store(db::tx& t, const ticket::row& of, const readings& r) {
    t.exec(sql::put_clock, of.number, r.covering->id, r.covering->name, r.response.due, r.response.met,
           r.response.state, r.resolution.due, r.resolution.met, r.resolution.state);
}

event::notice notice_about(const ticket::row& t, const char* kind, const char* level, bool response) {
    event::notice n;
    n.kind = kind;
    n.level = level;
    n.ticket = t.id;
    n.conversation = t.conversation;
    n.key = std::string(kind) + " " + key_of(t, response);
    n.body_en = n.body_ar = t.subject;
    return n;
}

void to_managers(event::notice& n, const ticket::row& t) {
    if (t.department != 0)
        n.to_managers_of.push_back(t.department);
    else
        n.to_all_managers = true;
}

event::notice reminder(const ticket::row& t, bool response, int minutes) {
    auto n = notice_about(t, "sla.reminder", "warning", response);
    if (t.assigned != 0)
        n.to_staff.push_back(t.assigned);
    else
        to_managers(n, t);
    const std::string m = std::to_string(minutes);
    n.title_en =
        t.id + (response ? ": the first answer is due in " : ": the solution is due in ") + m + " minutes";
    n.title_ar = t.id + (response ? ": الرد الأول مطلوب خلال " : ": الحل مطلوب خلال ") + m + " دقيقة";
    return n;
}

event::notice missed(const ticket::row& t, bool response) {
    auto n = notice_about(t, "sla.breach", "urgent", response);
    if (t.assigned != 0) n.to_staff.push_back(t.assigned);
    to_managers(n, t);
    n.title_en = t.id + (response ? ": the first answer is late" : ": the solution is late");
    n.title_ar = t.id + (response ? ": تأخر الرد الأول" : ": تأخر الحل");
    return n;
}

event::notice raised(const ticket::row& t, bool response) {
    auto n = notice_about(t, "sla.escalation", "urgent", response);
    n.key += " " + t.level; // each step is news
    to_managers(n, t);
    n.title_en = t.id + " was escalated because its time ran out";
    n.title_ar = "صُعّدت " + t.id + " لانتهاء مهلتها";
    return n;
}

struct due_target {
    ticket::row of;
    bool response = false;
    reading at;
    policy covering;
    bool reminded = false, breached = false;
};

// What a job is about, counted anew: hours or policies may have changed since it was scheduled. nullopt: nothing to do.
std::optional<due_target> target_of(db::tx& t, const jobs::job& j, time_point now) {
    auto of = ticket::lock_for_job(t, j.payload.at("ticket").get<std::int64_t>(), j, now);
    if (!of) return std::nullopt;
    const auto said = marks_of(t, of->number);
    const auto r = read_both(t, *of, said, now);
    if (!r.covering) return std::nullopt;
    store(t, *of, r);
    const bool response = j.payload.at("response").get<bool>();
    return due_target{std::move(*of),
                      response,
                      response ? r.response : r.resolution,
                      *r.covering,
                      (response ? said.response_reminded : said.resolution_reminded).has_value(),
                      (response ? said.response_breached : said.resolution_breached).has_value()};
}

void remind(db::tx& t, const jobs::job& j, time_point now) {
    const auto d = target_of(t, j, now);
    if (!d || d->reminded || !d->at.remind) return;
    const auto moment = *d->at.due - reminder_before(d->covering, d->response);
    if (moment > now) return jobs::schedule(t, j.kind, j.key, moment, j.payload, now); // it moved away
    t.exec(sql::mark_reminded, d->of.number, d->response, now);
    const auto left = std::chrono::ceil<std::chrono::minutes>(*d->at.due - now);
    std::vector<event::entry> events{
        event::notice_entry(reminder(d->of, d->response, static_cast<int>(left.count())), now)};
    event::append(t, events);
}

void breach(db::tx& t, const jobs::job& j, time_point now) {
    const auto d = target_of(t, j, now);
    if (!d || d->breached || d->at.met || !d->at.due) return;
    if (*d->at.due > now) return jobs::schedule(t, j.kind, j.key, *d->at.due, j.payload, now);
    t.exec(sql::mark_breached, d->of.number, d->response, now);
    store(t, d->of, read_both(t, d->of, marks_of(t, d->of.number), now));
    jobs::cancel(t, "sla.remind", j.key);
    jobs::schedule(t, "sla.escalate", j.key, now, j.payload, now);
    std::vector<event::entry> events{event::notice_entry(missed(d->of, d->response), now)};
    ticket::announce(t, d->of.number, now, events);
    event::append(t, events);
}

// Since the last step somebody has acknowledged a notice about the ticket, or done something with it. Told by ids, not
// by times: the clock may have been set back meanwhile.
bool acknowledged(db::tx& t, const ticket::row& of, const json& since) {
    return t.scalar<bool>(sql::acknowledged, of.id, since.at("audit").get<std::int64_t>(),
                          since.at("notice").get<std::int64_t>());
}

// One step up the ladder: the first when a target is missed, the next ones each time that nobody has taken notice for
// `patience`. The job is removed in the transaction of its step, so each step is taken once.
void escalate(db::tx& t, const ticket::surroundings& s, const jobs::job& j, std::chrono::minutes patience,
              time_point now) {
    const auto d = target_of(t, j, now);
    if (!d || d->at.met || d->of.finished()) return; // somebody was quicker
    const bool next_step = j.payload.contains("since");
    if (next_step && acknowledged(t, d->of, j.payload["since"])) return;
    if (next_step && stands_still(d->of))
        return jobs::schedule(t, j.kind, j.key, now + patience, j.payload, now);
    std::vector<event::entry> events;
    const auto level = ticket::next_level(d->of.level, d->response);
    const std::string reason = d->response ? "Not answered in time." : "Not resolved in time.";
    if (const auto after = ticket::escalate_by_server(t, s, d->of.number, level, reason, now, events)) {
        events.push_back(event::notice_entry(raised(*after, d->response), now));
        if (ticket::next_level(after->level, d->response) != after->level) {
            const auto known = t.one(sql::newest_ids);
            json payload = j.payload;
            payload["since"] = {{"audit", known.get<std::int64_t>(0)}, {"notice", known.get<std::int64_t>(1)}};
            jobs::schedule(t, j.kind, j.key, now + patience, payload, now);
        }
    }
    event::append(t, events);
}

// A page of the open tickets, then the next one: no transaction holds them all.
void recount(db::tx& t, const jobs::job& j, time_point now) {
    constexpr std::int64_t page = 100;
    const auto found = t.many(sql::open_tickets, j.payload.value("after", std::int64_t{0}), page);
    std::int64_t last = 0;
    std::vector<event::entry> events;
    for (const auto r : found) {
        last = r.get<std::int64_t>(0);
        const auto of = ticket::lock_for_recount(t, last);
        if (!of) continue; // who has it counts it
        count(t, *of, now);
        ticket::announce(t, last, now, events);
    }
    if (found.size() == page) jobs::schedule(t, "sla.recount", j.key, now, {{"after", last}}, now);
    event::append(t, events);
}

} // namespace

void count(db::tx& t, const ticket::row& of, time_point now) {
    const auto said = marks_of(t, of.number);
    const auto r = read_both(t, of, said, now);
    if (!r.covering) return forget(t, of);
    store(t, of, r);
    set_jobs(t, of, true, *r.covering, r.response, said.response_reminded.has_value(), now);
    set_jobs(t, of, false, *r.covering, r.resolution, said.resolution_reminded.has_value(), now);
}

void recount_soon(db::tx& t, time_point now) {
    jobs::schedule(t, "sla.recount", "all", now, {{"after", 0}}, now);
}

void handle_jobs(jobs::runner& runner, const ticket::surroundings& s, std::chrono::minutes patience) {
    runner.handle("sla.remind", [&s](db::tx& t, const jobs::job& j) { remind(t, j, s.clock.now()); });
    runner.handle("sla.breach", [&s](db::tx& t, const jobs::job& j) { breach(t, j, s.clock.now()); });
    runner.handle("sla.escalate", [&s, patience](db::tx& t, const jobs::job& j) {
        escalate(t, s, j, patience, s.clock.now());
    });
    runner.handle("sla.recount", [&s](db::tx& t, const jobs::job& j) { recount(t, j, s.clock.now()); });
}

} // namespace chat_centre::sla
