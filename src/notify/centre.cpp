#include "notify/centre.hpp"

#include "notify/outbox.hpp"
#include "notify/preferences.hpp"
#include "notify/queries.hpp"

#include <chat_centre/base/ids.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::notify {
namespace {

using ids = std::vector<std::int64_t>;
using events = std::vector<event::entry>;

constexpr int last_step = 2;

ids column(const db::rows& found) {
    ids out;
    for (const auto r : found) out.push_back(r.get<std::int64_t>(0));
    return out;
}

void add_all(ids& to, const ids& more) {
    for (const auto id : more)
        if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

// Somebody always hears of it: where a department has no manager the others do, and where there is none the admins.
ids managers(db::tx& t, const ids& departments) {
    ids out;
    if (!departments.empty()) out = column(t.many(sql::managers_of, db::array_of(departments)));
    if (out.empty()) out = column(t.many(sql::staff_of_role, "manager"));
    if (out.empty()) out = column(t.many(sql::staff_of_role, "admin"));
    return out;
}

ids people_of(db::tx& t, const event::notice& n) {
    ids out;
    add_all(out, n.to_staff);
    if (!n.to_managers_of.empty()) add_all(out, managers(t, n.to_managers_of));
    if (n.to_all_managers) add_all(out, managers(t, {}));
    return out;
}

std::string not_acknowledged(bool arabic, int step) {
    if (step == 0) return "";
    return arabic ? "لم يؤكد أحد استلام هذا الإشعار." : "Nobody has acknowledged this yet.";
}

json notification_object(std::int64_t id, const event::notice& n, bool arabic, int step, time_point at) {
    std::string body = arabic ? n.body_ar : n.body_en;
    if (const auto more = not_acknowledged(arabic, step); !more.empty())
        body += (body.empty() ? "" : "\n") + more;
    return {{"notification_id", format_id("NTF", id)},
            {"kind", n.kind},
            {"level", n.level},
            {"title", arabic ? n.title_ar : n.title_en},
            {"body", body},
            {"at", to_rfc3339(at)},
            {"read_at", nullptr},
            {"acknowledged_at", nullptr},
            {"conversation_id", n.conversation == 0 ? json(nullptr) : json(format_id("CONV", n.conversation))},
            {"ticket_id", n.ticket.empty() ? json(nullptr) : json(n.ticket)},
            {"escalated", step > 0},
            {"settled", false}};
}

// Tells people of a stored notice; those who know it already are left out. Returns how many were told.
std::size_t tell(db::tx& t, const context& c, std::int64_t notice, const event::notice& n, const ids& people,
                 int step, events& out) {
    const auto now = c.clock.now();
    const int minute = minute_of_day(now, c.time_zone);
    ids silent;
    const ids muted = n.conversation == 0 ? ids{} : column(t.many(sql::muted_by, n.conversation));
    std::size_t told = 0;
    for (const auto r : t.many(sql::add_notifications, notice, db::array_of(people), step, now)) {
        ++told;
        const auto id = r.get<std::int64_t>(0);
        const auto staff = r.get<std::int64_t>(1);
        const bool arabic = reads_arabic(r.text(4));
        const auto wish = read_preferences(r.text(5), r.get<std::string>(6), r.get<std::string>(7));
        decision d = decide(wish, n.kind, n.level, minute);
        if (std::find(muted.begin(), muted.end(), staff) != muted.end())
            d.in_app = d.browser = d.mail = false;
        if (!d.in_app) silent.push_back(id);
        if (d.mail && c.smtp.configured()) {
            auto reworded = n;
            if (step > 0) {
                reworded.body_en += (n.body_en.empty() ? "" : "\n") + not_acknowledged(false, step);
                reworded.body_ar += (n.body_ar.empty() ? "" : "\n") + not_acknowledged(true, step);
            }
            const auto name = r.get<std::string>(2);
            const letter l = mail_of(reworded, c.own, arabic ? "ar" : "en", name);
            outgoing o;
            o.kind = "mail";
            o.cause = "notification-" + std::to_string(id);
            o.recipient = r.get<std::string>(3);
            o.subject = l.subject;
            o.payload = dump({{"text", l.text}, {"language", arabic ? "ar" : "en"}, {"name", name}});
            put(t, c, o, now + std::chrono::minutes(d.mail_delay_minutes));
        }
        if (!d.in_app && !d.browser) continue;
        json data = notification_object(id, n, arabic, step, now);
        data["browser"] = d.browser;
        data["unread"] = count_unread(t, staff) - (d.in_app ? 0 : 1);
        out.push_back(personal_event("notification", staff, dump(data), now));
    }
    if (!silent.empty()) t.exec(sql::mark_read_at_once, db::array_of(silent));
    return told;
}

// "sla.breach" goes to channels that ask for sla.breach, sla, its level or everything.
void post_to_chat(db::tx& t, const context& c, std::int64_t notice, const event::notice& n) {
    db::array asked;
    asked.add(n.kind).add(n.kind.substr(0, n.kind.find('.'))).add(n.level).add("*");
    for (const auto r : t.many(sql::integrations_for, asked)) {
        const auto id = r.get<std::int64_t>(0);
        outgoing o;
        o.kind = r.get<std::string>(1);
        o.cause = "integration-" + std::to_string(id) + ":notice-" + std::to_string(notice);
        o.integration = id;
        o.recipient = r.get<std::string>(3);
        o.subject = n.kind;
        o.payload = o.kind == "slack" ? slack_json(n, c.own) : teams_json(n, c.own);
        put(t, c, o, c.clock.now());
    }
}

void store(db::tx& t, const context& c, const event::notice& n, const ids& people, std::int64_t department,
           events& out) {
    const auto now = c.clock.now();
    const auto row = t.one(sql::add_notice, n.key, n.kind, n.level, n.conversation, n.ticket, department,
                           n.title_en, n.title_ar, n.body_en, n.body_ar, now);
    const auto id = row.get<std::int64_t>(0);
    tell(t, c, id, n, people, 0, out);
    if (!row.get<bool>(1)) return; // known: only people who had not heard of it were told
    post_to_chat(t, c, id, n);
    if (n.level == "urgent")
        jobs::schedule(t, escalate_job, std::to_string(id), now + c.escalation, json::object(), now);
}

void settle_waiting(db::tx& t, const context& c, const move& m, events& out) {
    const auto now = c.clock.now();
    const auto row = t.one(sql::settle_waiting, m.conversation, now, m.by_staff);
    for (const auto staff : json::parse(row.text(0)).get<ids>())
        out.push_back(
            personal_event("notification.read", staff, dump({{"unread", count_unread(t, staff)}}), now));
    for (const auto notice : json::parse(row.text(1)).get<ids>())
        jobs::cancel(t, escalate_job, std::to_string(notice));
}

void moved(db::tx& t, const context& c, const event::entry& e, events& out) {
    const json d = json::parse(e.data);
    const move m{e.conversation,
                 d.value("status", ""),
                 d.value("was_status", ""),
                 d.value("assigned", std::int64_t{0}),
                 d.value("was_assigned", std::int64_t{0}),
                 d.value("department", std::int64_t{0}),
                 d.value("was_department", std::int64_t{0}),
                 d.value("by_staff", std::int64_t{0}),
                 d.value("priority", "normal")};
    const concern what = concern_of(m);
    if (what == concern{}) return;
    if (what.settled) settle_waiting(t, c, m, out);
    if (!what.waiting && !what.passed) return;
    const auto customer = t.maybe(sql::customer_of, m.conversation);
    if (!customer) return;
    // The log is read a moment later: what is over by now is not worth a bell.
    if (what.waiting && customer->text(1) == "pending") {
        ids people = column(t.many(sql::who_takes_waiting, m.department));
        std::erase(people, m.by_staff);
        if (people.empty()) people = managers(t, m.department == 0 ? ids{} : ids{m.department});
        store(t, c, waiting_notice(m.conversation, customer->text(0), m.priority), people, m.department, out);
    }
    if (what.passed)
        store(t, c, passed_notice(m.conversation, customer->text(0), m.priority), {m.assigned}, m.department,
              out);
}

} // namespace

concern concern_of(const move& m) {
    concern out;
    const bool waits = m.status == "pending";
    const bool waited = m.was_status == "pending";
    out.waiting = waits && (!waited || m.department != m.was_department);
    out.passed = m.assigned != 0 && m.assigned != m.was_assigned && m.assigned != m.by_staff;
    out.settled = waited && (!waits || m.department != m.was_department);
    return out;
}

void handle(db::tx& t, const context& c, const std::vector<event::entry>& batch) {
    events out;
    for (const auto& e : batch) {
        if (e.type == "conversation.moved") {
            moved(t, c, e, out);
            continue;
        }
        event::notice n;
        try {
            n = event::read_notice(e);
        } catch (const std::exception& failed) { // it would fail for ever, and hold up all others
            spdlog::error("event {} is no notice: {}", e.id, failed.what());
            continue;
        }
        if (n.level != "warning" && n.level != "urgent") n.level = "info";
        store(t, c, n, people_of(t, n), n.to_managers_of.empty() ? 0 : n.to_managers_of.front(), out);
    }
    event::append(t, out);
}

void escalate(db::tx& t, const context& c, const jobs::job& j) {
    const auto row = t.maybe(sql::find_notice, std::stoll(j.key));
    if (!row || row->get<bool>(12)) return;
    event::notice n;
    n.key = row->get<std::string>(1);
    n.kind = row->get<std::string>(2);
    n.level = row->get<std::string>(3);
    n.conversation = row->get<std::int64_t>(4);
    n.ticket = row->get<std::string>(5);
    const auto department = row->get<std::int64_t>(6);
    n.title_en = row->get<std::string>(7);
    n.title_ar = row->get<std::string>(8);
    n.body_en = row->get<std::string>(9);
    n.body_ar = row->get<std::string>(10);
    const auto id = row->get<std::int64_t>(0);
    events out;
    // A step on which everybody knows already is no step.
    int step = row->get<int>(11);
    std::size_t told = 0;
    while (told == 0 && step < last_step) {
        ++step;
        const auto people = step == 1 ? managers(t, department == 0 ? ids{} : ids{department})
                                      : column(t.many(sql::staff_of_role, "admin"));
        told = tell(t, c, id, n, people, step, out);
    }
    t.exec(sql::climb, id, step);
    if (step < last_step) {
        const auto now = c.clock.now();
        jobs::schedule(t, escalate_job, std::to_string(id), now + c.escalation, json::object(), now);
    }
    event::append(t, out);
}

event::entry personal_event(std::string type, std::int64_t staff, std::string data, time_point now) {
    event::entry e;
    e.type = std::move(type);
    e.at = now;
    e.who = event::audience::person;
    e.now.assigned = staff;
    e.data = std::move(data);
    return e;
}

std::int64_t count_unread(db::tx& t, std::int64_t staff) {
    return t.scalar<std::int64_t>(sql::count_unread, staff);
}

bool reads_arabic(std::string_view ui_language) { return ui_language.substr(0, 2) == "ar"; }

json notification_json(const db::row& r, bool arabic) {
    event::notice n;
    n.kind = r.get<std::string>(1);
    n.level = r.get<std::string>(2);
    n.title_en = r.get<std::string>(3);
    n.title_ar = r.get<std::string>(4);
    n.body_en = r.get<std::string>(5);
    n.body_ar = r.get<std::string>(6);
    n.conversation = r.get<std::int64_t>(10);
    n.ticket = r.get<std::string>(11);
    json out = notification_object(r.get<std::int64_t>(0), n, arabic, r.get<int>(12), r.get<time_point>(7));
    if (!r.is_null(8)) out["read_at"] = to_rfc3339(r.get<time_point>(8));
    if (!r.is_null(9)) out["acknowledged_at"] = to_rfc3339(r.get<time_point>(9));
    out["settled"] = !r.is_null(13);
    return out;
}

} // namespace chat_centre::notify
