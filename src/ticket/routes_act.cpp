#include <chat_centre/ticket/routes.hpp>

#include "ticket/create.hpp"
#include "ticket/queries.hpp"
#include "ticket/service.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/ticket_actions.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>
#include <functional>

namespace chat_centre::ticket {
namespace {

// One change of one ticket: lock, decide, store, announce. The decision returns the row after it.
struct action {
    std::string kind;  // as in moved_event
    std::string audit; // "ticket.assign"
    std::string reason;
    std::function<row(db::tx&, const row& before, time_point now, std::vector<event::entry>&)> decide;
};

row perform_in(db::tx& t, const surroundings& s, const http::request& r, const action& a, time_point now) {
    const row before = lock_visible(t, r.who, r.path_values.at(0));
    std::vector<event::entry> events;
    row after = a.decide(t, before, now, events);
    if (after.version == before.version) return after; // the wish was already true
    change what{a.kind, {r.who.staff, r.who.name}, audit::by(r, a.audit, before.id), a.reason, false};
    if (!a.reason.empty()) what.record.detail["reason"] = a.reason;
    row stored = keep(t, s, before, std::move(after), what, now, events);
    event::append(t, events);
    return stored;
}

routes::answer perform(const surroundings& s, http::request r, action a) {
    const auto now = s.clock.now();
    auto work = [&s, r = std::move(r), a = std::move(a), now](db::tx& t) {
        return to_json(perform_in(t, s, r, a, now));
    };
    co_return http::response::of(co_await s.pool.run(std::move(work)));
}

void refuse_other_version(const ticket_change_body& body, const row& before) {
    if (!body.version || body.version->value == before.version) return;
    error e{409, "Somebody else changed this ticket", "Look at the newest version and decide again."};
    throw e.with("current", dump(to_json(before)));
}

row edited(const ticket_change_body& body, row r, time_point now) {
    row before = r;
    if (body.subject) r.subject = body.subject->value;
    if (body.description) r.description = body.description->value;
    if (body.category)
        r.category = body.category->value.empty() ? std::nullopt : std::optional(body.category->value);
    if (body.priority) {
        const auto p = read_priority(body.priority->value);
        if (!p) throw error::unprocessable("priority", "must be one of emergency, high, normal, low");
        r.priority = *p;
    }
    if (body.tags) {
        r.tags.clear();
        for (const auto& tag : *body.tags)
            if (std::find(r.tags.begin(), r.tags.end(), tag.value) == r.tags.end())
                r.tags.push_back(tag.value);
    }
    if (difference(before, r).empty()) return before;
    r.updated_at = r.active_at = now;
    ++r.version;
    return r;
}

std::string needed_status(const ticket_change_body& body) {
    const auto status = read_status(body.status->value);
    if (!status)
        throw error::unprocessable(
            "status", "must be one of open, in_progress, waiting_customer, on_hold, resolved, closed");
    return *status;
}

colleague named(db::tx& t, const std::string& text, std::int64_t me) {
    const auto id = text == "me" ? std::optional(me) : parse_id("STF", text);
    const auto to = id ? staff::find(t, *id) : std::nullopt;
    if (!to || !to->active)
        throw error::unprocessable("staff_id", "there is no such colleague, or the account is off");
    return {to->id, to->name, to->role};
}

std::string inverse(const std::string& kind) {
    if (kind == "duplicates") return "duplicated_by";
    if (kind == "blocks") return "blocked_by";
    if (kind == "parent") return "child";
    if (kind == "child") return "parent";
    return "related";
}

// Followers hear of the subject, so only those who may see the ticket anyway are added: oneself, or by whoever leads.
std::int64_t follower_of(db::tx& t, const http::request& r) {
    const auto& text = r.path_values.at(1);
    const auto id = text == "me" ? std::optional(r.who.staff) : parse_id("STF", text);
    if (!id || !staff::find(t, *id)) throw error::not_found("There is no such colleague.");
    if (*id != r.who.staff && !r.who.may(permission::ticket_reassign))
        throw error::forbidden("Only managers and admins choose who else follows a ticket.");
    return *id;
}

routes::answer set_follower(const surroundings& s, http::request r, bool on) {
    const auto now = s.clock.now();
    auto work = [r = std::move(r), on, now](db::tx& t) {
        const row before = lock_visible(t, r.who, r.path_values.at(0));
        const auto staff = follower_of(t, r);
        if (t.exec(on ? sql::follow : sql::unfollow, before.number, staff) == 0) return to_json(before);
        audit::record(t, audit::by(r, on ? "ticket.follow" : "ticket.unfollow", before.id,
                                   {{"staff", format_id("STF", staff)}}));
        const row after = *find(t, before.number);
        std::vector<event::entry> events{change_event(after, "ticket.update", now, nullptr)};
        event::append(t, events);
        return to_json(after);
    };
    co_return http::response::of(co_await s.pool.run(std::move(work)));
}

} // namespace

routes::answer routes::create(http::request r) {
    const auto body = read_fields<new_ticket_body>(r.json_body());
    const auto now = s_.clock.now();
    wish w = read_wish(body, r.who, s_);
    const bool staff = r.who.kind == caller::staff && r.who.may(permission::ticket_write);
    auto work = [&s = s_, r, w = std::move(w), now](db::tx& t) { return create_in(t, s, r, w, now); };
    const created c = co_await s_.pool.run(std::move(work));
    // Whoever has no sight of tickets is told what they need to ask about theirs, not what we know of the contact.
    json answer = staff ? to_json(c.ticket) : to_public_json(c.ticket);
    if (!c.token.empty()) { // this once: only its hash is kept
        answer["portal_token"] = c.token;
        answer["portal_path"] = "/portal/#" + c.token;
    }
    co_return http::response::of(answer, c.made ? 201 : 200);
}

routes::answer routes::of_conversation(http::request r) {
    const auto now = s_.clock.now();
    wish w;
    w.conversation = r.path_id(0, "CONV");
    w.source = "staff";
    auto work = [&s = s_, r, w = std::move(w), now](db::tx& t) { return create_in(t, s, r, w, now); };
    const created c = co_await s_.pool.run(std::move(work));
    co_return http::response::of(to_json(c.ticket), c.made ? 201 : 200);
}

routes::answer routes::change(http::request r) {
    const auto body = read_fields<ticket_change_body>(r.json_body());
    action a{body.status ? "status" : "edit", "ticket.change", "", {}};
    a.decide = [r, body](db::tx& t, const row& before, time_point now, std::vector<event::entry>& events) {
        allow(r.who, act::change, before);
        refuse_other_version(body, before);
        row after = before;
        if (body.status) after = set_status(std::move(after), needed_status(body), now);
        after = edited(body, std::move(after), now);
        if (after.version != before.version) after.version = before.version + 1; // one change
        if (!before.finished() && after.finished() && before.conversation != 0)
            conversation::resolve_with_ticket(
                t, r, before.conversation,
                body.resolution ? std::optional(body.resolution->value) : std::nullopt, now, events);
        return after;
    };
    return perform(s_, std::move(r), std::move(a));
}

routes::answer routes::assign(http::request r) {
    const auto body = read_fields<ticket_assignment_body>(r.json_body());
    if (body.staff_id.has_value() == body.department.has_value())
        throw error::unprocessable("staff_id", "give either staff_id or department");
    action a{"assign", "ticket.assign", "", {}};
    a.decide = [who = r.who, body](db::tx& t, const row& before, time_point now, std::vector<event::entry>&) {
        allow(who, act::take, before);
        if (body.department) {
            const auto d = staff::department_by_slug(t, body.department->value);
            if (!d) throw error::unprocessable("department", "there is no department of this name");
            return move_to(before, {d->id, d->slug, d->name_en, d->name_ar}, now);
        }
        const colleague to = named(t, body.staff_id->value, who.staff);
        if (to.id != who.staff) allow(who, act::reassign, before);
        return ticket::assign(before, to, now);
    };
    return perform(s_, std::move(r), std::move(a));
}

routes::answer routes::escalate(http::request r) {
    const auto body = read_fields<ticket_escalation_body>(r.json_body());
    action a{"escalate", "ticket.escalate", body.reason ? body.reason->value : "", {}};
    a.decide = [who = r.who, level = body.level.value](db::tx&, const row& before, time_point now,
                                                       std::vector<event::entry>&) {
        allow(who, rank(level) < rank(before.level) ? act::lower : act::escalate, before);
        return ticket::escalate(before, level, now);
    };
    return perform(s_, std::move(r), std::move(a));
}

routes::answer routes::note(http::request r) {
    const auto body = read_fields<ticket_note_body>(r.json_body());
    const auto now = s_.clock.now();
    auto work = [r, text = body.body.value, now](db::tx& t) {
        const row before = lock_visible(t, r.who, r.path_values.at(0));
        allow(r.who, act::comment, before);
        const auto id = t.scalar<std::int64_t>(sql::add_note, before.number, r.who.staff, text, now);
        audit::record(t, audit::by(r, "ticket.note", before.id, {{"note", format_id("NOTE", id)}}));
        std::vector<event::entry> events{change_event(before, "ticket.update", now, nullptr)};
        event::append(t, events);
        return json{{"note_id", format_id("NOTE", id)},
                    {"body", text},
                    {"at", to_rfc3339(now)},
                    {"staff_id", format_id("STF", r.who.staff)},
                    {"name", r.who.name}};
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)), 201);
}

routes::answer routes::merge(http::request r) {
    const auto body = read_fields<ticket_merge_body>(r.json_body());
    const auto now = s_.clock.now();
    auto work = [&s = s_, r, into_id = body.into.value, now](db::tx& t) {
        // In the order of their ids, so that two merges cannot wait for each other.
        const auto& from_id = r.path_values.at(0);
        find_visible(t, r.who, from_id);
        if (from_id > into_id) lock_visible(t, r.who, into_id);
        const row from = lock_visible(t, r.who, from_id);
        const row into = lock_visible(t, r.who, into_id);
        allow(r.who, act::change, from);
        if (from.contact != into.contact && !r.who.may(permission::ticket_reassign))
            throw error::forbidden("These are of two different people. A manager can merge them all the same.");
        row after = ticket::merge(from, into, now);
        t.many(sql::merged_moves, from.number, into.number);
        std::vector<event::entry> events;
        const ticket::change what{"merge",
                                  {r.who.staff, r.who.name},
                                  audit::by(r, "ticket.merge", from.id, {{"into", into.id}}),
                                  "",
                                  false};
        keep(t, s, from, std::move(after), what, now, events);
        add_history(t, into.number, {{"merged", std::nullopt, from.id}}, r.who.name, r.who.staff, now);
        const row whole = *find(t, into.number);
        events.push_back(change_event(whole, "ticket.update", now, nullptr));
        event::append(t, events);
        return to_json(whole);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::link(http::request r) {
    const auto body = read_fields<ticket_link_body>(r.json_body());
    const auto now = s_.clock.now();
    const std::string kind = body.kind ? body.kind->value : "related";
    auto work = [r, other_id = body.ticket_id.value, kind, now](db::tx& t) {
        const row one = lock_visible(t, r.who, r.path_values.at(0));
        allow(r.who, act::change, one);
        const row other = find_visible(t, r.who, other_id);
        if (one.number == other.number) throw error::unprocessable("ticket_id", "is the ticket itself");
        t.exec(sql::add_link, one.number, other.number, kind);
        t.exec(sql::add_link, other.number, one.number, inverse(kind));
        add_history(t, one.number, {{"link", std::nullopt, kind + " " + other.id}}, r.who.name, r.who.staff,
                    now);
        audit::record(t, audit::by(r, "ticket.link", one.id, {{"to", other.id}, {"kind", kind}}));
        std::vector<event::entry> events{change_event(one, "ticket.update", now, nullptr)};
        event::append(t, events);
        return to_json(one);
    };
    co_return http::response::of(co_await s_.pool.run(std::move(work)));
}

routes::answer routes::follow(http::request r) { return set_follower(s_, std::move(r), true); }
routes::answer routes::unfollow(http::request r) { return set_follower(s_, std::move(r), false); }

} // namespace chat_centre::ticket
