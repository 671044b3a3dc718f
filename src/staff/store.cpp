#include "staff/store.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include "staff/queries.hpp"

#include <limits>

namespace chat_centre::staff {
namespace {

std::vector<std::string> texts(std::string_view json_list) {
    return parse_json(json_list).get<std::vector<std::string>>();
}

profile to_profile(const db::row& row) {
    profile p;
    p.id = row.get<std::int64_t>(0);
    p.name = row.get<std::string>(1);
    p.email = row.get<std::string>(2);
    p.role = row.get<std::string>(3);
    p.departments = texts(row.text(4));
    p.languages = texts(row.text(5));
    p.capacity = row.get<std::int64_t>(6);
    p.active = row.get<bool>(7);
    p.availability = row.get<std::string>(8);
    p.ui_language = row.get<std::string>(9);
    p.open_conversations = row.get<std::int64_t>(10);
    return p;
}

department to_department(const db::row& row) {
    return {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2),
            row.get<std::string>(3), row.get<bool>(4)};
}

std::optional<department> to_department(const std::optional<db::row>& row) {
    return row ? std::optional(to_department(*row)) : std::nullopt;
}

} // namespace

std::optional<member> find(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::find, id);
    if (!row) return std::nullopt;
    member m{row->get<std::int64_t>(0), row->get<std::string>(1), role::agent, row->get<bool>(3),
             row->get<int>(4)};
    parse_role(row->text(2), m.role);
    return m;
}

std::optional<department> department_by_slug(db::tx& t, std::string_view slug) {
    return to_department(t.maybe(sql::find_department_by_slug, slug));
}

std::optional<department> find_department(db::tx& t, std::int64_t id) {
    return to_department(t.maybe(sql::find_department, id));
}

std::vector<department> departments(db::tx& t) {
    return list_departments(t, 0, std::numeric_limits<std::int32_t>::max());
}

std::vector<department> list_departments(db::tx& t, std::int64_t after, std::int64_t limit) {
    std::vector<department> out;
    for (const auto row : t.many(sql::list_departments, after, limit)) out.push_back(to_department(row));
    return out;
}

department add_department(db::tx& t, const department& d, time_point now) {
    try {
        return to_department(t.one(sql::add_department, d.slug, d.name_en, d.name_ar, now));
    } catch (const db::failure& e) {
        if (e.constraint() == "department_slug_key")
            throw error::conflict("There is already a department with the slug " + d.slug + ".");
        throw;
    }
}

std::optional<department> change_department(db::tx& t, const std::string& slug,
                                            const std::optional<std::string>& name_en,
                                            const std::optional<std::string>& name_ar) {
    return to_department(t.maybe(sql::change_department, slug, name_en, name_ar));
}

std::vector<colleague> colleagues(db::tx& t) {
    std::vector<colleague> out;
    for (const auto row : t.many(sql::list_colleagues))
        out.push_back(
            {row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<int>(3)});
    return out;
}

std::string effective_availability(const std::string& chosen, bool online) {
    return online ? chosen : "offline";
}

std::optional<profile> find_profile(db::tx& t, std::int64_t id) {
    const auto row = t.maybe(sql::find_profile, id);
    return row ? std::optional(to_profile(*row)) : std::nullopt;
}

std::vector<profile> list_profiles(db::tx& t, std::int64_t after, const profile_filter& f, std::int64_t limit) {
    std::vector<profile> out;
    for (const auto row : t.many(sql::list_profiles, after, f.role, f.active, f.department, limit))
        out.push_back(to_profile(row));
    return out;
}

json to_json(const profile& p, const presence& online) {
    return {{"staff_id", format_id("STF", p.id)},
            {"name", p.name},
            {"email", p.email},
            {"role", p.role},
            {"departments", p.departments},
            {"languages", p.languages},
            {"capacity", p.capacity},
            {"active", p.active},
            {"availability", effective_availability(p.availability, p.active && online && online(p.id))},
            {"open_conversations", p.open_conversations}};
}

json view(db::tx& t, std::int64_t id, const presence& online) {
    const auto p = find_profile(t, id);
    if (!p) throw error::not_found("There is no such member of staff.");
    return to_json(*p, online);
}

std::int64_t add_profile(db::tx& t, const profile& p, const std::string& password_hash, time_point now) {
    try {
        return t.scalar<std::int64_t>(sql::add, p.name, p.email, password_hash, p.role,
                                      db::array_of(p.languages), p.capacity, now);
    } catch (const db::failure& e) {
        if (e.constraint() == "staff_email_key")
            throw error::conflict("Somebody already has the e-mail address " + p.email + ".");
        throw;
    }
}

void save_profile(db::tx& t, const profile& p, const std::optional<std::string>& password_hash,
                  bool new_role_version, time_point now) {
    t.exec(sql::change, p.id, p.name, p.role, db::array_of(p.languages), p.capacity, p.active, p.availability,
           p.ui_language, password_hash, new_role_version, now);
}

void save_departments(db::tx& t, std::int64_t id, const std::vector<std::string>& slugs) {
    t.exec(sql::clear_departments, id);
    t.exec(sql::add_departments, id, db::array_of(slugs));
}

std::size_t lock_active_admins(db::tx& t) {
    return static_cast<std::size_t>(t.many(sql::lock_active_admins).size());
}

bool lock(db::tx& t, std::int64_t id) { return t.maybe(sql::lock, id).has_value(); }

} // namespace chat_centre::staff
