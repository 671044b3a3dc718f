// Who is told of what happens to a ticket.

#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/base/staff_text.hpp>

#include <algorithm>

namespace chat_centre::ticket {
namespace {

event::notice about(const row& r, std::string kind) {
    event::notice n;
    n.kind = std::move(kind);
    n.ticket = r.id;
    n.conversation = r.conversation;
    n.body_en = n.body_ar = r.subject;
    return n;
}

std::string level_of(const row& r) {
    return r.priority == "emergency" ? "urgent" : r.priority == "high" ? "warning" : "info";
}

std::vector<std::int64_t> ids(const db::rows& found) {
    std::vector<std::int64_t> out;
    for (const auto r : found) out.push_back(r.get<std::int64_t>(0));
    return out;
}

void to_managers(event::notice& n, const row& r) {
    if (r.department != 0)
        n.to_managers_of.push_back(r.department);
    else
        n.to_all_managers = true;
}

event::notice of_new(const row& r) {
    auto n = about(r, "ticket.new");
    n.level = level_of(r);
    n.key = "ticket.new " + r.id;
    to_managers(n, r);
    n.title_en = "New ticket " + r.id;
    n.title_ar = "تذكرة جديدة " + r.id;
    return n;
}

event::notice of_assignment(const row& r) {
    auto n = about(r, "ticket.assigned");
    n.level = level_of(r);
    n.to_staff = {r.assigned};
    n.title_en = "Ticket " + r.id + " is yours";
    n.title_ar = "أُسندت إليك التذكرة " + r.id;
    return n;
}

event::notice of_escalation(db::tx& t, const row& r, const std::string& reason) {
    auto n = about(r, "ticket.escalated");
    n.level = "warning";
    if (r.level == "L2")
        n.to_staff = ids(t.many(sql::engineers));
    else
        to_managers(n, r);
    n.title_en = "Ticket " + r.id + " was escalated to " + (r.level == "L2" ? "engineering" : "you");
    n.title_ar = (r.level == "L2" ? "صُعّدت إلى الهندسة التذكرة " : "صُعّدت إليك التذكرة ") + r.id;
    if (!reason.empty()) {
        n.body_en = r.subject + " – " + reason;
        n.body_ar = r.subject + " – " + in_arabic(reason);
    }
    return n;
}

event::notice of_movement(const row& r, std::vector<std::int64_t> people, bool customer) {
    auto n = about(r, "ticket.update");
    n.to_staff = std::move(people);
    n.title_en = customer ? "The customer answered on ticket " + r.id
                          : "Ticket " + r.id + ": " + status_text(r.status);
    n.title_ar = customer ? "ردّ العميل على التذكرة " + r.id : "تغيّرت حالة التذكرة " + r.id;
    return n;
}

} // namespace

void add_notices(db::tx& t, const row& before, const row& after, const change& what, time_point now,
                 std::vector<event::entry>& events) {
    const auto add = [&](const event::notice& n) { events.push_back(event::notice_entry(n, now)); };
    if (what.kind == "new") add(of_new(after));
    if (after.assigned != 0 && after.assigned != before.assigned && after.assigned != what.by.staff)
        add(of_assignment(after));
    if (what.kind != "new" && rank(after.level) > rank(before.level) && what.kind != "assign")
        add(of_escalation(t, after, what.reason));
    if (what.kind != "new" && (before.status != after.status || what.by_customer)) {
        auto people = ids(t.many(sql::followers, after.number));
        if (what.by_customer && after.assigned != 0) people.push_back(after.assigned);
        people.erase(std::remove(people.begin(), people.end(), what.by.staff), people.end());
        std::sort(people.begin(), people.end());
        people.erase(std::unique(people.begin(), people.end()), people.end());
        if (!people.empty()) add(of_movement(after, std::move(people), what.by_customer));
    }
}

} // namespace chat_centre::ticket
