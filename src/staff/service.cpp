#include "staff/service.hpp"

#include <chat_centre/audit/audit.hpp>
#include <chat_centre/auth/sessions.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/event.hpp>

#include <algorithm>

namespace chat_centre::staff {
namespace {

bool can_administer(const profile& p) { return p.active && p.role == "admin"; }

void check_departments(db::tx& t, const std::vector<std::string>& slugs) {
    const auto known = departments(t);
    std::vector<field_error> bad;
    for (std::size_t i = 0; i < slugs.size(); ++i)
        if (std::none_of(known.begin(), known.end(), [&](const auto& d) { return d.slug == slugs[i]; }))
            bad.push_back({"departments[" + std::to_string(i) + "]", "is not a department"});
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

event::entry presence_event(const profile& p, const presence& online, time_point now) {
    event::entry e;
    e.type = "presence";
    e.at = now;
    e.who = event::audience::people;
    e.data = dump({{"staff_id", format_id("STF", p.id)},
                   {"name", p.name},
                   {"availability", effective_availability(p.availability, online && online(p.id))}});
    return e;
}

} // namespace

bool changes_access(const profile& before, const profile& after, bool new_password) {
    return new_password || before.role != after.role || before.active != after.active;
}

bool loses_admin(const profile& before, const profile& after) {
    return can_administer(before) && !can_administer(after);
}

void allow_account(role who, const profile* before, const profile& after) {
    if (who == role::admin) return;
    if (before != nullptr && before->role == "admin")
        throw error::forbidden("Only an admin changes the account of an admin.");
    if (after.role == "admin") throw error::forbidden("Only an admin makes somebody an admin.");
}

json difference(const profile& before, const profile& after, bool new_password) {
    json d = json::object();
    const auto note = [&d](const char* name, const auto& was, const auto& is) {
        if (was != is) d[name] = json::array({was, is});
    };
    note("name", before.name, after.name);
    note("role", before.role, after.role);
    note("departments", before.departments, after.departments);
    note("languages", before.languages, after.languages);
    note("capacity", before.capacity, after.capacity);
    note("active", before.active, after.active);
    note("availability", before.availability, after.availability);
    note("language", before.ui_language, after.ui_language);
    if (new_password) d["password"] = true;
    return d;
}

std::int64_t create(db::tx& t, const profile& p, const std::string& password_hash, const http::request& r,
                    time_point now) {
    allow_account(r.who.role, nullptr, p);
    check_departments(t, p.departments);
    const auto id = add_profile(t, p, password_hash, now);
    save_departments(t, id, p.departments);
    audit::record(t, audit::by(r, "staff.create", format_id("STF", id), {{"name", p.name}, {"role", p.role}}));
    std::vector<event::entry> events{auth::staff_changed(id, now)};
    event::append(t, events);
    return id;
}

profile lock_for_change(db::tx& t, std::int64_t id) {
    lock_active_admins(t);
    if (!lock(t, id)) throw error::not_found("There is no such member of staff.");
    return *find_profile(t, id);
}

void store_change(db::tx& t, const account_change& c, const http::request& r, const presence& online,
                  time_point now) {
    const bool new_password = c.password_hash.has_value();
    const auto changed = difference(c.before, c.after, new_password);
    if (changed.empty()) return;
    if (loses_admin(c.before, c.after) && lock_active_admins(t) < 2)
        throw error::conflict("This is the last active admin. Make another admin first.");

    const bool access = changes_access(c.before, c.after, new_password);
    save_profile(t, c.after, c.password_hash, access, now);
    if (c.before.departments != c.after.departments) {
        check_departments(t, c.after.departments);
        save_departments(t, c.after.id, c.after.departments);
    }
    std::vector<event::entry> events;
    if (access) events = auth::revoke_sessions(t, c.after.id, c.action, c.keep_session, now);
    audit::record(t, audit::by(r, c.action, format_id("STF", c.after.id), changed));
    events.push_back(auth::staff_changed(c.after.id, now));
    if (c.before.availability != c.after.availability) events.push_back(presence_event(c.after, online, now));
    event::append(t, events);
}

} // namespace chat_centre::staff
