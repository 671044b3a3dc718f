// Tickets follow their conversations: opened by a handover, assigned, held, answered and resolved with them.

#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

namespace chat_centre::ticket {
namespace {

struct move {
    std::int64_t conversation = 0;
    std::string kind, status, text;
    std::int64_t assigned = 0, was_assigned = 0, department = 0, was_department = 0, by_staff = 0;
    time_point at{};
};

move read_move(const event::entry& e) {
    const json j = json::parse(e.data);
    move m;
    j.at("conversation_id").get_to(m.conversation);
    j.at("kind").get_to(m.kind);
    j.at("status").get_to(m.status);
    j.at("assigned").get_to(m.assigned);
    j.at("was_assigned").get_to(m.was_assigned);
    j.at("department").get_to(m.department);
    j.at("was_department").get_to(m.was_department);
    j.at("by_staff").get_to(m.by_staff);
    m.text = j.value("text", "");
    m.at = e.at;
    return m;
}

actor actor_of(db::tx& t, std::int64_t staff) {
    if (staff == 0) return {};
    const auto who = staff::find(t, staff);
    return who ? actor{who->id, who->name} : actor{};
}

row with_department(db::tx& t, row r, std::int64_t department) {
    if (const auto d = staff::find_department(t, department)) {
        r.department = d->id;
        r.department_slug = d->slug;
        r.department_en = d->name_en;
        r.department_ar = d->name_ar;
    }
    return r;
}

// Who has the conversation has its ticket.
row with_holder(db::tx& t, row r, const move& m) {
    if (m.department != m.was_department && m.department != 0 && m.department != r.department)
        r = with_department(t, std::move(r), m.department);
    if (m.assigned == 0 && m.was_assigned != 0) return unassign(std::move(r), m.at);
    if (m.assigned == 0 || m.assigned == r.assigned) return r;
    const auto to = staff::find(t, m.assigned);
    return to ? assign(std::move(r), {to->id, to->name, to->role}, m.at) : r;
}

row with_edits(db::tx& t, row r, const move& m) {
    const auto c = t.maybe(sql::conversation, m.conversation);
    if (!c || r.finished()) return r;
    r.priority = c->get<std::string>(4);
    if (const auto category = c->get<std::optional<std::string>>(6)) r.category = category;
    if (!c->is_null(5) && c->get<std::int64_t>(5) != r.department)
        r = with_department(t, std::move(r), c->get<std::int64_t>(5));
    return r;
}

// The status that a conversation's movement means for its ticket; "" when none, or when it does not follow.
std::string status_after(const row& r, const move& m) {
    const std::string to = m.kind == "resolve" || m.kind == "handback" ? "resolved"
                           : m.kind == "close"                         ? "closed"
                           : m.kind == "hold"                          ? "on_hold"
                           : m.kind == "unhold"                        ? "in_progress"
                                                                       : "";
    if (m.kind == "unhold" && r.status != "on_hold") return "";
    return !to.empty() && may_move(r.status, to) ? to : "";
}

row moved(db::tx& t, const row& before, const move& m) {
    row r = before;
    const bool lives =
        m.kind == "handover" || m.kind == "takeover" || m.kind == "transfer" || m.kind == "reopen";
    if (lives && r.status == "resolved") r = customer_wrote(std::move(r), m.at);
    if (lives) return with_holder(t, std::move(r), m);
    if (m.kind == "first_response" && !r.first_response_at && !r.finished())
        return answered(std::move(r), m.at);
    if (m.kind == "edit") return with_edits(t, std::move(r), m);
    const std::string to = status_after(r, m);
    return to.empty() ? r : set_status(std::move(r), to, m.at);
}

void follow_one(db::tx& t, const surroundings& s, const move& m, std::vector<event::entry>& events) {
    if (m.kind == "new" || m.kind == "rate") return;
    const actor by = actor_of(t, m.by_staff);
    serialise(t, format_id("CONV", m.conversation));
    const auto before = lock_latest_of_conversation(t, m.conversation);
    if (!before || before->status == "closed") {
        if (m.kind == "handover")
            open_for_conversation(t, s, m.conversation, {"handover", m.text, "", by.staff, by.name}, m.at,
                                  events);
        return;
    }
    row after = moved(t, *before, m);
    const bool answered_first = after.first_response_at != before->first_response_at;
    if (!answered_first && difference(*before, after).empty()) return;
    if (after.version == before->version) { // an edit
        ++after.version;
        after.updated_at = m.at;
    }
    const char* kind = after.assigned != before->assigned ? "assign" : answered_first ? "reply" : "status";
    change what{kind, by, by_system("ticket.follow", before->id, {{"conversation", m.kind}}), "", false};
    keep(t, s, *before, std::move(after), what, m.at, events);
}

// The same words can make the assistant hand over before a rule sees that they complain. Then the handover opened the
// ticket, but it is not what caused it. What the customer says later is another matter.
void name_cause(db::tx& t, const surroundings& s, const row& opened, const std::string& source,
                const std::string& reason, time_point now, std::vector<event::entry>& events) {
    if (opened.source != "handover" || source == "handover") return;
    if (t.scalar<bool>(sql::said_more, opened.conversation, opened.from_seq, now)) return;
    row after = opened;
    after.source = source;
    ++after.version;
    after.updated_at = now;
    const change what{"source", {}, by_system("ticket.follow", opened.id, {{"reason", reason}}), "", false};
    keep(t, s, opened, std::move(after), what, now, events);
}

// A rule, or whoever else may not know of tickets, asks for one: {conversation_id, source, reason}.
void open_wanted(db::tx& t, const surroundings& s, const event::entry& e, std::vector<event::entry>& events) {
    const json j = json::parse(e.data);
    const auto source = j.at("source").get<std::string>();
    const auto reason = j.value("reason", "");
    const auto o = open_for_conversation(t, s, j.at("conversation_id").get<std::int64_t>(),
                                         {source, reason, "", 0, "system"}, e.at, events);
    if (o && !o->made) name_cause(t, s, o->ticket, source, reason, e.at, events);
}

} // namespace

void follow(db::tx& t, const surroundings& s, const std::vector<event::entry>& moves) {
    std::vector<event::entry> events;
    for (const auto& e : moves) {
        if (e.type == "ticket.wanted")
            open_wanted(t, s, e, events);
        else
            follow_one(t, s, read_move(e), events);
    }
    event::append(t, events);
}

} // namespace chat_centre::ticket
