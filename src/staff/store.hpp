#pragma once
// SQL of staff accounts.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/staff/staff.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::staff {

struct profile {
    std::int64_t id = 0;
    std::string name;
    std::string email;
    std::string role = "agent";
    std::vector<std::string> departments; // slugs
    std::vector<std::string> languages;
    std::int64_t capacity = 5;
    bool active = true;
    std::string availability = "online"; // as chosen
    std::string ui_language = "en";
    std::int64_t open_conversations = 0;
};

struct profile_filter {
    std::optional<std::string> role;
    std::optional<bool> active;
    std::optional<std::string> department;
};

std::optional<profile> find_profile(db::tx& t, std::int64_t id);
std::vector<profile> list_profiles(db::tx& t, std::int64_t after, const profile_filter& f, std::int64_t limit);
json to_json(const profile& p, const presence& online);

// Throws error 409 when the address is taken.
std::int64_t add_profile(db::tx& t, const profile& p, const std::string& password_hash, time_point now);
// Writes all members of p but email, departments and counts. password_hash nullopt: it stays.
void save_profile(db::tx& t, const profile& p, const std::optional<std::string>& password_hash,
                  bool new_role_version, time_point now);
void save_departments(db::tx& t, std::int64_t id, const std::vector<std::string>& slugs); // they exist
std::size_t lock_active_admins(db::tx& t); // in a fixed order; how many there are
bool lock(db::tx& t, std::int64_t id);     // false: there is no such person

std::vector<department> list_departments(db::tx& t, std::int64_t after, std::int64_t limit);
department add_department(db::tx& t, const department& d, time_point now); // throws error 409 for a slug in use
std::optional<department> change_department(db::tx& t, const std::string& slug,
                                            const std::optional<std::string>& name_en,
                                            const std::optional<std::string>& name_ar);

} // namespace chat_centre::staff
