#pragma once
// /api/v1/sla-policies.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat_centre::sla {

using target_minutes = number<1, 525600>;

struct new_policy_body {
    text<1, 100> name;
    std::optional<text<0, 50>> department, category; // absent, null or "": any
    std::optional<choice<conversation::priorities>> priority;
    target_minutes first_response_minutes, resolution_minutes;
    std::optional<number<0, 10080>> reminder_minutes; // 30; 0: no reminder
    std::optional<bool> business_hours, active;       // true
};
BOOST_DESCRIBE_STRUCT(new_policy_body, (),
                      (name, department, category, priority, first_response_minutes, resolution_minutes,
                       reminder_minutes, business_hours, active))

struct policy_change_body {
    std::optional<text<1, 100>> name;
    std::optional<text<0, 50>> department, category; // "": any
    std::optional<text<0, 20>> priority;             // "": any
    std::optional<target_minutes> first_response_minutes, resolution_minutes;
    std::optional<number<0, 10080>> reminder_minutes;
    std::optional<bool> business_hours, active;
};
BOOST_DESCRIBE_STRUCT(policy_change_body, (),
                      (name, department, category, priority, first_response_minutes, resolution_minutes,
                       reminder_minutes, business_hours, active))

struct policy_view {
    std::string sla_policy_id, name;
    std::optional<conversation::named_department> department;
    std::optional<std::string> category, priority;
    std::int64_t first_response_minutes = 0, resolution_minutes = 0, reminder_minutes = 0;
    bool business_hours = true, active = true;
};
BOOST_DESCRIBE_STRUCT(policy_view, (),
                      (sla_policy_id, name, department, category, priority, first_response_minutes,
                       resolution_minutes, reminder_minutes, business_hours, active))

struct policy_page {
    std::vector<policy_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(policy_page, (), (items, next_cursor))

class routes {
public:
    routes(db::pool& pool, const clock_source& clock) : pool_(pool), clock_(clock) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer create(http::request r);
    answer show(http::request r);
    answer change(http::request r);
    answer remove(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::takes;
        using http::verb;
        using p = permission;
        return std::to_array<http::row<routes>>({
            {verb::get, "/api/v1/sla-policies", p::desk_read, &routes::list, "listSlaPolicies",
             "Service levels: how soon tickets are answered and resolved", answers<policy_page>()},
            {verb::post, "/api/v1/sla-policies", p::desk_write, &routes::create, "createSlaPolicy",
             "Add a service level", takes<new_policy_body, policy_view>(201)},
            {verb::get, "/api/v1/sla-policies/{id}", p::desk_read, &routes::show, "getSlaPolicy",
             "One service level", answers<policy_view>()},
            {verb::patch, "/api/v1/sla-policies/{id}", p::desk_write, &routes::change, "changeSlaPolicy",
             "Change a service level; open tickets are counted anew", takes<policy_change_body, policy_view>()},
            {verb::del, "/api/v1/sla-policies/{id}", p::desk_write, &routes::remove, "removeSlaPolicy",
             "Remove a service level", answers<no_body>(204)},
        });
    }

private:
    db::pool& pool_;
    const clock_source& clock_;
};

} // namespace chat_centre::sla
