#include "auth/identity.hpp"

#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::tests;

namespace {

constexpr db::query hashes{"test.hashes", "SELECT string_agg(key_hash || hint, ' ') FROM api_key"};

struct api_key_fixture {
    database data;
    identity server{data};
    std::string admin = server.admin_token();

    json make(const json& body) {
        return json::parse(server.run(server.keys.create(server.by(admin, body))).body);
    }
};

} // namespace

TEST_CASE_METHOD(api_key_fixture, "an API key works at once, in every process, until it is revoked",
                 "[auth][db]") {
    identity other(data);
    const auto made = make({{"name", "post-call hook"}, {"scopes", {"sync", "sync"}}});
    const std::string key = made["key"];
    CHECK(key.starts_with("cck_"));
    CHECK(key.ends_with(made["hint"].get<std::string>()));
    CHECK(made["scopes"] == json{"sync"});
    CHECK(server.status_of(key) == 200);
    CHECK(identity::soon([&] { return other.status_of(key) == 200; }));

    http::request with_header;
    with_header.headers = {{"x-api-key", key}};
    const auto who = server.directory.authenticate(with_header);
    CHECK(who.kind == caller::api_key);
    CHECK(who.name == "post-call hook");

    const auto held = server.pool.run_blocking([](db::tx& t) { return t.scalar<std::string>(hashes); });
    CHECK(held.find(key) == std::string::npos);

    const std::string path = "/api/v1/api-keys/" + made["key_id"].get<std::string>();
    const auto revoke = [&](const std::string& id) {
        auto r = server.by(admin);
        r.path = "/api/v1/api-keys/" + id;
        r.path_values = {std::string(id)};
        return status([&] { return server.run(server.keys.revoke(std::move(r))); });
    };
    CHECK(revoke(made["key_id"]) == 204);
    CHECK(server.status_of(key) == 401);
    CHECK(identity::soon([&] { return other.status_of(key) == 401; }));
    CHECK(revoke(made["key_id"]) == 204); // again
    CHECK(revoke("KEY-999") == 404);
    CHECK(revoke("STF-1") == 404);
}

TEST_CASE_METHOD(api_key_fixture, "keys are listed without their secret, newest first, in pages",
                 "[auth][db]") {
    for (int i = 0; i < 4; ++i) make({{"name", "key " + std::to_string(i)}});
    auto r = server.by(admin);
    r.query_string = "limit=3";
    const auto first = json::parse(server.run(server.keys.list(r)).body);
    REQUIRE(first["items"].size() == 3);
    CHECK(first["items"][0]["name"] == "key 3");
    CHECK_FALSE(first["items"][0].contains("key"));
    CHECK(first["items"][0]["revoked_at"].is_null());
    r.query_string = "limit=3&cursor=" + first["next_cursor"].get<std::string>();
    const auto second = json::parse(server.run(server.keys.list(r)).body);
    CHECK(second["items"].size() == 2); // and the one of the environment
    CHECK(second["items"][1]["name"] == "environment");
    CHECK(second["next_cursor"].is_null());
}

TEST_CASE_METHOD(api_key_fixture, "a key that cannot be made", "[auth][db]") {
    for (const json& body :
         {json::object(), json{{"name", ""}}, json{{"name", "a\nb"}},
          json{{"name", "x"}, {"scopes", {"everything"}}}, json{{"name", "x"}, {"scopes", json::array()}},
          json{{"name", "x"}, {"role", "admin"}}}) {
        INFO(body.dump());
        CHECK(status([&] { return server.run(server.keys.create(server.by(admin, body))); }) == 422);
    }
}

TEST_CASE_METHOD(api_key_fixture, "the key of the environment, and what is no key", "[auth][db]") {
    CHECK(server.status_of(sync_key) == 200);
    CHECK(server.status_of("cck_made_up") == 401);
    const auto with = [&](const char* name, const char* value) {
        http::request r;
        r.headers = {{name, value}};
        return status([&] {
            http::response answer;
            answer.status = server.directory.authenticate(r).kind == caller::nobody ? 204 : 200;
            return answer;
        });
    };
    CHECK(with("x-api-key", sync_key) == 200);
    CHECK(with("x-api-key", "made up") == 401);
    CHECK(with("authorization", "Basic YTpi") == 401);
    CHECK(with("authorization", "Bearer") == 401);
    CHECK(with("accept", "*/*") == 204); // nobody
    CHECK(with("sec-websocket-protocol", "chat-centre.v1") == 204);
    CHECK(with("sec-websocket-protocol", "chat-centre.v1, bearer.nonsense") == 401);
}

TEST_CASE_METHOD(api_key_fixture, "a conversation token needs no look-up", "[auth][db]") {
    const auto token = server.directory.conversation_token(12);
    const auto who = server.directory.authenticate_token(token);
    CHECK(who.kind == caller::customer);
    CHECK(who.conversation == 12);
    identity other(data);
    CHECK(other.directory.authenticate_token(token).conversation == 12);
    CHECK(server.directory.conversation_token(12) != token);
}
