#include <chat_centre/staff/routes.hpp>

#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/http/page.hpp>

#include "staff/service.hpp"
#include "staff/store.hpp"

#include <algorithm>

namespace chat_centre::staff {
namespace {

using faults = std::vector<field_error>;

void check(faults& bad, const char* field, std::optional<std::string> fault) {
    if (fault) bad.push_back({field, std::move(*fault)});
}

void check_languages(faults& bad, const std::vector<std::string>& tags) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    for (std::size_t i = 0; i < tags.size(); ++i)
        if (!std::all_of(tags[i].begin(), tags[i].end(), letter))
            bad.push_back({"languages[" + std::to_string(i) + "]", "must be a language tag such as en or ar"});
}

void throw_if_any(faults bad) {
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
}

// The texts of a list, each once, in order.
template <class List>
std::vector<std::string> unique_texts(const List& list) {
    std::vector<std::string> out;
    for (const auto& entry : list)
        if (std::find(out.begin(), out.end(), entry.value) == out.end()) out.push_back(entry.value);
    return out;
}

profile_filter read_filter(const http::request& r) {
    profile_filter f;
    const auto given = [&r](std::string_view name) {
        auto text = r.query(name);
        return text && !text->empty() ? text : std::nullopt;
    };
    f.role = given("role");
    f.department = given("department");
    if (f.role && std::find(role_set::names.begin(), role_set::names.end(), *f.role) == role_set::names.end())
        throw error::unprocessable("role", "must be one of agent, engineer, manager, admin");
    if (const auto active = given("active")) {
        if (*active != "true" && *active != "false")
            throw error::unprocessable("active", "must be true or false");
        f.active = *active == "true";
    }
    return f;
}

profile new_profile(const new_staff_body& body) {
    profile p;
    p.name = body.name.value;
    p.email = body.email.value;
    if (body.role) p.role = body.role->value;
    if (body.departments) p.departments = unique_texts(*body.departments);
    if (body.languages) p.languages = unique_texts(*body.languages);
    if (body.capacity) p.capacity = body.capacity->value;
    faults bad;
    check(bad, "name", auth::name_fault(p.name));
    check(bad, "email", auth::email_fault(p.email));
    check(bad, "password", auth::password_fault(body.password.value));
    check_languages(bad, p.languages);
    throw_if_any(std::move(bad));
    return p;
}

void apply(const staff_change_body& body, profile& p) {
    if (body.name) p.name = body.name->value;
    if (body.role) p.role = body.role->value;
    if (body.departments) p.departments = unique_texts(*body.departments);
    if (body.languages) p.languages = unique_texts(*body.languages);
    if (body.capacity) p.capacity = body.capacity->value;
    if (body.active) p.active = *body.active;
}

void check(const staff_change_body& body) {
    faults bad;
    if (body.name) check(bad, "name", auth::name_fault(body.name->value));
    if (body.password) check(bad, "password", auth::password_fault(body.password->value));
    if (body.languages) check_languages(bad, unique_texts(*body.languages));
    throw_if_any(std::move(bad));
}

void check(const me_change_body& body) {
    faults bad;
    if (body.name) check(bad, "name", auth::name_fault(body.name->value));
    if (body.password) check(bad, "password", auth::password_fault(body.password->value));
    if (body.password && !body.current_password)
        bad.push_back({"current_password", "is required to choose a new password"});
    throw_if_any(std::move(bad));
}

} // namespace

json routes::describe_me(db::tx& t, const principal& who) const {
    const auto p = find_profile(t, who.staff);
    if (!p) throw error::unauthorized("This account is not in use.");
    auto me = to_json(*p, p_.online);
    me["availability"] = p->availability; // as chosen: the switch shows it before the first socket opens
    me["language"] = p->ui_language;
    me["permissions"] = auth::permission_names(who.permissions);
    return me;
}

boost::asio::awaitable<http::response> routes::me(http::request r) {
    auto work = [this, who = r.who](db::tx& t) { return describe_me(t, who); };
    const auto answer = co_await p_.pool.run(std::move(work));
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> routes::change_me(http::request r) {
    const auto body = read_fields<me_change_body>(r.json_body());
    check(body);
    std::optional<std::string> hash;
    if (body.password) {
        co_await p_.sign_in.confirm_password(r, body.current_password->value);
        hash = co_await p_.passwords.hash(body.password->value);
    }
    auto work = [this, r, body, hash](db::tx& t) {
        account_change c;
        c.before = lock_for_change(t, r.who.staff);
        c.after = c.before;
        if (body.availability) c.after.availability = body.availability->value;
        if (body.name) c.after.name = body.name->value;
        if (body.language) c.after.ui_language = body.language->value;
        c.password_hash = hash;
        c.keep_session = r.who.session;
        c.action = "staff.change_self";
        store_change(t, c, r, p_.online, p_.clock.now());
        return describe_me(t, r.who);
    };
    const auto answer = co_await p_.pool.run(std::move(work));
    co_await p_.directory.reload_staff(r.who.staff);
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> routes::list(http::request r) {
    const auto page = http::read_page(r);
    auto filter = read_filter(r);
    auto work = [this, page, filter = std::move(filter)](db::tx& t) {
        json items = json::array();
        for (const auto& p : list_profiles(t, page.number("id", 0), filter, page.fetch()))
            items.push_back(to_json(p, p_.online));
        return items;
    };
    auto items = co_await p_.pool.run(std::move(work));
    const auto answer = http::page_answer(std::move(items), page, [](const json& last) {
        return json{{"id", parse_id("STF", last["staff_id"].get<std::string>()).value()}};
    });
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> routes::get(http::request r) {
    auto work = [this, id = r.path_id(0, "STF")](db::tx& t) { return view(t, id, p_.online); };
    const auto answer = co_await p_.pool.run(std::move(work));
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> routes::create(http::request r) {
    const auto body = read_fields<new_staff_body>(r.json_body());
    const auto wanted = new_profile(body);
    const auto hash = co_await p_.passwords.hash(body.password.value);
    auto work = [this, r, wanted, hash](db::tx& t) {
        const auto id = staff::create(t, wanted, hash, r, p_.clock.now());
        return std::pair(id, view(t, id, p_.online));
    };
    const auto made = co_await p_.pool.run(std::move(work));
    co_await p_.directory.reload_staff(made.first);
    co_return http::response::of(made.second, 201);
}

boost::asio::awaitable<http::response> routes::change(http::request r) {
    const auto id = r.path_id(0, "STF");
    const auto body = read_fields<staff_change_body>(r.json_body());
    check(body);
    std::optional<std::string> hash;
    if (body.password) hash = co_await p_.passwords.hash(body.password->value);
    auto work = [this, r, id, body, hash](db::tx& t) {
        account_change c;
        c.before = lock_for_change(t, id);
        c.after = c.before;
        apply(body, c.after);
        allow_account(r.who.role, &c.before, c.after);
        // With the password in hand only: who finds a screen unlocked must not be able to lock its owner out.
        if (hash && id == r.who.staff && r.who.role != role::admin)
            throw error::forbidden("Change your own password in your profile, with the present one.");
        c.password_hash = hash;
        c.action = "staff.change";
        store_change(t, c, r, p_.online, p_.clock.now());
        return view(t, id, p_.online);
    };
    const auto answer = co_await p_.pool.run(std::move(work));
    co_await p_.directory.reload_staff(id);
    co_return http::response::of(answer);
}

} // namespace chat_centre::staff
