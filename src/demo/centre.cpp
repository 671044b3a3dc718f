#include "demo/centre.hpp"

#include "demo/staff.hpp"
#include "demo/traffic.hpp"

#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/base/error.hpp>

#include <algorithm>
#include <span>

namespace chat_centre::demo {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto outage = 60s;       // a restart, also with a recovery of the database, fits into it
constexpr auto token_life = 10min; // the server's tokens last 15
const std::string api = "/api/v1";

json to_json(std::span<const std::string_view> texts) {
    json out = json::array();
    for (const auto t : texts) out.push_back(t);
    return out;
}

bool is_earlier_talk(const json& conversation) {
    return conversation.value("user_id", "").starts_with(own_user_prefix) ||
           conversation.value("user_email", "").ends_with(own_email_suffix);
}

} // namespace

void centre::check_server() {
    const auto away = [this](const std::string& why) {
        return startup_error(
            "There is no server at " + server().url() + " (" + why +
            "). Start it first with scripts/run or chat-centre serve, or say where it is with --url.");
    };
    answer a;
    try {
        a = client_.call(verb::get, "/health/ready");
    } catch (const unreachable& e) {
        throw away(e.what());
    }
    if (a.status == 503)
        throw startup_error("The server at " + server().url() +
                            " is there but not ready: look at its log, then try again.");
    if (!a.ok()) throw away("something answers " + std::to_string(a.status) + " that is not Chat Centre");
}

answer centre::persist(verb method, const std::string& target, const std::string& bearer, const json& body) {
    const auto since = steady::now();
    while (true) {
        try {
            const answer a = client_.call(method, target, bearer, body);
            if (a.status != 429 && a.status != 503) return a;
            if (steady::now() - since > outage) return a;
            loop_.wait(a.retry_after);
        } catch (const unreachable& e) {
            if (steady::now() - since > outage)
                throw startup_error("The server at " + server().url() + " has been away for a minute (" +
                                    e.what() + "). Start it again, then the demo.");
            loop_.wait(500ms);
        }
    }
}

answer centre::log_in(const login& with) {
    return persist(verb::post, api + "/auth/login", {}, {{"email", with.email}, {"password", with.password}});
}

void centre::remember(desk who, login with, const answer& a) {
    signed_in& d = desks_[who];
    d.with = std::move(with);
    d.token = a.text("access_token");
    d.since = steady::now();
    d.staff_id = a.body.at("staff").at("staff_id").get<std::string>();
    d.role = a.body.at("staff").at("role").get<std::string>();
}

void centre::sign_in(desk who, login with) {
    const answer a = log_in(with);
    if (!a.ok())
        throw startup_error(
            "The server did not let " + with.email + " in (" + a.reason() +
            "). Give the account that it printed at its first start with --email and --password, or in "
            "ADMIN_EMAIL and ADMIN_PASSWORD.");
    remember(who, std::move(with), a);
}

void centre::renew(desk who) {
    const answer a = log_in(desks_.at(who).with);
    if (!a.ok())
        throw startup_error("The account " + desks_.at(who).with.email + " is not let in any more (" +
                            a.reason() + "). Was it changed meanwhile? Start the demo again.");
    remember(who, desks_.at(who).with, a);
}

void centre::renew_old_logins() {
    for (const auto& [who, d] : desks_)
        if (steady::now() - d.since > token_life) renew(who);
}

void centre::use_key(std::string key) {
    key_ = std::move(key);
    if (key_.empty() && !(has(desk::admin) && desks_.at(desk::admin).role == "admin"))
        throw startup_error(
            "No sync key: give the one that the server printed at its first start with --key or in "
            "SYNC_API_KEY, or an admin's account with --email and --password.");
    if (key_.empty()) return;
    // An empty message is refused for its fields when the key is right, and stored in no case.
    const answer a = persist(verb::post, api + "/chat/sync", key_, json::object());
    if (a.status == 401 || a.status == 403)
        throw startup_error(
            "The server refused the sync key (" + a.reason() +
            "). Give the one that it printed at its first start with --key or in SYNC_API_KEY; an admin "
            "can make another with POST /api/v1/api-keys.");
    if (a.status != 422) throw startup_error("The server answered the sync key oddly: " + a.reason() + ".");
}

answer centre::sync(const json& body) {
    if (key_.empty()) return as(desk::admin, verb::post, "/chat/sync", body);
    const answer a = persist(verb::post, api + "/chat/sync", key_, body);
    if (a.status == 401 || a.status == 403)
        throw startup_error("The server no longer accepts the sync key (" + a.reason() +
                            "). Give the new one with --key.");
    return a;
}

answer centre::as(desk who, verb method, const std::string& path, const json& body) {
    const signed_in& d = desks_.at(who);
    answer a = persist(method, api + path, d.token, body);
    if (a.status != 401) return a;
    renew(who); // revoked, or the server's keys changed
    return persist(method, api + path, d.token, body);
}

answer centre::as_customer(const std::string& token, const std::string& path, const json& body) {
    return persist(verb::post, api + path, token, body);
}

std::vector<json> centre::all_of(const std::string& list) {
    std::vector<json> out;
    std::string cursor;
    do {
        const answer a = as(desk::admin, verb::get, list + (cursor.empty() ? "" : "&cursor=" + cursor));
        if (!a.ok()) throw startup_error("The server did not list " + list + ": " + a.reason() + ".");
        for (const auto& item : a.body.at("items")) out.push_back(item);
        cursor = a.text("next_cursor");
    } while (!cursor.empty());
    return out;
}

void centre::open_desks() {
    const signed_in& admin = desks_.at(desk::admin);
    if (admin.role != "admin")
        throw startup_error(
            admin.with.email + " is signed in as " + admin.role +
            "; the demo's staff accounts need an admin. Give one with --email and --password, or leave "
            "both out to play without staff.");
    const auto present = all_of("/staff?limit=100");
    for (const desk_account& d : desk_accounts()) {
        const login with{std::string(d.email), auth::generate_password()};
        json body = {{"name", d.name},
                     {"role", d.role},
                     {"departments", to_json(d.departments)},
                     {"languages", to_json(d.languages)},
                     {"password", with.password}};
        const auto found = std::find_if(present.begin(), present.end(),
                                        [&d](const json& p) { return p.value("email", "") == d.email; });
        answer a;
        if (found == present.end()) {
            body["email"] = d.email;
            a = as(desk::admin, verb::post, "/staff", body);
        } else {
            body["active"] = true;
            a = as(desk::admin, verb::patch, "/staff/" + found->value("staff_id", ""), body);
        }
        if (!a.ok())
            throw startup_error("The server did not take the staff account " + with.email + ": " +
                                a.reason() + ".");
        sign_in(d.who, with);
    }
}

int centre::close_earlier_talks() {
    int closed = 0;
    for (const json& c : all_of("/conversations?status=bot,pending,active&q=demo&limit=100")) {
        if (!is_earlier_talk(c)) continue;
        const answer a =
            as(desk::admin, verb::post, "/conversations/" + c.value("conversation_id", "") + "/resolution",
               {{"outcome", "demo_ended"}, {"resolution", "Left open by an earlier demo"}});
        if (a.ok()) ++closed;
    }
    return closed;
}

} // namespace chat_centre::demo
