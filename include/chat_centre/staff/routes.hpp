#pragma once
// /api/v1/me, /api/v1/staff and /api/v1/departments.

#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/auth/sign_in.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/staff/staff.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::staff {

struct role_set {
    static constexpr std::array<std::string_view, 4> names{"agent", "engineer", "manager", "admin"};
};
struct availability_set {
    static constexpr std::array<std::string_view, 3> names{"online", "away", "offline"};
};
struct ui_language_set {
    static constexpr std::array<std::string_view, 2> names{"en", "ar"};
};

using name_text = text<1, 100>;
using password_text = text<1, 1024>; // the rules for a new one are auth::password_fault's
using slug_list = std::vector<text<1, 50>>;
using language_list = std::vector<text<1, 35>>; // BCP 47 tags: "en", "ar"
using capacity_number = number<0, 1000>;

struct new_staff_body {
    name_text name;
    text<1, 254> email;
    password_text password;
    std::optional<choice<role_set>> role; // agent
    std::optional<slug_list> departments;
    std::optional<language_list> languages;
    std::optional<capacity_number> capacity; // conversations at a time; 5
};
BOOST_DESCRIBE_STRUCT(new_staff_body, (), (name, email, password, role, departments, languages, capacity))

struct staff_change_body {
    std::optional<name_text> name;
    std::optional<choice<role_set>> role;
    std::optional<slug_list> departments;
    std::optional<language_list> languages;
    std::optional<capacity_number> capacity;
    std::optional<bool> active;
    std::optional<password_text> password;
};
BOOST_DESCRIBE_STRUCT(staff_change_body, (), (name, role, departments, languages, capacity, active, password))

struct me_change_body {
    std::optional<choice<availability_set>> availability;
    std::optional<name_text> name;
    std::optional<choice<ui_language_set>> language;
    std::optional<password_text> password;
    std::optional<password_text> current_password; // needed with password
};
BOOST_DESCRIBE_STRUCT(me_change_body, (), (availability, name, language, password, current_password))

struct staff_view {
    std::string staff_id;
    std::string name;
    std::string email;
    choice<role_set> role;
    std::vector<std::string> departments;
    std::vector<std::string> languages;
    std::int64_t capacity = 0;
    bool active = true;
    choice<availability_set> availability;
    std::int64_t open_conversations = 0;
};
BOOST_DESCRIBE_STRUCT(staff_view, (),
                      (staff_id, name, email, role, departments, languages, capacity, active, availability,
                       open_conversations))

struct me_view {
    std::string staff_id;
    std::string name;
    std::string email;
    choice<role_set> role;
    std::vector<std::string> departments;
    std::vector<std::string> languages;
    std::int64_t capacity = 0;
    bool active = true;
    choice<availability_set> availability; // as chosen, whether or not a socket is open
    std::int64_t open_conversations = 0;
    choice<ui_language_set> language; // of the screens
    std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(me_view, (),
                      (staff_id, name, email, role, departments, languages, capacity, active, availability,
                       open_conversations, language, permissions))

struct staff_page {
    std::vector<staff_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(staff_page, (), (items, next_cursor))

class routes {
public:
    // Everything given by reference outlives the routes.
    struct parts {
        db::pool& pool;
        auth::live_directory& directory;
        auth::password_pool& passwords;
        auth::sign_in& sign_in;
        const clock_source& clock;
        presence online;
    };
    explicit routes(parts p) : p_(std::move(p)) {}

    boost::asio::awaitable<http::response> me(http::request r);
    boost::asio::awaitable<http::response> change_me(http::request r);
    boost::asio::awaitable<http::response> list(http::request r); // ?role= ?active= ?department=
    boost::asio::awaitable<http::response> get(http::request r);
    boost::asio::awaitable<http::response> create(http::request r);
    boost::asio::awaitable<http::response> change(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<routes>>({
            {verb::get, "/api/v1/me", permission::signed_in, &routes::me, "getMe",
             "Who is signed in, and what they may do", http::answers<me_view>()},
            {verb::patch, "/api/v1/me", permission::signed_in, &routes::change_me, "changeMe",
             "Change one's own availability, name, language or password",
             http::takes<me_change_body, me_view>()},
            {verb::get, "/api/v1/staff", permission::staff_read, &routes::list, "listStaff",
             "Members of staff", http::answers<staff_page>()},
            {verb::post, "/api/v1/staff", permission::staff_write, &routes::create, "createStaff",
             "Make an account for a member of staff", http::takes<new_staff_body, staff_view>(201)},
            {verb::get, "/api/v1/staff/{id}", permission::staff_read, &routes::get, "getStaff",
             "One member of staff", http::answers<staff_view>()},
            {verb::patch, "/api/v1/staff/{id}", permission::staff_write, &routes::change, "changeStaff",
             "Change an account; a new role, password or state ends its sign-ins",
             http::takes<staff_change_body, staff_view>()},
        });
    }

private:
    json describe_me(db::tx& t, const principal& who) const;
    parts p_;
};

struct department_view {
    std::string slug;
    std::string name_en;
    std::string name_ar;
    bool is_default = false; // takes what no other department does
};
BOOST_DESCRIBE_STRUCT(department_view, (), (slug, name_en, name_ar, is_default))

struct department_page {
    std::vector<department_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(department_page, (), (items, next_cursor))

struct new_department_body {
    text<1, 50> slug;
    name_text name_en;
    name_text name_ar;
};
BOOST_DESCRIBE_STRUCT(new_department_body, (), (slug, name_en, name_ar))

struct department_change_body {
    std::optional<name_text> name_en;
    std::optional<name_text> name_ar;
};
BOOST_DESCRIBE_STRUCT(department_change_body, (), (name_en, name_ar))

class department_routes {
public:
    department_routes(db::pool& pool, const clock_source& clock) : pool_(pool), clock_(clock) {}

    boost::asio::awaitable<http::response> list(http::request r);
    boost::asio::awaitable<http::response> create(http::request r);
    boost::asio::awaitable<http::response> change(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<department_routes>>({
            {verb::get, "/api/v1/departments", permission::staff_read, &department_routes::list,
             "listDepartments", "Departments", http::answers<department_page>()},
            {verb::post, "/api/v1/departments", permission::department_write, &department_routes::create,
             "createDepartment", "Make a department", http::takes<new_department_body, department_view>(201)},
            {verb::patch, "/api/v1/departments/{slug}", permission::department_write,
             &department_routes::change, "changeDepartment", "Rename a department",
             http::takes<department_change_body, department_view>()},
        });
    }

private:
    db::pool& pool_;
    const clock_source& clock_;
};

} // namespace chat_centre::staff
