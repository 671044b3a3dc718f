// Signing in, staying in and getting out, on a real database.

#include "auth/identity.hpp"

#include "auth/refresh_token.hpp"

#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>
#include <sodium.h>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::tests;
using namespace std::chrono_literals;

namespace {

constexpr db::query count_sessions{"test.sessions", "SELECT count(*) FROM session WHERE revoked_at IS NULL"};
constexpr db::query count_audit{"test.audit", "SELECT count(*) FROM audit WHERE action = $1"};
constexpr db::query password_hash{"test.hash", "SELECT password_hash FROM staff WHERE email = $1"};
constexpr db::query set_hash{"test.set_hash", "UPDATE staff SET password_hash = $2 WHERE email = $1"};
constexpr db::query disable{"test.disable", "UPDATE staff SET active = false WHERE email = $1"};
constexpr db::query refresh_hashes{"test.refresh", "SELECT refresh_hash FROM session"};

struct sign_in_fixture {
    database data;
    std::unique_ptr<identity> server = std::make_unique<identity>(data);

    std::int64_t count(const db::query& q) {
        return server->pool.run_blocking([&](db::tx& t) { return t.scalar<std::int64_t>(q); });
    }
    std::int64_t audited(const char* action) {
        return server->pool.run_blocking(
            [&](db::tx& t) { return t.scalar<std::int64_t>(count_audit, action); });
    }
    int login_status(const std::string& password, const std::string& address = "192.0.2.7",
                     const std::string& email = admin_email) {
        return status([&] { return server->login(email, password, address); });
    }
};

} // namespace

TEST_CASE_METHOD(sign_in_fixture, "signing in gives a token that works, a cookie and a line in the audit log",
                 "[auth][db]") {
    const auto reply = server->login("ADMIN@example.ORG", admin_password);
    const auto body = json::parse(reply.body);
    CHECK(body["token_type"] == "Bearer");
    CHECK(body["expires_in"] == 900);
    CHECK(body["staff"]["email"] == admin_email);
    CHECK(body["staff"]["role"] == "admin");
    CHECK_FALSE(body.contains("refresh_token"));
    const auto who = server->directory.authenticate_token(body["access_token"].get<std::string>());
    CHECK(who.kind == caller::staff);
    CHECK(who.role == role::admin);
    CHECK(server->directory.session_valid(who.staff, who.session));
    CHECK(audited("auth.login") == 1);

    // What the database holds of the refresh token is its hash.
    const auto token = cookie_of(reply);
    const auto held =
        server->pool.run_blocking([](db::tx& t) { return t.scalar<std::string>(refresh_hashes); });
    CHECK(held == sha256_hex(token));
}

TEST_CASE_METHOD(sign_in_fixture, "a wrong sign-in says nothing of the account", "[auth][db]") {
    std::string known, unknown;
    for (auto* detail : {&known, &unknown}) {
        try {
            (void)server->login(detail == &known ? admin_email : "nobody@example.org", "a wrong password");
            FAIL("signed in");
        } catch (const error& e) {
            CHECK(e.status() == 401);
            *detail = e.title() + e.detail();
        }
    }
    CHECK(known == unknown);
    server->pool.run_blocking([](db::tx& t) { t.exec(disable, admin_email); });
    CHECK(login_status(admin_password) == 401);
    CHECK(audited("auth.login_failed") == 3);
    CHECK(count(count_sessions) == 0);
}

TEST_CASE_METHOD(sign_in_fixture, "guessing is slowed down, over a restart, and hits nobody else",
                 "[auth][db]") {
    for (int i = 0; i < 5; ++i) CHECK(login_status("a wrong password") == 401);
    CHECK(login_status("a wrong password") == 429);
    CHECK(login_status(admin_password) == 429); // nor does the right one tell anything
    CHECK(login_status(admin_password, "192.0.2.7", "Admin@Example.org") == 429);
    CHECK(login_status(admin_password, "198.51.100.1") == 429); // whoever asks
    CHECK(login_status("a wrong password", "192.0.2.7", "nobody@example.org") == 401);

    const auto before = server->clock.now();
    server = std::make_unique<identity>(data); // a new process
    CHECK(server->clock.now() == before);
    CHECK(login_status(admin_password) == 429);
    server->clock.advance(1s);
    CHECK(login_status("a wrong password") == 401); // the sixth: two seconds
    server->clock.advance(1s);
    CHECK(login_status(admin_password) == 429);
    server->clock.advance(1s);
    CHECK(login_status(admin_password) == 200);
    for (int i = 0; i < 4; ++i) CHECK(login_status("a wrong password") == 401); // the count began anew
    CHECK(login_status(admin_password) == 200);
}

TEST_CASE_METHOD(sign_in_fixture, "many guesses at once get no further than one after another",
                 "[auth][db][threads]") {
    std::vector<std::future<identity::outcome<http::response>>> answers;
    for (int i = 0; i < 30; ++i) {
        auto r = json_request({{"email", admin_email}, {"password", "wrong " + std::to_string(i)}});
        answers.push_back(server->start(server->routes.login(std::move(r))));
    }
    int tried = 0, delayed = 0;
    for (auto& a : answers) {
        const auto s = status([&] { return a.get().take(); });
        tried += s == 401 ? 1 : 0;
        delayed += s == 429 ? 1 : 0;
    }
    CHECK(tried == 5);
    CHECK(delayed == 25);
}

TEST_CASE_METHOD(sign_in_fixture, "one address tries many accounts", "[auth][db]") {
    int tried = 0;
    for (int i = 0; i < 30; ++i)
        tried += login_status("a wrong password", "203.0.113.5",
                              "user" + std::to_string(i) + "@example.org") == 401
                     ? 1
                     : 0;
    CHECK(tried == 21);
    CHECK(login_status(admin_password, "203.0.113.5") == 429);
    CHECK(login_status(admin_password, "203.0.113.6") == 200);
    server->clock.advance(4s);
    CHECK(login_status(admin_password, "203.0.113.5") == 200);

    auth::sign_in_options open;
    open.rate_limits = false;
    identity other(data, open);
    for (int i = 0; i < 30; ++i)
        CHECK(status([&] {
                  return other.login("user" + std::to_string(i) + "@example.com", "wrong", "203.0.113.9");
              }) == 401);
}

TEST_CASE_METHOD(sign_in_fixture, "an old hash is made anew when its owner signs in", "[auth][db]") {
    const auto hash_now = [&] {
        return server->pool.run_blocking(
            [](db::tx& t) { return t.scalar<std::string>(password_hash, admin_email); });
    };
    const auto first = hash_now();
    CHECK(login_status(admin_password) == 200);
    CHECK(hash_now() == first);

    char weak[crypto_pwhash_STRBYTES]; // 8 MiB and one pass, of the same password
    REQUIRE(crypto_pwhash_str(weak, admin_password, std::string(admin_password).size(), 1, 8192 * 1024) == 0);
    server->pool.run_blocking([&](db::tx& t) { t.exec(set_hash, admin_email, std::string(weak)); });
    CHECK(login_status("a wrong password") == 401);
    CHECK(hash_now() == weak);
    CHECK(login_status(admin_password) == 200);
    CHECK(hash_now().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(login_status(admin_password) == 200);
}

TEST_CASE_METHOD(sign_in_fixture, "a refresh token works once and brings the next", "[auth][db]") {
    const auto first = cookie_of(server->login(admin_email, admin_password));
    const auto reply = server->refresh(first);
    CHECK(reply.status == 200);
    const auto second = cookie_of(reply);
    CHECK(second != first);
    CHECK(server->status_of(json::parse(reply.body)["access_token"]) == 200);
    CHECK(server->refresh(second).status == 200);
}

TEST_CASE_METHOD(sign_in_fixture, "two tabs refresh at the same time", "[auth][db]") {
    const auto first = cookie_of(server->login(admin_email, admin_password));
    const auto second = cookie_of(server->refresh(first));
    server->clock.advance(10s);
    const auto tab = server->refresh(first);
    CHECK(tab.status == 200);
    CHECK(cookie_of(tab).empty()); // the cookie that both share has the newer token already
    CHECK(server->status_of(json::parse(tab.body)["access_token"]) == 200);
    CHECK(server->refresh(second).status == 200);
}

TEST_CASE_METHOD(sign_in_fixture, "a used refresh token that comes again ends the sign-in", "[auth][db]") {
    for (const bool older : {false, true}) {
        const auto first = cookie_of(server->login(admin_email, admin_password));
        auto newest = server->refresh(first);
        if (older) newest = server->refresh(cookie_of(newest));
        server->clock.advance(11s);
        const std::string access = json::parse(newest.body)["access_token"];
        CHECK(server->status_of(access) == 200);
        const auto session = server->directory.authenticate_token(access).session;

        const auto copied = server->refresh(first);
        CHECK(copied.status == 401);
        CHECK(server->status_of(access) == 401);
        CHECK(server->refresh(cookie_of(newest)).status == 401);
        CHECK(identity::soon([&] { return server->told(1, session); }));
    }
    CHECK(audited("auth.refresh_reused") == 2);
}

TEST_CASE_METHOD(sign_in_fixture, "many refreshes at once rotate once", "[auth][db][threads]") {
    const auto first = cookie_of(server->login(admin_email, admin_password));
    std::vector<std::future<identity::outcome<http::response>>> answers;
    for (int i = 0; i < 12; ++i) {
        auto r = json_request(json::object(), {{"cookie", "cc_refresh=" + first}});
        answers.push_back(server->start(server->routes.refresh(std::move(r))));
    }
    int good = 0, rotated = 0;
    for (auto& a : answers) {
        const auto reply = a.get().take();
        good += reply.status == 200 ? 1 : 0;
        rotated += reply.status == 200 && !cookie_of(reply).empty() ? 1 : 0;
    }
    CHECK(good == 12);
    CHECK(rotated == 1);
}

TEST_CASE_METHOD(sign_in_fixture, "a sign-in ends by itself", "[auth][db]") {
    auto token = cookie_of(server->login(admin_email, admin_password));
    server->clock.advance(11h);
    token = cookie_of(server->refresh(token));
    server->clock.advance(12h);
    CHECK(server->refresh(token).status == 401);

    token = cookie_of(server->login(admin_email, admin_password));
    int uses = 0;
    for (; uses < 100; ++uses) { // used all the time: thirty days
        server->clock.advance(10h);
        const auto reply = server->refresh(token);
        if (reply.status != 200) break;
        token = cookie_of(reply);
    }
    CHECK(uses == 71); // 710 of 720 hours
    server->clock.advance(48h);
    CHECK(server->login(admin_email, admin_password).status == 200);
    CHECK(count(count_sessions) == 1); // what nobody can use is cleared away
}

TEST_CASE_METHOD(sign_in_fixture, "refreshing without cookies, and with what is no token", "[auth][db]") {
    const auto token = cookie_of(server->login(admin_email, admin_password));
    const auto reply = server->run(server->routes.refresh(json_request({{"refresh_token", token}})));
    const auto body = json::parse(reply.body);
    CHECK(reply.status == 200);
    CHECK(body["refresh_token"] == cookie_of(reply));

    for (const std::string bad : {"", "x", "ccr_a.b.c"}) CHECK(server->refresh(bad).status == 401);
    const auto made_up = auth::make_refresh_token(std::string(32, 'k'), "session");
    CHECK(server->refresh(made_up).status == 401);
    CHECK(server->refresh(body["refresh_token"]).status == 200); // a made-up one ends nobody's sign-in
}

TEST_CASE_METHOD(sign_in_fixture, "a page of another site cannot use the cookie", "[auth][db]") {
    const auto token = cookie_of(server->login(admin_email, admin_password));
    auto foreign =
        json_request(json::object(), {{"cookie", "cc_refresh=" + token}, {"sec-fetch-site", "cross-site"}});
    CHECK(status([&] { return server->run(server->routes.refresh(foreign)); }) == 403);
    CHECK(status([&] { return server->run(server->routes.logout(foreign)); }) == 403);
    http::request form;
    form.headers = {{"cookie", "cc_refresh=" + token}, {"content-type", "application/x-www-form-urlencoded"}};
    CHECK(status([&] { return server->run(server->routes.logout(form)); }) == 403);
    form.body = "a=b";
    CHECK(status([&] { return server->run(server->routes.logout(form)); }) == 415);
    CHECK(server->refresh(token).status == 200);
}

TEST_CASE_METHOD(sign_in_fixture, "signing out", "[auth][db]") {
    const auto reply = server->login(admin_email, admin_password);
    const std::string access = json::parse(reply.body)["access_token"];
    const auto other = server->login(admin_email, admin_password);
    const std::string other_access = json::parse(other.body)["access_token"];
    const auto session = server->directory.authenticate_token(access).session;

    const auto out = server->run(server->routes.logout(json_request(
        json::object(), {{"cookie", "cc_refresh=" + cookie_of(reply)}, {"sec-fetch-site", "same-origin"}})));
    CHECK(out.status == 204);
    CHECK(cookie_of(out).empty());
    CHECK(server->status_of(access) == 401);
    CHECK_FALSE(server->directory.session_valid(1, session));
    CHECK(server->refresh(cookie_of(reply)).status == 401);
    CHECK(server->status_of(other_access) == 200); // another device stays signed in
    CHECK(audited("auth.logout") == 1);
    CHECK(identity::soon([&] { return server->told(1, session); }));

    // By the access token alone; and once more, for nothing.
    CHECK(server->run(server->routes.logout(server->by(other_access))).status == 204);
    CHECK(server->status_of(other_access) == 401);
    CHECK(server->run(server->routes.logout(json_request(json::object()))).status == 204);
}

TEST_CASE_METHOD(sign_in_fixture, "another process learns of a sign-out, and a new one knows",
                 "[auth][db][threads]") {
    identity other(data);
    const auto reply = server->login(admin_email, admin_password);
    const std::string access = json::parse(reply.body)["access_token"];
    CHECK(other.status_of(access) == 200);
    CHECK(server->run(server->routes.logout(server->by(access))).status == 204);
    CHECK(identity::soon([&] { return other.status_of(access) == 401; }));
    identity third(data);
    CHECK(third.status_of(access) == 401);
}
