#include <chat_centre/contact/work_routes.hpp>

#include "contact/input.hpp"
#include "contact/queries.hpp"
#include "contact/store.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/notice.hpp>
#include <chat_centre/http/page.hpp>

namespace chat_centre::contact {
namespace {

struct task {
    std::int64_t id = 0;
    std::string title;
    std::string note;
    std::optional<time_point> due_at, done_at;
    std::int64_t owner = 0;
    std::string owner_name;
    std::int64_t contact = 0;
    std::string contact_name;
    std::int64_t conversation = 0;
    std::string ticket;
    time_point created_at{};
};

struct task_filter {
    std::optional<std::int64_t> owner;
    bool nobodys = false;
    std::optional<bool> open;
    std::optional<std::int64_t> contact, conversation;
    std::optional<std::string> after_due; // "infinity": at no time
    std::int64_t after_id = 0;
    std::optional<std::int64_t> id;
    std::int64_t limit = 1;
};

task task_from(const db::row& r) {
    const auto id = [&r](int column) { return r.get<std::optional<std::int64_t>>(column).value_or(0); };
    task k;
    k.id = r.get<std::int64_t>(0);
    k.title = r.get<std::string>(1);
    k.note = r.get<std::string>(2);
    k.due_at = r.get<std::optional<time_point>>(3);
    k.done_at = r.get<std::optional<time_point>>(4);
    k.owner = id(5);
    k.owner_name = r.text(6);
    k.contact = id(7);
    k.contact_name = r.text(8);
    k.conversation = id(9);
    k.ticket = r.text(10);
    k.created_at = r.get<time_point>(11);
    return k;
}

json to_json(const task& k) {
    json j = {{"task_id", format_id("TASK", k.id)},
              {"title", k.title},
              {"note", k.note},
              {"due_at", nullptr},
              {"done_at", nullptr},
              {"owner", nullptr},
              {"contact", nullptr},
              {"conversation_id", nullptr},
              {"ticket_id", nullptr},
              {"created_at", to_rfc3339(k.created_at)}};
    if (k.due_at) j["due_at"] = to_rfc3339(*k.due_at);
    if (k.done_at) j["done_at"] = to_rfc3339(*k.done_at);
    if (k.owner != 0) j["owner"] = {{"staff_id", format_id("STF", k.owner)}, {"name", k.owner_name}};
    if (k.contact != 0)
        j["contact"] = {{"contact_id", format_id("CUST", k.contact)}, {"name", k.contact_name}};
    if (k.conversation != 0) j["conversation_id"] = format_id("CONV", k.conversation);
    if (!k.ticket.empty()) j["ticket_id"] = k.ticket;
    return j;
}

std::vector<task> find_tasks(db::tx& t, const principal& who, const task_filter& f) {
    const auto s = sight_of(who);
    std::vector<task> out;
    for (const auto r :
         t.many(sql::list_tasks, s.everything, s.staff, s.departments, s.engineer, f.owner, f.nobodys, f.open,
                f.contact, f.conversation, f.after_due, f.after_id, f.id, f.limit))
        out.push_back(task_from(r));
    return out;
}

task find_task(db::tx& t, const principal& who, std::int64_t id) {
    task_filter f;
    f.id = id;
    auto found = find_tasks(t, who, f);
    if (found.empty()) throw error::not_found("There is no such task.");
    return std::move(found.front());
}

// Throws 422 unless that person may be given a task. 0: nobody.
std::int64_t owner_of(db::tx& t, const std::string& named, const principal& who) {
    if (named == "me") return who.staff;
    if (named == "none") return 0;
    const auto id = read_id(named, "STF", "owner");
    if (!t.maybe(sql::find_colleague, id))
        throw error::unprocessable("owner", "there is no such colleague, or the account is off");
    return id;
}

void plan_reminder(db::tx& t, const task& k, time_point now) {
    const auto key = std::to_string(k.id);
    if (k.due_at && !k.done_at && *k.due_at > now)
        jobs::schedule(t, task_due, key, *k.due_at, {{"task", k.id}}, now);
    else
        jobs::cancel(t, task_due, key);
}

event::entry notice_of(const task& k, const char* kind, const char* title_en, const char* title_ar,
                       time_point now) {
    event::notice n;
    n.kind = kind;
    n.key = std::string(kind) + ":" + std::to_string(k.id) + ":" + (k.due_at ? to_rfc3339(*k.due_at) : "");
    n.to_staff = {k.owner};
    n.conversation = k.conversation;
    n.ticket = k.ticket;
    n.title_en = title_en;
    n.title_ar = title_ar;
    n.body_en = n.body_ar = k.title;
    return event::notice_entry(n, now);
}

// The last statements of a transaction.
void announce(db::tx& t, const task& k, bool new_owner, time_point now) {
    std::vector<event::entry> events;
    if (new_owner) events.push_back(notice_of(k, "task.assigned", "A task for you", "مهمة لك", now));
    events.push_back(changed("task.update", "task_id", format_id("TASK", k.id), k.contact, now));
    event::append(t, events);
}

} // namespace

work_routes::answer work_routes::list_tasks(http::request r) {
    const auto page = http::read_page(r);
    task_filter f;
    if (const auto owner = given(r, "owner")) {
        f.nobodys = *owner == "none";
        if (*owner == "me")
            f.owner = r.who.staff;
        else if (!f.nobodys)
            f.owner = read_id(*owner, "STF", "owner");
    }
    f.open = given_flag(r, "open");
    if (const auto v = given(r, "contact")) f.contact = read_id(*v, "CUST", "contact");
    if (const auto v = given(r, "conversation")) f.conversation = read_id(*v, "CONV", "conversation");
    f.limit = page.fetch();
    if (page.after) {
        f.after_due = page.text("due");
        if (*f.after_due != "infinity" && !parse_time(*f.after_due, "UTC"))
            throw error::unprocessable("cursor", "is not one of this list");
        f.after_id = page.number("id", 0);
    }
    auto work = [who = r.who, f](db::tx& t) { return find_tasks(t, who, f); };
    const auto found = co_await pool_.run(std::move(work));
    json items = json::array();
    for (const auto& k : found) items.push_back(to_json(k));
    const auto answer = http::page_answer(std::move(items), page, [&](const json&) {
        const auto& last = found[static_cast<std::size_t>(page.limit) - 1];
        return json{{"due", last.due_at ? to_postgres(*last.due_at) : "infinity"}, {"id", last.id}};
    });
    co_return http::response::of(answer);
}

work_routes::answer work_routes::create_task(http::request r) {
    const auto body = read_fields<new_task_body>(r.json_body());
    const auto now = clock_.now();
    if (body.due_at && body.due_in_days)
        throw error::unprocessable("due_in_days", "give either due_at or due_in_days");
    task k;
    k.title = body.title.value;
    if (body.note) k.note = body.note->value;
    if (body.due_at) k.due_at = read_moment(body.due_at->value, "due_at", zone_);
    if (body.due_in_days) k.due_at = now + std::chrono::hours(24 * body.due_in_days->value);
    if (body.contact_id) k.contact = read_id(body.contact_id->value, "CUST", "contact_id");
    if (body.conversation_id)
        k.conversation = read_id(body.conversation_id->value, "CONV", "conversation_id");
    if (body.ticket_id) k.ticket = body.ticket_id->value;
    auto work = [r, k, now, owner = body.owner ? body.owner->value : std::string("me")](db::tx& t) {
        task made = k;
        const auto s = sight_of(r.who);
        made.owner = owner_of(t, owner, r.who);
        if (made.conversation != 0) {
            const auto of = t.maybe(sql::find_conversation, s.everything, s.staff, s.departments, s.engineer,
                                    made.conversation);
            if (!of) throw error::unprocessable("conversation_id", "there is no such conversation");
            if (made.contact == 0) made.contact = of->get<std::int64_t>(0);
        }
        if (made.contact != 0) {
            made.contact = current_id(t, made.contact);
            if (!sees(t, r.who, made.contact))
                throw error::unprocessable("contact_id", "there is no such contact");
        }
        made.id =
            t.scalar<std::int64_t>(sql::insert_task, made.title, made.note, made.due_at, or_null(made.owner),
                                   or_null(r.who.staff), or_null(made.contact), or_null(made.conversation),
                                   made.ticket.empty() ? std::nullopt : std::optional(made.ticket), now);
        plan_reminder(t, made, now);
        audit::record(t, audit::by(r, "task.create", format_id("TASK", made.id)));
        made = find_task(t, r.who, made.id);
        announce(t, made, made.owner != 0 && made.owner != r.who.staff, now);
        return to_json(made);
    };
    const auto made = co_await pool_.run(std::move(work));
    co_return http::response::of(made, 201);
}

work_routes::answer work_routes::change_task(http::request r) {
    const auto body = read_fields<task_change_body>(r.json_body());
    const auto now = clock_.now();
    std::optional<time_point> due;
    if (body.due_at && !body.due_at->value.empty()) due = read_moment(body.due_at->value, "due_at", zone_);
    auto work = [r, body, due, now, id = r.path_id(0, "TASK")](db::tx& t) {
        if (!t.maybe(sql::lock_task, id)) throw error::not_found("There is no such task.");
        task k = find_task(t, r.who, id);
        const auto owner_before = k.owner;
        std::vector<std::string> fields;
        const auto set = [&fields](const char* name, auto& value, auto wanted) {
            if (value == wanted) return;
            value = std::move(wanted);
            fields.emplace_back(name);
        };
        if (body.title) set("title", k.title, body.title->value);
        if (body.note) set("note", k.note, body.note->value);
        if (body.due_at) set("due_at", k.due_at, due);
        if (body.done && *body.done != k.done_at.has_value())
            set("done", k.done_at, *body.done ? std::optional(now) : std::nullopt);
        if (body.owner) set("owner", k.owner, owner_of(t, body.owner->value, r.who));
        if (fields.empty()) return to_json(k);
        t.exec(sql::update_task, k.id, k.title, k.note, k.due_at, k.done_at, or_null(k.owner), now);
        plan_reminder(t, k, now);
        audit::record(t, audit::by(r, "task.change", format_id("TASK", k.id), {{"fields", fields}}));
        principal anyone = r.who; // who gives it away still gets the answer
        anyone.role = role::admin;
        k = find_task(t, anyone, k.id);
        announce(t, k, k.owner != 0 && k.owner != owner_before && k.owner != r.who.staff, now);
        return to_json(k);
    };
    co_return http::response::of(co_await pool_.run(std::move(work)));
}

void remind_of_task(db::tx& t, const jobs::job& j, time_point now) {
    principal server;
    server.kind = caller::staff;
    server.role = role::admin;
    task_filter f;
    f.id = j.payload.at("task").get<std::int64_t>();
    const auto found = find_tasks(t, server, f);
    if (found.empty() || found.front().done_at || found.front().owner == 0) return;
    std::vector<event::entry> events{
        notice_of(found.front(), "task.due", "A task is due", "حان موعد مهمة", now)};
    event::append(t, events);
}

} // namespace chat_centre::contact
