#include <chat_centre/routing/routing.hpp>

#include "routing/apply_rules.hpp"
#include "routing/dispatch.hpp"
#include "routing/offers.hpp"
#include "routing/queries.hpp"
#include "routing/tickets.hpp"
#include "routing/waits.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/staff/staff.hpp>

#include <set>

namespace chat_centre::routing {
namespace {

constexpr const char* away_job = "routing.away";      // key: staff
constexpr const char* ticket_job = "routing.tickets"; // key: department; a new ticket is there

void stir_for(db::tx& t, std::int64_t staff, std::set<std::int64_t>& stirred) {
    if (staff == 0) return;
    for (const auto r : t.many(sql::queues_of, staff)) stirred.insert(r.get<std::int64_t>(0));
}

// Their conversations wait for somebody else. `all`: also those of departments where people pick up by hand.
void release(db::tx& t, std::int64_t staff, bool all, const std::string& reason, const wording& shown,
             time_point now, std::vector<event::entry>& events) {
    withdraw_offers_to(t, staff, now, events);
    for (const auto r : t.many(sql::held_by, staff, all)) {
        const auto id = r.get<std::int64_t>(0);
        if (conversation::return_to_queue(t, id, reason, now, events))
            record(t, {id, "returned", staff, shown, json::array()}, now);
    }
}

void append_if_any(db::tx& t, std::vector<event::entry>& events) {
    if (!events.empty()) event::append(t, events);
}

} // namespace

desk::desk(parts p)
    : p_(std::move(p)), server_(random_id(12)),
      follower_(
          p_.database, "routing", {"conversation.moved", "message.heard", "staff.changed", "ticket.moved"},
          [this](db::tx& t, const std::vector<event::entry>& e) { follow(t, e); },
          event::follower::pace::prompt) {
    add_jobs();
}

void desk::add_jobs() {
    const auto dispatch = [this](db::tx& t, const jobs::job& j) {
        const auto department = j.payload.at("department").get<std::int64_t>();
        const auto now = p_.clock.now();
        std::vector<event::entry> events;
        bool more = drain(t, department, now, events).more;
        if (p_.tickets)
            more = give_tickets(t, p_.tickets(), department, j.kind == ticket_job, now, events) || more;
        if (more) drain_soon(t, department, now);
        append_if_any(t, events);
    };
    p_.jobs.handle(drain_job, dispatch);
    p_.jobs.handle(open_job, dispatch);
    p_.jobs.handle(ticket_job, dispatch);
    p_.jobs.handle(offer_job, [this](db::tx& t, const jobs::job& j) {
        std::vector<event::entry> events;
        expire_offer(t, j.payload.at("offer").get<std::int64_t>(), p_.clock.now(), events);
        append_if_any(t, events);
    });
    p_.jobs.handle(away_job, [this](db::tx& t, const jobs::job& j) {
        const auto staff = j.payload.at("staff").get<std::int64_t>();
        if (t.scalar<bool>(sql::is_present, staff)) return;
        std::vector<event::entry> events;
        release(t, staff, false, "was away for too long", {"was away for too long", "غاب مدة طويلة"},
                p_.clock.now(), events);
        append_if_any(t, events);
    });
    p_.jobs.handle(time_job, [this](db::tx& t, const jobs::job& j) {
        std::vector<event::entry> events;
        run_time_rule(t, j.payload.at("conversation").get<std::int64_t>(),
                      j.payload.at("rule").get<std::int64_t>(), p_.judges, p_.clock.now(), events);
        append_if_any(t, events);
    });
    p_.jobs.perform(full_job, [this](const jobs::job& j) { say_full(p_.lane, p_.assistant_name, j.payload); });
}

void desk::follow(db::tx& t, const std::vector<event::entry>& batch) const {
    const auto now = p_.clock.now();
    // First whatever schedules a dispatch, then what locks conversations: see dispatch.hpp.
    std::set<std::int64_t> stirred, new_tickets;
    std::vector<json> moves;
    std::vector<std::int64_t> changed;
    for (const auto& e : batch) {
        json data = json::parse(e.data, nullptr, false);
        if (!data.is_object()) continue;
        if (e.type == "staff.changed") {
            changed.push_back(data.value("staff_id", std::int64_t{0}));
            stir_for(t, changed.back(), stirred);
            continue;
        }
        if (e.type == "ticket.moved") {
            if (data.value("kind", "") != "new" || data.value("assigned", std::int64_t{0}) != 0) continue;
            if (data.value("conversation", std::int64_t{0}) != 0) continue; // it goes with that
            const auto department = data.value("department", std::int64_t{0});
            new_tickets.insert(department != 0 ? department : default_department(t));
            continue;
        }
        if (e.type == "message.heard") {
            data["kind"] = "message";
            data["conversation_id"] = e.conversation;
        } else {
            const auto was = data.value("was_assigned", std::int64_t{0}),
                       is = data.value("assigned", std::int64_t{0});
            if (was != 0) t.exec(sql::touch_turns, was, now);
            const bool ended = was != 0 && (is != was || data.value("status", "") != "active");
            if (ended) stir_for(t, was, stirred);
            if (data.value("status", "") == "pending") {
                const auto department = data.value("department", std::int64_t{0});
                stirred.insert(department != 0 ? department : default_department(t));
            }
        }
        data["at"] = e.at.time_since_epoch().count();
        moves.push_back(std::move(data));
    }
    for (const auto id : stirred)
        if (const auto d = find_desk(t, id); d && d->how != method::manual) drain_soon(t, id, now);
    for (const auto id : new_tickets)
        if (const auto d = find_desk(t, id); d && d->how != method::manual)
            jobs::schedule(t, ticket_job, std::to_string(id), now, {{"department", id}}, now);

    std::vector<event::entry> out;
    const auto all = moves.empty() ? std::vector<rule>{} : rules(t);
    for (const auto& m : moves) handle_move(t, all, m, p_.judges, now, out);
    for (const auto id : changed)
        if (const auto who = staff::find(t, id); who && !who->active)
            release(t, id, true, "the account is no longer in use",
                    {"the account is no longer in use", "لم يعد الحساب مستخدمًا"}, now, out);
    append_if_any(t, out);
}

void desk::presence_changed(db::tx& t, std::int64_t staff, time_point now) const {
    if (p_.online(staff)) { // before the lock: see dispatch.hpp on their order
        std::set<std::int64_t> stirred;
        stir_for(t, staff, stirred);
        for (const auto id : stirred) drain_soon(t, id, now);
    }
    // Two changes in quick succession may arrive in either order: the lock puts them in one, and the truth of that
    // moment is written by the last of them.
    if (!t.maybe(sql::lock_staff, staff)) return;
    if (p_.online(staff)) {
        t.exec(sql::arrive, staff, server_, now);
        jobs::cancel(t, away_job, std::to_string(staff));
        return;
    }
    t.exec(sql::leave, staff, server_);
    if (!t.scalar<bool>(sql::is_present, staff))
        jobs::schedule(t, away_job, std::to_string(staff), now + p_.away_grace, {{"staff", staff}}, now);
}

void desk::renew_presence(db::tx& t, time_point now) const {
    t.exec(sql::renew_presence, server_, now);
    for (const auto r : t.many(sql::bury_presence, now - presence_life)) {
        const auto staff = r.get<std::int64_t>(0);
        if (!t.scalar<bool>(sql::is_present, staff))
            jobs::schedule(t, away_job, std::to_string(staff), now, {{"staff", staff}}, now);
    }
}

} // namespace chat_centre::routing
