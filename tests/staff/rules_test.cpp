// The decisions about accounts, without a database.

#include "staff/service.hpp"
#include "staff/slug.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using namespace chat_centre::staff;

namespace {

profile somebody(std::string role, bool active) {
    profile p;
    p.id = 3;
    p.name = "Sarah Johnson";
    p.role = std::move(role);
    p.active = active;
    return p;
}

} // namespace

TEST_CASE("which changes end sign-ins, and which take away an admin", "[staff]") {
    struct line {
        const char* role;
        bool active;
        const char* new_role;
        bool new_active;
        bool new_password;
        bool ends_access;
        bool loses;
    };
    const line table[] = {
        {"agent", true, "agent", true, false, false, false},
        {"agent", true, "agent", true, true, true, false},
        {"agent", true, "manager", true, false, true, false},
        {"agent", true, "admin", true, false, true, false},
        {"agent", true, "agent", false, false, true, false},
        {"agent", false, "agent", true, false, true, false},
        {"admin", true, "admin", true, false, false, false},
        {"admin", true, "admin", true, true, true, false},
        {"admin", true, "admin", false, false, true, true},
        {"admin", true, "manager", true, false, true, true},
        {"admin", true, "agent", false, true, true, true},
        {"admin", false, "admin", false, true, true, false},
        {"admin", false, "agent", false, false, true, false},
        {"admin", false, "admin", true, false, true, false},
    };
    for (const auto& l : table) {
        INFO(l.role << l.active << " -> " << l.new_role << l.new_active << l.new_password);
        const auto before = somebody(l.role, l.active);
        const auto after = somebody(l.new_role, l.new_active);
        CHECK(changes_access(before, after, l.new_password) == l.ends_access);
        CHECK(loses_admin(before, after) == l.loses);
    }
    auto moved = somebody("agent", true);
    moved.name = "Sarah";
    moved.departments = {"sales"};
    moved.capacity = 9;
    CHECK_FALSE(changes_access(somebody("agent", true), moved, false));
}

TEST_CASE("what the audit log says of a change", "[staff]") {
    const auto before = somebody("agent", true);
    CHECK(difference(before, before, false) == json::object());
    CHECK(difference(before, before, true) == json{{"password", true}});
    auto after = before;
    after.role = "manager";
    after.departments = {"sales", "billing"};
    after.capacity = 9;
    const auto d = difference(before, after, false);
    CHECK(d["role"] == json::array({"agent", "manager"}));
    CHECK(d["departments"] == json::array({json::array(), json::array({"sales", "billing"})}));
    CHECK(d["capacity"] == json::array({5, 9}));
    CHECK(d.size() == 3);
}

TEST_CASE("nobody is there without a socket", "[staff]") {
    CHECK(effective_availability("online", true) == "online");
    CHECK(effective_availability("away", true) == "away");
    CHECK(effective_availability("offline", true) == "offline");
    CHECK(effective_availability("online", false) == "offline");
    CHECK(effective_availability("away", false) == "offline");
}

TEST_CASE("department slugs", "[staff]") {
    for (const std::string good : {"a", "reception", "tech-support", "a_b", "9", "x1-"})
        CHECK_FALSE(slug_fault(good));
    CHECK_FALSE(slug_fault(std::string(50, 'a')));
    for (const std::string bad : {"", "-a", "_a", "Sales", "a b", "\xc3\xbc", "a/b", "a.b", "a\n"}) {
        INFO(bad);
        CHECK(slug_fault(bad));
    }
    CHECK(slug_fault(std::string(51, 'a')));
}

TEST_CASE("managers change accounts, but none of an admin and none into one", "[staff]") {
    struct line {
        chat_centre::role who;
        const char* before; // nullptr: a new account
        const char* after;
        bool allowed;
    };
    const line table[] = {
        {role::admin, nullptr, "admin", true},      {role::admin, "admin", "agent", true},
        {role::admin, "agent", "admin", true},      {role::manager, nullptr, "agent", true},
        {role::manager, nullptr, "manager", true},  {role::manager, nullptr, "admin", false},
        {role::manager, "agent", "engineer", true}, {role::manager, "agent", "manager", true},
        {role::manager, "manager", "agent", true},  {role::manager, "agent", "admin", false},
        {role::manager, "manager", "admin", false}, {role::manager, "admin", "admin", false},
        {role::manager, "admin", "agent", false},
    };
    for (const auto& l : table) {
        INFO(to_string(l.who) << " " << (l.before == nullptr ? "new" : l.before) << " -> " << l.after);
        const auto after = somebody(l.after, true);
        const auto before = somebody(l.before == nullptr ? "" : l.before, true);
        const auto decide = [&] { allow_account(l.who, l.before == nullptr ? nullptr : &before, after); };
        if (l.allowed)
            CHECK_NOTHROW(decide());
        else
            CHECK_THROWS_AS(decide(), chat_centre::error);
    }
}
