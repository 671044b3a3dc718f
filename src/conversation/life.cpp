#include "conversation/life.hpp"

namespace chat_centre::conversation {
namespace {

bool leads(const principal& who) { return who.may(permission::conversation_reassign); }

step unchanged(row c) { return {std::move(c), false, std::nullopt}; }

step done(row c, turn t, time_point now) {
    c.updated_at = now;
    ++c.version;
    return {std::move(c), true, std::move(t)};
}

turn by(const principal& who, std::string kind) {
    turn t;
    t.kind = std::move(kind);
    t.staff = who.staff;
    return t;
}

error conflict(std::string title, std::string detail) { return {409, std::move(title), std::move(detail)}; }

void refuse_closed(const row& c) {
    if (c.status == "closed")
        throw conflict("This conversation is closed",
                       "It can only be read. A new message opens a new conversation.");
}

// Whoever changes a conversation that is under way must have it, or lead.
void refuse_others(const row& c, const principal& who) {
    if (c.assigned != 0 && c.assigned != who.staff && !leads(who))
        throw conflict("A colleague has this conversation", c.assigned_name + " has it. Take it over first.");
}

void refuse_finished(const row& c) {
    refuse_closed(c);
    if (c.status == "resolved") throw conflict("This conversation is resolved", "Reopen it first.");
}

void to_queue(row& c, time_point now) {
    c.status = "pending";
    c.handler = "queue";
    c.assigned = 0;
    c.assigned_name.clear();
    c.on_hold = false;
    c.waiting_since = now;
}

void to_person(row& c, const colleague& who, time_point now) {
    c.status = "active";
    c.handler = "staff";
    c.assigned = who.id;
    c.assigned_name = who.name;
    c.on_hold = false;
    if (!c.handover_at) { // taken without anybody asking: the clock of the first response starts here
        c.handover_at = now;
        c.handover_by = "staff";
    }
    if (!c.taken_at) c.taken_at = now;
}

} // namespace

step take_over(row c, const principal& who, bool force, time_point now) {
    refuse_closed(c);
    if (c.assigned == who.staff && c.status == "active") return unchanged(std::move(c));
    if (c.status == "active" && c.assigned != 0 && !(force && leads(who))) {
        error e = conflict("A colleague has this conversation", c.assigned_name + " has it already.");
        throw e.with("assigned_staff",
                     dump({{"staff_id", "STF-" + std::to_string(c.assigned)}, {"name", c.assigned_name}}));
    }
    if (c.status == "resolved") {
        c.resolved_at.reset();
        c.outcome.reset();
        ++c.reopened_count;
    }
    to_person(c, {who.staff, who.name}, now);
    return done(std::move(c), by(who, "takeover"), now);
}

step hand_back(row c, const principal& who, time_point now) {
    refuse_finished(c);
    if (c.handler == "bot") return unchanged(std::move(c));
    refuse_others(c, who);
    c.status = "bot";
    c.handler = "bot";
    c.assigned = 0;
    c.assigned_name.clear();
    c.on_hold = false;
    c.waiting_since.reset();
    c.handover_at.reset();
    c.handover_reason.reset();
    c.handover_by.reset();
    return done(std::move(c), by(who, "handback"), now);
}

step ask_for_staff(row c, std::int64_t staff, const std::string& by_whom, const std::string& reason,
                   time_point now) {
    refuse_closed(c);
    if (c.handler != "bot" && c.status != "resolved") return unchanged(std::move(c));
    if (c.status == "resolved") {
        c.resolved_at.reset();
        c.outcome.reset();
        ++c.reopened_count;
    }
    to_queue(c, now);
    c.handover_at = now;
    c.handover_reason = reason;
    c.handover_by = by_whom;
    c.taken_at.reset();
    c.first_response_at.reset();
    turn t;
    t.kind = "handover";
    t.staff = staff;
    t.reason = reason;
    return done(std::move(c), std::move(t), now);
}

step silence(row c, const std::string& reason, time_point now) {
    refuse_closed(c);
    if (c.handler != "bot") return unchanged(std::move(c));
    if (c.status == "bot") c.status = "active";
    c.handler = "staff";
    turn t;
    t.kind = "takeover";
    t.reason = reason;
    return done(std::move(c), std::move(t), now);
}

step assign_to(row c, const principal& who, const colleague& to, std::optional<std::string> note,
               time_point now) {
    refuse_finished(c);
    if (c.assigned == to.id && c.status == "active") return unchanged(std::move(c));
    refuse_others(c, who);
    to_person(c, to, now);
    turn t = by(who, "transfer");
    t.to_staff = to.id;
    t.reason = std::move(note);
    return done(std::move(c), std::move(t), now);
}

step move_to(row c, const principal& who, const department_ref& to, std::optional<std::string> note,
             time_point now) {
    refuse_finished(c);
    if (c.department == to.id && c.status == "pending") return unchanged(std::move(c));
    refuse_others(c, who);
    const bool with_assistant = c.handler == "bot";
    c.department = to.id;
    c.department_slug = to.slug;
    c.department_en = to.name_en;
    c.department_ar = to.name_ar;
    if (with_assistant || !c.handover_at) {
        c.handover_at = now;
        c.handover_by = "staff";
        c.handover_reason = note;
    }
    // The customer has waited since they asked, not since a colleague passed them on.
    const auto since = c.status == "pending" ? c.waiting_since : std::nullopt;
    to_queue(c, now);
    if (since) c.waiting_since = since;
    turn t = by(who, "transfer");
    t.to_department = to.id;
    t.reason = std::move(note);
    return done(std::move(c), std::move(t), now);
}

step hold(row c, const principal& who, bool on, time_point now) {
    refuse_finished(c);
    if (c.on_hold == on) return unchanged(std::move(c));
    if (c.status != "active")
        throw conflict("Nobody has taken this conversation", "Take it over first, then hold it.");
    refuse_others(c, who);
    c.on_hold = on;
    return done(std::move(c), by(who, on ? "hold" : "unhold"), now);
}

step resolve(row c, const principal& who, std::optional<std::string> outcome,
             std::optional<std::string> resolution, bool close, time_point now) {
    if (c.status == "closed") return unchanged(std::move(c));
    refuse_others(c, who);
    // Whoever settles what waits is who helped: it is theirs, and comes back to them when the customer writes again.
    if (c.status == "pending" && c.assigned == 0 && who.kind == caller::staff)
        to_person(c, {who.staff, who.name}, now);
    c.status = close ? "closed" : "resolved";
    c.on_hold = false;
    c.waiting_since.reset();
    if (!c.resolved_at) c.resolved_at = now;
    if (outcome) c.outcome = std::move(outcome);
    if (resolution) c.resolution = std::move(resolution);
    turn t = by(who, close ? "close" : "resolve");
    t.reason = c.resolution;
    return done(std::move(c), std::move(t), now);
}

step reopen(row c, const principal& who, time_point now) {
    refuse_closed(c);
    if (c.status != "resolved") return unchanged(std::move(c));
    refuse_others(c, who);
    c.resolved_at.reset();
    c.outcome.reset();
    ++c.reopened_count;
    const colleague to =
        c.assigned != 0 ? colleague{c.assigned, c.assigned_name} : colleague{who.staff, who.name};
    to_person(c, to, now);
    return done(std::move(c), by(who, "reopen"), now);
}

step give(row c, const colleague& to, const std::string& reason, time_point now) {
    if (c.status != "pending") return unchanged(std::move(c));
    to_person(c, to, now);
    turn t;
    t.kind = "takeover";
    t.staff = to.id;
    t.reason = reason;
    return done(std::move(c), std::move(t), now);
}

step take_back(row c, const std::string& reason, time_point now) {
    if (c.status != "active" || c.assigned == 0) return unchanged(std::move(c));
    turn t;
    t.kind = "transfer";
    t.staff = c.assigned;
    t.to_department = c.department;
    t.reason = reason;
    to_queue(c, now);
    return done(std::move(c), std::move(t), now);
}

step settle(row c, const std::string& outcome, time_point now) {
    if (c.status != "bot") return unchanged(std::move(c));
    c.status = "resolved";
    c.resolved_at = now;
    c.outcome = outcome;
    turn t;
    t.kind = "resolve";
    return done(std::move(c), std::move(t), now);
}

step close_quiet(row c, const std::string& reason, time_point now) {
    if (c.status != "resolved") return unchanged(std::move(c));
    c.status = "closed";
    turn t;
    t.kind = "close";
    t.reason = reason;
    return done(std::move(c), std::move(t), now);
}

step rate(row c, int score, std::optional<std::string> comment, time_point now) {
    if (c.status != "resolved" && c.status != "closed")
        throw conflict("Not resolved yet", "A conversation can be rated when it is resolved.");
    c.rating = score;
    c.rating_comment = std::move(comment);
    c.updated_at = now;
    ++c.version;
    return {std::move(c), true, std::nullopt};
}

} // namespace chat_centre::conversation
