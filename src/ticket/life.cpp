#include "ticket/life.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/matter.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace chat_centre::ticket {
namespace {

// From the row's status to these. A closed ticket stays closed: what comes later is a new one, linked to it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> moves{{
    {"open", "in_progress"},
    {"open", "waiting_customer"},
    {"open", "on_hold"},
    {"open", "resolved"},
    {"open", "closed"},
    {"in_progress", "open"},
    {"in_progress", "waiting_customer"},
    {"in_progress", "on_hold"},
    {"in_progress", "resolved"},
    {"in_progress", "closed"},
    {"waiting_customer", "in_progress"},
    {"waiting_customer", "on_hold"},
    {"waiting_customer", "resolved"},
    {"waiting_customer", "closed"},
    {"on_hold", "in_progress"},
    {"on_hold", "waiting_customer"},
    {"on_hold", "resolved"},
    {"on_hold", "closed"},
    {"resolved", "in_progress"},
    {"resolved", "closed"},
}};

error conflict(std::string title, std::string detail) { return {409, std::move(title), std::move(detail)}; }

void refuse_closed(const row& t) {
    if (t.status == "closed")
        throw conflict("This ticket is closed",
                       "It can only be read. Open a new one and link it to this one.");
}

row touched(row t, time_point now) {
    t.updated_at = now;
    t.active_at = now;
    ++t.version;
    return t;
}

void enter(row& t, std::string_view status, time_point now) {
    if (t.status == status) return;
    t.status = status;
    if (status == "resolved") t.resolved_at = now;
    if (status == "closed") {
        t.closed_at = now;
        if (!t.resolved_at) t.resolved_at = now;
    }
    if (!t.finished()) t.resolved_at.reset();
}

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& s : list) out += (out.empty() ? "" : ", ") + s;
    return out;
}

} // namespace

bool may_move(std::string_view from, std::string_view to) {
    return std::any_of(moves.begin(), moves.end(),
                       [&](const auto& m) { return m.first == from && m.second == to; });
}

bool is_paused(std::string_view status) {
    return status == "waiting_customer" || status == "on_hold" || status == "resolved" || status == "closed";
}

row set_status(row t, std::string_view to, time_point now) {
    if (t.status == to) return t;
    refuse_closed(t);
    if (!may_move(t.status, to))
        throw conflict("This status does not follow", "A ticket that is \"" + status_text(t.status) +
                                                          "\" cannot become \"" + status_text(to) + "\".");
    enter(t, to, now);
    return touched(std::move(t), now);
}

row answered(row t, time_point now) {
    refuse_closed(t);
    if (!t.first_response_at) t.first_response_at = now;
    if (t.status == "open") enter(t, "in_progress", now);
    return touched(std::move(t), now);
}

row customer_wrote(row t, time_point now) {
    if (t.status == "closed") return t;
    if (t.status == "waiting_customer" || t.status == "resolved") enter(t, "in_progress", now);
    return touched(std::move(t), now);
}

row assign(row t, const colleague& to, time_point now) {
    refuse_closed(t);
    if (t.assigned == to.id && t.status != "open") return t;
    t.assigned = to.id;
    t.assigned_name = to.name;
    const std::string_view branch = to.role == role::engineer  ? "L2"
                                    : to.role == role::manager ? "manager"
                                                               : "L1";
    if (rank(branch) > rank(t.level)) t.level = branch;
    if (t.status == "open" || t.status == "resolved") enter(t, "in_progress", now);
    return touched(std::move(t), now);
}

row unassign(row t, time_point now) {
    refuse_closed(t);
    if (t.assigned == 0) return t;
    t.assigned = 0;
    t.assigned_name.clear();
    return touched(std::move(t), now);
}

row move_to(row t, const department_ref& to, time_point now) {
    refuse_closed(t);
    if (t.department == to.id && t.assigned == 0) return t;
    t.department = to.id;
    t.department_slug = to.slug;
    t.department_en = to.name_en;
    t.department_ar = to.name_ar;
    t.assigned = 0;
    t.assigned_name.clear();
    return touched(std::move(t), now);
}

row escalate(row t, std::string_view level, time_point now) {
    refuse_closed(t);
    if (t.level == level) return t;
    t.level = level;
    if (t.status == "open") enter(t, "in_progress", now); // somebody looked at it and sent it on
    return touched(std::move(t), now);
}

row merge(row t, const row& into, time_point now) {
    if (t.number == into.number) throw error::unprocessable("into", "is the ticket itself");
    if (!t.merged_into.empty())
        throw conflict("This ticket was merged already", "It is part of " + t.merged_into + ".");
    if (into.status == "closed")
        throw conflict("The other ticket is closed", "Choose one that is still worked on.");
    t.merged_into = into.id;
    enter(t, "closed", now);
    return touched(std::move(t), now);
}

int rank(std::string_view level) {
    return level == "L1" ? 0 : level == "L2" ? 1 : level == "manager" ? 2 : -1;
}

std::string next_level(std::string_view level, bool first_response) {
    return !first_response && level == "L1" ? "L2" : "manager";
}

void allow(const principal& who, act what, const row& t) {
    const bool leads = who.may(permission::ticket_reassign);
    const auto need = [&who](permission p, const char* refusal) {
        if (!who.may(p)) throw error::forbidden(refusal);
    };
    switch (what) {
    case act::comment: need(permission::ticket_comment, "Only staff comment on tickets."); return;
    case act::answer:
    case act::change:
        need(permission::ticket_write,
             "Engineers comment on escalated tickets; an agent answers the customer.");
        return;
    case act::take:
        need(permission::ticket_write, "Engineers comment on escalated tickets; an agent takes them.");
        if (t.assigned != 0 && t.assigned != who.staff && !leads)
            throw error::forbidden("A colleague has this ticket. A manager can reassign it.");
        return;
    case act::reassign:
        need(permission::ticket_reassign, "Only managers and admins give tickets to somebody else.");
        return;
    case act::escalate:
        need(permission::ticket_write, "Engineers comment on escalated tickets; an agent escalates them.");
        return;
    case act::lower:
        need(permission::ticket_reassign, "Only managers and admins bring a ticket back to a lower level.");
        return;
    }
}

std::vector<field_change> difference(const row& before, const row& after) {
    std::vector<field_change> out;
    const auto text = [&out](const char* field, const std::string& was, const std::string& is) {
        if (was != is)
            out.push_back({field, was.empty() ? std::nullopt : std::optional(was),
                           is.empty() ? std::nullopt : std::optional(is)});
    };
    text("subject", before.subject, after.subject);
    text("description", before.description, after.description);
    text("status", before.status, after.status);
    text("priority", before.priority, after.priority);
    text("level", before.level, after.level);
    text("category", before.category.value_or(""), after.category.value_or(""));
    text("department", before.department_slug, after.department_slug);
    if (before.assigned != after.assigned) { // two people may have one name
        const auto who = [](const row& t) {
            return t.assigned == 0 ? std::nullopt : std::optional(t.assigned_name);
        };
        out.push_back({"assigned_staff", who(before), who(after)});
    }
    text("source", before.source, after.source);
    text("tags", joined(before.tags), joined(after.tags));
    text("merged_into", before.merged_into, after.merged_into);
    text("requester_name", before.requester_name, after.requester_name);
    text("requester_email", before.requester_email, after.requester_email);
    text("requester_phone", before.requester_phone, after.requester_phone);
    return out;
}

std::size_t telling_one(const std::vector<std::string>& words) {
    const auto found = std::find_if(words.begin(), words.end(), [](const auto& w) { return names_matter(w); });
    return found == words.end() ? 0 : static_cast<std::size_t>(found - words.begin());
}

} // namespace chat_centre::ticket
