#include "auth/known_access.hpp"

#include "auth/access_token.hpp"
#include "auth/encoding.hpp"
#include "support/clock.hpp"

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::auth;
using namespace std::chrono_literals;

namespace {

struct known_access_fixture {
    known_access_fixture() {
        keys.access = rotated({}, now);
        keys.conversation = random_bytes(32);
        keys.refresh = random_bytes(32);
        known.put_secrets(keys, 1);
        put(3, role::agent, 1, true);
    }

    void put(std::int64_t id, role r, std::int64_t version, bool active, std::uint64_t read = 1) {
        known.put_person(id, person{id, "Sarah", r, version, active, {4, 5}}, read);
    }
    std::string token(std::int64_t staff, role r, std::int64_t version) const {
        return sign_access_token(keys.access[0], {staff, session, r, version, now});
    }
    int refused(std::string_view t, time_point at) const {
        try {
            (void)known.by_token(t, at);
        } catch (const error& e) {
            return e.status();
        }
        return 0;
    }

    const time_point now = *parse_time("2026-11-20T10:00:00Z", "UTC");
    const std::string session = new_session_id();
    secrets keys;
    known_access known;
};

} // namespace

TEST_CASE_METHOD(known_access_fixture, "a staff token gives the present rights", "[auth][directory]") {
    const auto who = known.by_token(token(3, role::agent, 1), now);
    CHECK(who.kind == caller::staff);
    CHECK(who.staff == 3);
    CHECK(who.name == "Sarah");
    CHECK(who.session == session);
    CHECK(who.departments == std::vector<std::int64_t>{4, 5});
    CHECK(who.permissions == permissions_of(role::agent));
}

TEST_CASE_METHOD(known_access_fixture, "a token ends with the rights it was made for", "[auth][directory]") {
    const auto old = token(3, role::agent, 1);
    put(3, role::engineer, 2, true);
    CHECK(refused(old, now) == 401);
    CHECK(known.by_token(token(3, role::engineer, 2), now).role == role::engineer);
    put(3, role::engineer, 3, false);
    CHECK(refused(token(3, role::engineer, 3), now) == 401);
    CHECK_FALSE(known.by_staff(3));
    CHECK(refused(token(99, role::admin, 1), now) == 401);
}

TEST_CASE_METHOD(known_access_fixture, "a token may know of a change before this process does",
                 "[auth][directory]") {
    put(3, role::agent, 1, false);
    const auto who = known.by_token(token(3, role::manager, 2), now);
    CHECK(who.role == role::manager);
    CHECK(who.permissions == permissions_of(role::manager));
}

TEST_CASE_METHOD(known_access_fixture, "a sign-in that ended is over for its tokens only",
                 "[auth][directory]") {
    const auto t = token(3, role::agent, 1);
    known.end_session(session, now + 1000s, now);
    CHECK(refused(t, now) == 401);
    CHECK(known.has_ended(session));
    const auto other = sign_access_token(keys.access[0], {3, new_session_id(), role::agent, 1, now});
    CHECK(refused(other, now) == 0);
    // It is forgotten when no token of it can be alive.
    known.end_session("another", now + 3000s, now + 1001s);
    CHECK_FALSE(known.has_ended(session));
}

TEST_CASE_METHOD(known_access_fixture, "a reading that comes late does not undo a newer one",
                 "[auth][directory]") {
    put(3, role::admin, 2, true, 5);
    put(3, role::agent, 1, true, 4);
    CHECK(known.by_staff(3)->role == role::admin);
    known.put_person(3, std::nullopt, 6);
    put(3, role::agent, 1, true, 5);
    CHECK_FALSE(known.by_staff(3));

    known.put_api_keys({{1, "a", sha256_hex("key a"), permissions_of_api_key("sync")}}, 8);
    known.put_api_keys({}, 7);
    CHECK(known.by_api_key("key a"));
    known.put_secrets({}, 0);
    CHECK(known.keys()->access.size() == 1);
}

TEST_CASE_METHOD(known_access_fixture, "API keys by their hash", "[auth][directory]") {
    known.put_api_keys({{7, "sync", sha256_hex("cck_secret"), permissions_of_api_key("sync")},
                        {8, "none", sha256_hex("b"), 0}},
                       1);
    const auto who = known.by_token("cck_secret", now);
    CHECK(who.kind == caller::api_key);
    CHECK(who.api_key == 7);
    CHECK(who.name == "sync");
    CHECK(who.may(permission::sync_write));
    CHECK_FALSE(who.may(permission::conversation_read));
    CHECK_FALSE(known.by_token("b", now).may(permission::sync_write));
    CHECK(refused("cck_secrets", now) == 401);
    CHECK(refused(sha256_hex("cck_secret"), now) == 401); // the stored hash is no key
}

TEST_CASE_METHOD(known_access_fixture, "a conversation token gives its customer", "[auth][directory]") {
    const auto who = known.by_token(make_conversation_token(keys.conversation, 12, "n"), now);
    CHECK(who.kind == caller::customer);
    CHECK(who.conversation == 12);
    CHECK(who.permissions == permissions_of_customer());
    CHECK(refused(make_conversation_token(keys.refresh, 12, "n"), now) == 401);
}

TEST_CASE_METHOD(known_access_fixture, "a token that has expired says so", "[auth][directory]") {
    try {
        (void)known.by_token(token(3, role::agent, 1), now + 900s);
        FAIL("accepted");
    } catch (const error& e) {
        CHECK(e.status() == 401);
        CHECK(e.detail().find("expired") != std::string::npos);
    }
    CHECK(refused("", now) == 401);
    CHECK(refused(std::string(5000, 'a'), now) == 401);
}

TEST_CASE("where a credential stands", "[auth][directory]") {
    CHECK(bearer_token("Bearer abc") == "abc");
    CHECK(bearer_token("bearer   abc ") == "abc");
    CHECK(bearer_token("BEARER abc") == "abc");
    for (const char* bad : {"", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc", "Bear er abc"}) {
        INFO(bad);
        CHECK(bearer_token(bad).empty());
    }
    CHECK(subprotocol_token("chat-centre.v1, bearer.abc.def") == "abc.def");
    CHECK(subprotocol_token("bearer.abc,chat-centre.v1") == "abc");
    CHECK(subprotocol_token("chat-centre.v1").empty());
    CHECK(subprotocol_token("").empty());
    CHECK(subprotocol_token("bearer.").empty());
}
