#pragma once
// People on our side and their departments, for use inside other features' transactions.

#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::staff {

struct member {
    std::int64_t id = 0;
    std::string name;
    chat_centre::role role = chat_centre::role::agent;
    bool active = false;
    int capacity = 0;
};
std::optional<member> find(db::tx& t, std::int64_t id);

struct department {
    std::int64_t id = 0;
    std::string slug;
    std::string name_en;
    std::string name_ar;
    bool is_default = false;
};
std::optional<department> department_by_slug(db::tx& t, std::string_view slug);
std::optional<department> find_department(db::tx& t, std::int64_t id);
std::vector<department> departments(db::tx& t); // in the order they were made

// Everybody with an account in use, in order of id, with the availability they chose.
struct colleague {
    std::int64_t id = 0;
    std::string name;
    std::string availability;
    int open_conversations = 0; // active ones assigned to them
};
std::vector<colleague> colleagues(db::tx& t);

// Whether a staff member has a socket open, in any thread.
using presence = std::function<bool(std::int64_t staff)>;
// What others see: nobody is there without a socket, whatever they chose.
std::string effective_availability(const std::string& chosen, bool online);

// The Staff object of the API. Throws 404 when there is none.
json view(db::tx& t, std::int64_t id, const presence& online);

} // namespace chat_centre::staff
