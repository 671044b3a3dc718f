#include "conversation/actions.hpp"

#include "conversation/lane_store.hpp"
#include "conversation/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/staff_text.hpp>

#include <algorithm>

namespace chat_centre::conversation {
namespace {

event::entry staff_event(const row& c, const char* type, const json& data, time_point now) {
    event::entry e;
    e.type = type;
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_staff;
    e.now = c.scope();
    e.data = dump(data);
    return e;
}

// Whoever joins the waiting list, or is given a chat by a colleague, must not wait unseen.
void add_alerts(const row& before, const row& after, const step& s, time_point now,
                std::vector<event::entry>& out) {
    const json id = format_id("CONV", after.id);
    const std::string name = after.user_name.empty() ? after.user_id : after.user_name;
    if (s.said && s.said->kind == "handover")
        out.push_back(staff_event(after, "handover.requested",
                                  {{"conversation_id", id},
                                   {"reason", s.said->reason.value_or("")},
                                   {"reason_ar", in_arabic(s.said->reason.value_or(""))},
                                   {"by", after.handover_by.value_or("staff")},
                                   {"priority", after.priority},
                                   {"user_name", after.user_name}},
                                  now));
    const bool now_waiting = after.status == "pending" && before.scope() != after.scope();
    const bool given = s.said && s.said->kind == "transfer" && after.assigned != 0;
    if (!now_waiting && !given) return;
    const bool urgent = after.priority == "emergency" || after.priority == "high";
    out.push_back(staff_event(after, "alert",
                              {{"conversation_id", id},
                               {"level", urgent ? "urgent" : "waiting"},
                               {"text", given ? name + " was passed to " + after.assigned_name + "."
                                              : name + " is waiting for a person."},
                               {"text_ar", given ? "حُوّلت محادثة " + name + " إلى " + after.assigned_name + "."
                                                 : name + " بانتظار أحد الموظفين."}},
                              now));
}

row lock_for(db::tx& t, const principal& who, std::int64_t id, sight_rule rule) {
    if (rule == sight_rule::visible) return lock_visible(t, who, id);
    row c = lock_any(t, id);
    if (may_see(who, c)) return c;
    // It was in this agent's waiting list a moment ago: tell them who was quicker.
    const bool theirs = c.department == 0 || std::find(who.departments.begin(), who.departments.end(),
                                                       c.department) != who.departments.end();
    if (who.kind == caller::staff && who.role == role::agent && c.status == "active" && c.assigned != 0 &&
        theirs) {
        error e{409, "A colleague has this conversation", c.assigned_name + " has it already."};
        throw e.with("assigned_staff",
                     dump({{"staff_id", format_id("STF", c.assigned)}, {"name", c.assigned_name}}));
    }
    throw error::not_found("There is no such conversation.");
}

json perform_in(db::tx& t, const http::request& r, std::int64_t id, const action& a, time_point now) {
    const row before = lock_for(t, r.who, id, a.rule);
    const step s = a.decide(t, before, now);
    if (!s.changed) return to_json(s.after, now);
    json detail = {{"status", s.after.status}, {"was", before.status}};
    if (s.said && s.said->to_staff != 0) detail["to"] = format_id("STF", s.said->to_staff);
    if (s.said && s.said->to_department != 0) detail["to"] = s.after.department_slug;
    const std::string kind = s.said ? s.said->kind : a.audit_name == "conversation.rate" ? "rate" : "edit";
    std::vector<event::entry> events;
    keep(t,
         {{before, s, audit::by(r, a.audit_name, format_id("CONV", id), std::move(detail)), kind, r.who.staff}},
         now, events);
    if (a.also) a.also(t, s.after);
    event::append(t, events);
    return to_json(s.after, now);
}

} // namespace

void keep(db::tx& t, const std::vector<decided>& all, time_point now, std::vector<event::entry>& events) {
    std::vector<row> rows;
    std::vector<new_turn> turns;
    std::vector<audit::row> records;
    for (const auto& d : all) {
        const row& after = d.what.after;
        const auto& said = d.what.said;
        rows.push_back(after);
        if (said)
            turns.push_back({after.id, after.last_seq, said->kind, said->reason, said->staff, said->to_staff,
                             said->to_department});
        records.push_back(d.record);
        events.push_back(change_event(after, "conversation.update", now, d.before.scope()));
        add_alerts(d.before, after, d.what, now, events);
        events.push_back(moved_event(after, before_move(d.before), d.kind, now, d.by_staff,
                                     said ? said->reason.value_or("") : ""));
        if (said && said->kind == "handover" && after.own_assistant)
            events.push_back(assistant_call(after, "handover", "", after.last_seq, now));
    }
    update_rows(t, rows);
    insert_turns(t, turns, now);
    audit::record(t, records);
}

boost::asio::awaitable<json> perform(surroundings& s, http::request r, std::int64_t id, action a) {
    const time_point now = s.clock.now();
    auto work = [r = std::move(r), id, a = std::move(a), now](db::tx& t) {
        return perform_in(t, r, id, a, now);
    };
    co_return co_await s.pool.run(std::move(work));
}

} // namespace chat_centre::conversation
