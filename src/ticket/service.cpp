#include "ticket/service.hpp"

#include "ticket/portal.hpp"
#include "ticket/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>

namespace chat_centre::ticket {
namespace {

// Auto-close counts from the last thing that somebody did; so each change moves both jobs.
void schedule_ageing(db::tx& t, const row& r, time_point now) {
    if (r.status == "resolved") {
        const json payload = {{"ticket", r.number}};
        jobs::schedule(t, "ticket.nudge", r.id, r.active_at + quiet_time - nudge_before, payload, now);
        jobs::schedule(t, "ticket.autoclose", r.id, r.active_at + quiet_time, payload, now);
    } else {
        jobs::cancel(t, "ticket.nudge", r.id);
        jobs::cancel(t, "ticket.autoclose", r.id);
    }
    if (r.status == "waiting_customer" && r.conversation != 0)
        jobs::schedule(t, "ticket.customer", "all", now + std::chrono::seconds(5), json::object(), now);
}

row settled(db::tx& t, const surroundings& s, const row& stored, time_point now) {
    if (s.clocks) s.clocks(t, stored, now);
    schedule_ageing(t, stored, now);
    return *find(t, stored.number);
}

std::string subject_for(const opening& how, const std::string& customer, const std::string& words) {
    constexpr std::size_t longest = 120;
    std::string s = !how.subject.empty() ? how.subject : !words.empty() ? words : how.reason;
    if (s.empty()) s = "Conversation with " + customer;
    std::replace(s.begin(), s.end(), '\n', ' ');
    if (s.size() <= longest) return s;
    s.resize(longest);
    while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0U) == 0x80U)
        s.pop_back(); // a whole character
    if (!s.empty() && static_cast<unsigned char>(s.back()) >= 0xC0U) s.pop_back();
    return s + "…";
}

} // namespace

audit::row by_system(std::string action, const std::string& id, json detail) {
    audit::row r;
    r.action = std::move(action);
    r.target = id;
    r.detail = std::move(detail);
    return r;
}

row keep(db::tx& t, const surroundings& s, const row& before, row after, const change& what, time_point now,
         std::vector<event::entry>& events) {
    const auto changes = difference(before, after);
    update(t, after);
    add_history(t, after.number, changes, what.by.name, what.by.staff, now);
    set_pause(t, before, after, now);
    const row stored = settled(t, s, after, now);
    audit::row record = what.record;
    for (const auto& c : changes)
        if (c.field != "description" && c.field != "subject")
            record.detail[c.field] = json::array(
                {c.before ? json(*c.before) : json(nullptr), c.after ? json(*c.after) : json(nullptr)});
    audit::record(t, record);
    events.push_back(change_event(stored, "ticket.update", now, &before));
    events.push_back(moved_event(stored, before, what.kind, now, what.by.staff));
    add_notices(t, before, stored, what, now, events);
    // Closing what was resolved is no news, and a merged ticket goes on as the other one.
    if (stored.finished() && !before.finished() && stored.merged_into.empty()) {
        news n;
        n.what = stored.status == "resolved" ? occasion::resolved : occasion::closed;
        tell_requester(t, s, stored, std::move(n), stored.status + "-" + std::to_string(stored.version), now);
    }
    return stored;
}

row add(db::tx& t, const surroundings& s, row fresh, const change& what, time_point now,
        std::vector<event::entry>& events) {
    insert(t, fresh, now);
    fresh.created_at = fresh.updated_at = fresh.active_at = now;
    add_history(t, fresh.number, {{"ticket", std::nullopt, "created"}}, what.by.name, what.by.staff, now);
    const row stored = settled(t, s, fresh, now);
    audit::row record = what.record;
    record.target = stored.id;
    audit::record(t, record);
    events.push_back(change_event(stored, "ticket.new", now, nullptr));
    row nothing;
    nothing.status.clear();
    events.push_back(moved_event(stored, nothing, "new", now, what.by.staff));
    add_notices(t, nothing, stored, what, now, events);
    set_language(t, stored, what.language);
    tell_requester(t, s, stored, news{}, "opened", now);
    return stored;
}

row find_visible(db::tx& t, const principal& who, const std::string& id) {
    auto r = is_ticket_id(id) ? find_by_id(t, id) : std::nullopt;
    if (!r || !may_see(who, *r)) throw error::not_found("There is no such ticket.");
    return std::move(*r);
}

row lock_visible(db::tx& t, const principal& who, const std::string& id) {
    auto r = is_ticket_id(id) ? lock_by_id(t, id) : std::nullopt;
    if (!r || !may_see(who, *r)) throw error::not_found("There is no such ticket.");
    return std::move(*r);
}

std::optional<row> lock_for_recount(db::tx& t, std::int64_t number) { return lock_if_free(t, number); }
std::optional<row> load(db::tx& t, std::int64_t number) { return find(t, number); }

std::vector<pause> pauses(db::tx& t, std::int64_t number) {
    std::vector<pause> out;
    for (const auto r : t.many(sql::pauses, number))
        out.push_back({r.get<time_point>(0), r.get<std::optional<time_point>>(1)});
    return out;
}

std::optional<opened> open_for_conversation(db::tx& t, const surroundings& s, std::int64_t conversation,
                                            const opening& how, time_point now,
                                            std::vector<event::entry>& events) {
    serialise(t, format_id("CONV", conversation));
    if (auto known = lock_open_of_conversation(t, conversation)) return opened{std::move(*known), false};
    const auto c = t.maybe(sql::conversation, conversation);
    if (!c) return std::nullopt;
    std::vector<std::string> words; // newest first
    int newest = 0;
    for (const auto w : t.many(sql::last_words, conversation)) {
        if (words.empty()) newest = w.get<int>(1);
        words.push_back(w.get<std::string>(0));
    }

    row r;
    r.contact = c->get<std::int64_t>(0);
    r.requester_name = c->get<std::string>(1);
    r.requester_email = c->get<std::string>(2);
    r.requester_phone = c->get<std::string>(3);
    r.priority = c->get<std::string>(4);
    r.department = c->is_null(5) ? 0 : c->get<std::int64_t>(5);
    r.category = c->get<std::optional<std::string>>(6);
    // The words that led to it belong to it, and what came after them.
    r.from_seq = words.empty() ? c->get<int>(8) : newest - 1;
    r.conversation = conversation;
    r.source = how.source;
    r.description = !how.description.empty() ? how.description
                    : !words.empty()         ? words[telling_one(words)]
                                             : how.reason;
    const bool customers_words = !how.description.empty() ? how.description != how.reason : !words.empty();
    const std::string customer = r.requester_name.empty() ? c->get<std::string>(13) : r.requester_name;
    r.subject = subject_for(how, customer, r.description);
    if (s.classify && !r.category && customers_words) r.category = s.classify(t, r.description).category;
    if (!c->is_null(7)) {
        role of = role::agent;
        parse_role(c->text(12), of);
        r = assign(std::move(r), {c->get<std::int64_t>(7), c->get<std::string>(11), of}, now);
        r.version = 1;
    }
    change what{"new", {how.by_staff, how.by_name}, by_system("ticket.create", ""), how.reason, false};
    what.record.detail = {{"source", r.source}, {"conversation", format_id("CONV", conversation)}};
    if (how.by_staff != 0) {
        what.record.actor_kind = caller::staff;
        what.record.actor_id = how.by_staff;
        what.record.actor_name = how.by_name;
    }
    return opened{add(t, s, std::move(r), what, now, events), true};
}

std::optional<row> escalate_by_server(db::tx& t, const surroundings& s, std::int64_t number,
                                      const std::string& level, const std::string& reason, time_point now,
                                      std::vector<event::entry>& events) {
    const auto before = lock(t, number);
    if (!before || before->finished() || rank(level) <= rank(before->level)) return std::nullopt;
    const change what{
        "escalate", {}, by_system("ticket.escalate", before->id, {{"reason", reason}}), reason, false};
    return keep(t, s, *before, escalate(*before, level, now), what, now, events);
}

std::optional<row> assign_by_server(db::tx& t, const surroundings& s, std::int64_t number, std::int64_t staff,
                                    const std::string& reason, time_point now,
                                    std::vector<event::entry>& events) {
    const auto before = lock(t, number);
    const auto to = staff::find(t, staff);
    if (!before || before->finished() || !to || !to->active || before->assigned == staff) return std::nullopt;
    const change what{
        "assign", {}, by_system("ticket.assign", before->id, {{"reason", reason}}), reason, false};
    return keep(t, s, *before, assign(*before, {to->id, to->name, to->role}, now), what, now, events);
}

void announce(db::tx& t, std::int64_t number, time_point now, std::vector<event::entry>& events) {
    if (const auto r = find(t, number)) events.push_back(change_event(*r, "ticket.update", now, nullptr));
}

void announce(db::tx& t, const std::vector<std::string>& ids, time_point now,
              std::vector<event::entry>& events) {
    for (const auto& id : ids)
        if (const auto r = find_by_id(t, id))
            events.push_back(change_event(*r, "ticket.update", now, nullptr));
}

} // namespace chat_centre::ticket
