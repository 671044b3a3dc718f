#include <chat_centre/conversation/staff_actions.hpp>

#include "conversation/actions.hpp"
#include "conversation/life.hpp"
#include "conversation/queries.hpp"
#include "conversation/store.hpp"

#include <chat_centre/base/fields.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::conversation {
namespace {

constexpr std::string_view with_outcome = "resolved:";
constexpr std::array<std::string_view, 4> priority_names{"emergency", "high", "normal", "low"};
constexpr std::array<std::string_view, 6> act_statuses{"active", "on_hold",  "off_hold",
                                                       "bot",    "resolved", "closed"};

constexpr std::array marks{"status", "handler", "assigned", "department", "on_hold", "outcome"};

step edited(row c, time_point now) {
    c.updated_at = now;
    ++c.version;
    return {std::move(c), true, std::nullopt};
}

step to_department(db::tx& t, row c, const principal& who, const std::string& slug, time_point now) {
    const auto d = staff::department_by_slug(t, slug);
    if (!d) throw error::unprocessable("value", "there is no department " + slug);
    return move_to(std::move(c), who, {d->id, d->slug, d->name_en, d->name_ar}, std::nullopt, now);
}

step to_person(db::tx& t, row c, const principal& who, const std::string& value, time_point now) {
    const auto id = value == "me" ? std::optional{who.staff} : parse_id("STF", value);
    const auto to = id ? staff::find(t, *id) : std::nullopt;
    if (!to || !to->active || to->role == role::engineer)
        throw error::unprocessable("value", "there is no such colleague who answers customers");
    return assign_to(std::move(c), who, {to->id, to->name}, std::nullopt, now);
}

step to_status(row c, const principal& who, const std::string& value, time_point now) {
    if (value == "active") return take_over(std::move(c), who, false, now);
    if (value == "on_hold" || value == "off_hold") return hold(std::move(c), who, value == "on_hold", now);
    if (value == "bot") return hand_back(std::move(c), who, now);
    std::optional<std::string> outcome;
    if (value.starts_with(with_outcome)) outcome = value.substr(with_outcome.size());
    return resolve(std::move(c), who, std::move(outcome), std::nullopt, value == "closed", now);
}

step decide(db::tx& t, row c, const principal& who, staff_act what, const std::string& value, time_point now) {
    const auto tag = std::find(c.tags.begin(), c.tags.end(), value);
    switch (what) {
    case staff_act::tag:
        if (tag != c.tags.end()) return {std::move(c), false, std::nullopt};
        c.tags.push_back(value);
        return edited(std::move(c), now);
    case staff_act::untag:
        if (tag == c.tags.end()) return {std::move(c), false, std::nullopt};
        c.tags.erase(tag);
        return edited(std::move(c), now);
    case staff_act::priority:
        if (c.priority == value) return {std::move(c), false, std::nullopt};
        c.priority = value;
        return edited(std::move(c), now);
    case staff_act::category:
        if (c.category.value_or("") == value) return {std::move(c), false, std::nullopt};
        c.category = value.empty() ? std::nullopt : std::optional{value};
        return edited(std::move(c), now);
    case staff_act::department: return to_department(t, std::move(c), who, value, now);
    case staff_act::assign: return to_person(t, std::move(c), who, value, now);
    case staff_act::status: return to_status(std::move(c), who, value, now);
    }
    return {std::move(c), false, std::nullopt};
}

const char* audit_name(staff_act what, const std::string& value) {
    switch (what) {
    case staff_act::department:
    case staff_act::assign: return "conversation.assign";
    case staff_act::status:
        return value == "active"     ? "conversation.takeover"
               : value == "on_hold"  ? "conversation.hold"
               : value == "off_hold" ? "conversation.unhold"
               : value == "bot"      ? "conversation.handback"
               : value == "closed"   ? "conversation.close"
                                     : "conversation.resolve";
    default: return "conversation.edit";
    }
}

template <class Names>
bool among(const Names& names, std::string_view value) {
    return std::find(names.begin(), names.end(), value) != names.end();
}

std::string kind_of_return(const row& before, const row& present) {
    if (present.status == "resolved") return "reopen";
    return before.handler == "bot" ? "handback" : "transfer";
}

json time_or_null(const std::optional<time_point>& v) { return v ? json(to_postgres(*v)) : json(nullptr); }
json text_or_null(const std::optional<std::string>& v) { return v ? json(*v) : json(nullptr); }
std::optional<time_point> time_of(const json& j) {
    return j.is_null() ? std::nullopt : std::optional{from_postgres(j.get_ref<const std::string&>())};
}
std::optional<std::string> text_of(const json& j) {
    return j.is_null() ? std::nullopt : std::optional{j.get<std::string>()};
}

// What must be as it was left; the clocks may have gone on.
bool stands_alike(const json& a, const json& b) {
    return std::all_of(marks.begin(), marks.end(), [&](const char* name) { return a.at(name) == b.at(name); });
}

void put_back(row& c, const json& was) {
    c.status = was.at("status").get<std::string>();
    c.handler = was.at("handler").get<std::string>();
    c.assigned = was.at("assigned").get<std::int64_t>();
    c.assigned_name = was.at("assigned_name").get<std::string>();
    c.department = was.at("department").get<std::int64_t>();
    c.department_slug = was.at("department_slug").get<std::string>();
    c.department_en = was.at("department_en").get<std::string>();
    c.department_ar = was.at("department_ar").get<std::string>();
    c.on_hold = was.at("on_hold").get<bool>();
    c.outcome = text_of(was.at("outcome"));
    c.resolution = text_of(was.at("resolution"));
    c.resolved_at = time_of(was.at("resolved_at"));
    c.waiting_since = time_of(was.at("waiting_since"));
    c.handover_at = time_of(was.at("handover_at"));
    c.handover_by = text_of(was.at("handover_by"));
    c.handover_reason = text_of(was.at("handover_reason"));
    c.taken_at = time_of(was.at("taken_at"));
}

} // namespace

row act_as_staff(db::tx& t, const http::request& r, std::int64_t id, staff_act what, const std::string& value,
                 time_point now, std::vector<event::entry>& events) {
    const row before = lock_visible(t, r.who, id);
    step s = decide(t, before, r.who, what, value, now);
    if (!s.changed) return std::move(s.after);
    keep(t,
         {{before, s,
           audit::by(r, audit_name(what, value), format_id("CONV", id),
                     {{"status", s.after.status}, {"was", before.status}}),
           s.said ? s.said->kind : "edit", r.who.staff}},
         now, events);
    return std::move(s.after);
}

void check_act(staff_act what, const std::string& value, const std::string& field) {
    const auto refuse = [&field](const char* why) { throw error::unprocessable(field, why); };
    switch (what) {
    case staff_act::tag:
    case staff_act::untag:
        if (is_blank(value) || count_characters(value) > 40) refuse("must be a tag of 1 to 40 characters");
        return;
    case staff_act::priority:
        if (!among(priority_names, value)) refuse("must be one of emergency, high, normal, low");
        return;
    case staff_act::category:
        if (count_characters(value) > 50) refuse("must have at most 50 characters");
        return;
    case staff_act::department:
        if (is_blank(value)) refuse("must be a department's slug");
        return;
    case staff_act::assign:
        if (value != "me" && !parse_id("STF", value)) refuse("must be me or a staff id such as STF-1");
        return;
    case staff_act::status:
        if (!among(act_statuses, value) && !(value.starts_with(with_outcome) && value.size() <= 100))
            refuse("must be one of active, on_hold, off_hold, bot, resolved, resolved:<outcome>, closed");
        return;
    }
}

json standing_of(const row& c) {
    return {{"status", c.status},
            {"handler", c.handler},
            {"assigned", c.assigned},
            {"assigned_name", c.assigned_name},
            {"department", c.department},
            {"department_slug", c.department_slug},
            {"department_en", c.department_en},
            {"department_ar", c.department_ar},
            {"on_hold", c.on_hold},
            {"outcome", text_or_null(c.outcome)},
            {"resolution", text_or_null(c.resolution)},
            {"resolved_at", time_or_null(c.resolved_at)},
            {"waiting_since", time_or_null(c.waiting_since)},
            {"handover_at", time_or_null(c.handover_at)},
            {"handover_by", text_or_null(c.handover_by)},
            {"handover_reason", text_or_null(c.handover_reason)},
            {"taken_at", time_or_null(c.taken_at)}};
}

restored restore_as_staff(db::tx& t, const http::request& r, std::int64_t id, const json& before,
                          const json& after, time_point now, std::vector<event::entry>& events) {
    const row present = lock_any(t, id);
    if (present.status == "closed") return restored::closed;
    if (!stands_alike(standing_of(present), after)) return restored::moved_on;
    row c = present;
    put_back(c, before);
    if (c.assigned != 0) {
        const auto holder = staff::find(t, c.assigned);
        if (!holder || !holder->active) return restored::moved_on; // nobody to give it back to
    }
    c.updated_at = now;
    ++c.version;
    turn said;
    said.kind = kind_of_return(c, present);
    said.staff = r.who.staff;
    said.to_staff = c.assigned;
    said.to_department = c.assigned == 0 ? c.department : 0;
    said.reason = "A macro was undone.";
    const std::string kind = said.kind;
    const json detail = {{"status", c.status}, {"was", present.status}};
    keep(t,
         {{present, step{std::move(c), true, std::move(said)},
           audit::by(r, "conversation.restore", format_id("CONV", id), detail), kind, r.who.staff}},
         now, events);
    return restored::done;
}

json add_note(db::tx& t, const http::request& r, const row& c, const std::string& text,
              const std::string& kind, time_point now, std::vector<event::entry>& events) {
    const auto id = t.scalar<std::int64_t>(sql::insert_note_of_kind, c.id, r.who.staff, text, now, kind);
    json note = {{"note_id", format_id("NOTE", id)},          {"body", text},       {"at", to_rfc3339(now)},
                 {"staff_id", format_id("STF", r.who.staff)}, {"name", r.who.name}, {"kind", kind}};
    audit::record(t, audit::by(r, "conversation." + kind, format_id("CONV", c.id)));
    json data = note;
    data["conversation_id"] = format_id("CONV", c.id);
    event::entry e;
    e.type = kind == "note" ? "note.new" : kind;
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_staff;
    e.now = c.scope();
    e.data = dump(data);
    events.push_back(std::move(e));
    return note;
}

bool remove_note(db::tx& t, const http::request& r, const row& c, std::int64_t note, time_point now,
                 std::vector<event::entry>& events) {
    if (t.exec(sql::delete_note, note, c.id) == 0) return false;
    audit::record(t, audit::by(r, "conversation.note_removed", format_id("CONV", c.id)));
    event::entry e;
    e.type = "note.removed";
    e.at = now;
    e.conversation = c.id;
    e.who = event::audience::conversation_staff;
    e.now = c.scope();
    e.data = dump({{"conversation_id", format_id("CONV", c.id)}, {"note_id", format_id("NOTE", note)}});
    events.push_back(std::move(e));
    return true;
}

} // namespace chat_centre::conversation
