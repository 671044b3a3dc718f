#include <chat_centre/conversation/server_actions.hpp>

#include "conversation/actions.hpp"
#include "conversation/life.hpp"
#include "conversation/queries.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>

namespace chat_centre::conversation {
namespace {

audit::row by_system(const char* action, const row& c, json detail) {
    audit::row r;
    r.action = action;
    r.target = format_id("CONV", c.id);
    r.detail = std::move(detail);
    return r;
}

std::optional<row> act(db::tx& t, const row& before, step s, const char* audit_name, const char* kind,
                       json detail, std::int64_t staff, time_point now, std::vector<event::entry>& events) {
    if (!s.changed) return std::nullopt;
    keep(t, {{before, s, by_system(audit_name, before, std::move(detail)), kind, staff}}, now, events);
    return std::move(s.after);
}

bool wants(const row& c, const labels& what) {
    const bool tags = std::any_of(what.add_tags.begin(), what.add_tags.end(), [&c](const auto& tag) {
        return std::find(c.tags.begin(), c.tags.end(), tag) == c.tags.end();
    });
    const auto differs = [](const std::optional<std::string>& wish, const std::string& is) {
        return wish && *wish != is;
    };
    return tags || differs(what.user_name, c.user_name) || differs(what.user_email, c.user_email) ||
           differs(what.user_phone, c.user_phone) || differs(what.language, c.language) ||
           (what.priority && *what.priority != c.priority) || (what.category && what.category != c.category) ||
           (what.department && *what.department != c.department && c.assigned == 0);
}

} // namespace

std::optional<row> lock_for_server(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::lock_conversations, db::array{}.add(id));
    return r ? std::optional(from_db(*r)) : std::nullopt;
}

std::vector<row> lock_for_server(db::tx& t, const std::vector<std::int64_t>& ids) {
    std::vector<row> out;
    for (const auto r : t.many(sql::lock_conversations, db::array_of(ids))) out.push_back(from_db(r));
    return out;
}

void announce(db::tx& t, const std::vector<std::int64_t>& ids, time_point now,
              std::vector<event::entry>& events) {
    if (ids.empty()) return;
    for (const auto& c : lock_for_server(t, ids))
        events.push_back(change_event(c, "conversation.update", now, std::nullopt));
}

void assign_by_server(db::tx& t, const std::vector<assignment>& all, time_point now,
                      std::vector<event::entry>& events) {
    std::vector<decided> steps;
    for (const auto& a : all) {
        step s = give(a.of, {a.staff, a.staff_name}, a.reason, now);
        if (!s.changed) continue;
        json detail = {{"to", format_id("STF", a.staff)}, {"reason", a.reason}};
        steps.push_back({a.of, std::move(s), by_system("conversation.assign", a.of, std::move(detail)),
                         "takeover", a.staff});
    }
    keep(t, steps, now, events);
}

std::optional<row> return_to_queue(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                   std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before) return std::nullopt;
    return act(t, *before, take_back(*before, reason, now), "conversation.return", "transfer",
               {{"from", format_id("STF", before->assigned)}, {"reason", reason}}, 0, now, events);
}

std::optional<row> hand_over_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                       std::vector<event::entry>& events, const std::string& by) {
    const auto before = lock_for_server(t, id);
    if (!before || before->status != "bot") return std::nullopt;
    return act(t, *before, ask_for_staff(*before, 0, by, reason, now), "conversation.handover", "handover",
               {{"reason", reason}}, 0, now, events);
}

std::optional<row> silence_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                     std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before || before->status == "closed") return std::nullopt;
    return act(t, *before, silence(*before, reason, now), "conversation.silence", "silence",
               {{"reason", reason}}, 0, now, events);
}

std::optional<row> switch_assistant(db::tx& t, const http::request& r, std::int64_t id, bool on,
                                    const std::string& reason, time_point now,
                                    std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before) return std::nullopt;
    step s = on ? hand_back(*before, r.who, now) : silence(*before, reason, now);
    if (!s.changed) return std::nullopt;
    if (s.said) s.said->reason = reason;
    const char* kind = on ? "handback" : "silence";
    json detail = {{"status", s.after.status}, {"was", before->status}};
    keep(t,
         {{*before, s,
           audit::by(r, std::string("conversation.") + kind, format_id("CONV", id), std::move(detail)), kind,
           0}},
         now, events);
    return std::move(s.after);
}

std::optional<row> close_by_server(db::tx& t, std::int64_t id, const std::string& reason, time_point now,
                                   std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before) return std::nullopt;
    return act(t, *before, close_quiet(*before, reason, now), "conversation.close", "close",
               {{"reason", reason}}, 0, now, events);
}

std::optional<row> resolve_by_server(db::tx& t, std::int64_t id, const std::string& outcome, time_point now,
                                     std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before) return std::nullopt;
    return act(t, *before, settle(*before, outcome, now), "conversation.resolve", "resolve",
               {{"outcome", outcome}}, 0, now, events);
}

std::optional<row> label_by_server(db::tx& t, std::int64_t id, const labels& what, const std::string& reason,
                                   time_point now, std::vector<event::entry>& events) {
    const auto before = lock_for_server(t, id);
    if (!before || before->status == "closed" || !wants(*before, what)) return std::nullopt;
    row c = *before;
    if (what.priority) c.priority = *what.priority;
    if (what.category) c.category = what.category;
    if (what.user_name) c.user_name = *what.user_name;
    if (what.user_email) c.user_email = *what.user_email;
    if (what.user_phone) c.user_phone = *what.user_phone;
    if (what.language) c.language = *what.language;
    if (what.department && c.assigned == 0) {
        if (const auto d = staff::find_department(t, *what.department)) {
            c.department = d->id;
            c.department_slug = d->slug;
            c.department_en = d->name_en;
            c.department_ar = d->name_ar;
        }
    }
    for (const auto& tag : what.add_tags)
        if (std::find(c.tags.begin(), c.tags.end(), tag) == c.tags.end()) c.tags.push_back(tag);
    c.updated_at = now;
    ++c.version;
    return act(t, *before, step{std::move(c), true, std::nullopt}, "conversation.edit", "edit",
               {{"reason", reason}}, 0, now, events);
}

} // namespace chat_centre::conversation
