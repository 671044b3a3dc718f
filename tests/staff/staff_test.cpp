// Accounts and departments on a real database.

#include "auth/identity.hpp"

#include <chat_centre/audit/routes.hpp>
#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using namespace chat_centre::tests;

namespace {

constexpr const char* password = "a quiet morning by the sea";
constexpr db::query count_events{"test.events", "SELECT count(*) FROM event WHERE type = $1"};
constexpr db::query add_conversation{
    "test.conversation",
    "WITH c AS (INSERT INTO contact (created_at, updated_at) VALUES (now(), now()) RETURNING contact_id)"
    " INSERT INTO conversation (contact_id, channel, user_id, status, assigned_staff_id, created_at, updated_at)"
    " SELECT contact_id, 'widget', 'u', $2, $1::bigint, now(), now() FROM c"};

struct fixture {
    database data;
    identity server{data};
    audit::routes log{server.pool};
    std::string admin = server.admin_token();

    json hire(const std::string& name, const std::string& role, json more = json::object()) {
        json body = {{"name", name}, {"email", name + "@example.org"}, {"password", password}, {"role", role}};
        body.update(more);
        return json::parse(server.run(server.staff.create(server.by(admin, body))).body);
    }
    std::string sign_in(const std::string& name, const std::string& word = password) {
        return json::parse(server.login(name + "@example.org", word).body)["access_token"];
    }
    http::response change(const std::string& id, const json& body, const std::string& token) {
        auto r = server.by(token, body);
        r.path_values = {std::string(id)};
        return server.run(server.staff.change(std::move(r)));
    }
    http::response change(const std::string& id, const json& body) { return change(id, body, admin); }
    int refused(const std::string& id, const json& body) {
        return status([&] { return change(id, body); });
    }
    http::response change_me(const std::string& token, const json& body) {
        return server.run(server.staff.change_me(server.by(token, body)));
    }
    json get(const std::string& id) {
        auto r = server.by(admin);
        r.path_values = {std::string(id)};
        return json::parse(server.run(server.staff.get(std::move(r))).body);
    }
    json audit_of(const std::string& target, const std::string& action = "staff") {
        auto r = server.by(admin);
        r.query_string = "target=" + target + "&action=" + action;
        return json::parse(server.run(log.list(std::move(r))).body)["items"];
    }
    std::int64_t events(const char* type) {
        return server.pool.run_blocking([&](db::tx& t) { return t.scalar<std::int64_t>(count_events, type); });
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "hiring", "[staff][db]") {
    const auto made =
        hire("sarah", "agent",
             {{"departments", {"sales", "reception", "sales"}}, {"languages", {"en", "ar"}}, {"capacity", 7}});
    CHECK(made["staff_id"] == "STF-2");
    CHECK(made["departments"] == json{"reception", "sales"});
    CHECK(made["languages"] == json{"en", "ar"});
    CHECK(made["capacity"] == 7);
    CHECK(made["active"] == true);
    CHECK(made["availability"] == "offline");
    CHECK(made["open_conversations"] == 0);
    CHECK(made == get("STF-2"));
    CHECK(made.dump().find("password") == std::string::npos);
    const auto token = sign_in("sarah");
    const auto who = server.directory.authenticate_token(token);
    CHECK(who.role == role::agent);
    CHECK(who.departments.size() == 2);
    const auto rows = audit_of("STF-2");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["action"] == "staff.create");
    CHECK(rows[0]["actor"] == "STF-1");
    CHECK(rows[0]["address"] == "192.0.2.7");
    CHECK(rows[0]["request_id"] == "request-1");
    CHECK(status([&] { return http::response::of(hire("SARAH", "agent")); }) == 409);
}

TEST_CASE_METHOD(fixture, "hiring wrongly names every bad field", "[staff][db]") {
    const json good = {{"name", "x"}, {"email", "x@example.org"}, {"password", password}, {"role", "agent"}};
    const auto fields = [&](const json& changed) {
        json body = good;
        body.update(changed);
        std::string named;
        try {
            (void)server.run(server.staff.create(server.by(admin, body)));
        } catch (const error& e) {
            CHECK(e.status() == 422);
            for (const auto& f : e.fields()) named += f.field + " ";
        }
        return named;
    };
    CHECK(fields({{"name", ""}}) == "name ");
    CHECK(fields({{"name", "a\tb"}, {"email", "none"}, {"password", "short"}}) == "name email password ");
    CHECK(fields({{"role", "king"}, {"capacity", -1}}) == "role capacity ");
    CHECK(fields({{"capacity", 1001}}) == "capacity ");
    CHECK(fields({{"departments", {"sales", "nowhere"}}}) == "departments[1] ");
    CHECK(fields({{"languages", {"en", "a b"}}}) == "languages[1] ");
    CHECK(fields({{"staff_id", "STF-9"}}) == "staff_id ");
    CHECK(fields(json::object()).empty());
}

TEST_CASE_METHOD(fixture, "a change of access ends sign-ins here and elsewhere at once",
                 "[staff][db][threads]") {
    identity other(data);
    for (const json& body :
         {json{{"active", false}}, json{{"role", "engineer"}}, json{{"password", "another quiet morning"}}}) {
        const auto name = body.begin().key();
        const std::string id = hire("p" + name, "agent")["staff_id"];
        const auto reply = server.login("p" + name + "@example.org", password);
        const std::string token = json::parse(reply.body)["access_token"];
        CHECK(identity::soon([&] { return other.status_of(token) == 200; }));
        CHECK(change(id, body).status == 200);
        INFO(name);
        CHECK(server.status_of(token) == 401);
        CHECK(identity::soon([&] { return other.status_of(token) == 401; }));
        CHECK(server.refresh(cookie_of(reply)).status == 401);
        CHECK(identity::soon([&] { return other.told(*parse_id("STF", id), ""); }));
    }
    CHECK(status([&] { return server.login("pactive@example.org", password); }) == 401);
    CHECK(status([&] { return server.login("ppassword@example.org", password); }) == 401);
    CHECK(status([&] { return server.login("ppassword@example.org", "another quiet morning"); }) == 200);
    CHECK(server.directory.authenticate_token(sign_in("prole")).role == role::engineer);
    CHECK(audit_of("STF-4", "staff.change")[0]["detail"] == json{{"password", true}});
}

TEST_CASE_METHOD(fixture, "other changes leave sign-ins alone and count at once", "[staff][db]") {
    const std::string id = hire("sarah", "agent")["staff_id"];
    const auto token = sign_in("sarah");
    const auto changed = json::parse(
        change(
            id,
            {{"name", "Sarah Johnson"}, {"departments", {"billing"}}, {"languages", {"ar"}}, {"capacity", 2}})
            .body);
    CHECK(changed["name"] == "Sarah Johnson");
    CHECK(changed["departments"] == json{"billing"});
    const auto who = server.directory.authenticate_token(token);
    CHECK(who.name == "Sarah Johnson");
    CHECK(who.departments.size() == 1);
    const auto before = events("staff.changed");
    CHECK(change(id, json::object()).status == 200); // nothing to do, nothing said
    CHECK(change(id, {{"capacity", 2}}).status == 200);
    CHECK(events("staff.changed") == before);
    CHECK(refused("STF-99", {{"name", "x"}}) == 404);
    CHECK(refused("CONV-1", {{"name", "x"}}) == 404);
    CHECK(refused(id, {{"email", "new@example.org"}}) == 422);
    CHECK(refused(id, {{"departments", {"nowhere"}}}) == 422);
    CHECK(refused(id, {{"password", "short"}}) == 422);
}

TEST_CASE_METHOD(fixture, "the last active admin stays one", "[staff][db][threads]") {
    CHECK(refused("STF-1", {{"role", "manager"}}) == 409);
    CHECK(refused("STF-1", {{"active", false}}) == 409);
    const std::string second = hire("lisa", "admin")["staff_id"];
    change(second, {{"active", false}});
    CHECK(refused("STF-1", {{"active", false}}) == 409); // an admin who cannot sign in does not count
    change(second, {{"active", true}});

    // Two admins disable each other at the same moment: one of them stays.
    const auto other = sign_in("lisa");
    auto a = server.by(admin, {{"active", false}});
    auto b = server.by(other, {{"active", false}});
    const std::string first = "STF-1";
    a.path_values = {std::string(second)};
    b.path_values = {std::string(first)};
    auto one = server.start(server.staff.change(a));
    auto two = server.start(server.staff.change(b));
    const int results = status([&] { return one.get().take(); }) + status([&] { return two.get().take(); });
    CHECK(results == 200 + 409);
}

TEST_CASE_METHOD(fixture, "oneself", "[staff][db]") {
    const std::string id = hire("sarah", "agent")["staff_id"];
    const auto reply = server.login("sarah@example.org", password);
    const std::string token = json::parse(reply.body)["access_token"];
    const auto elsewhere = sign_in("sarah");

    const auto me = json::parse(server.run(server.staff.me(server.by(token))).body);
    CHECK(me["staff_id"] == id);
    CHECK(me["availability"] == "online"); // as chosen
    CHECK(me["language"] == "en");
    CHECK(me["permissions"] == json(auth::permission_names(auth::permissions_of(role::agent))));

    const auto changed = json::parse(
        change_me(token, {{"availability", "away"}, {"language", "ar"}, {"name", "Sarah J"}}).body);
    CHECK(changed["availability"] == "away");
    CHECK(changed["language"] == "ar");
    CHECK(changed["name"] == "Sarah J");
    CHECK(events("presence") == 1);
    CHECK(server.status_of(token) == 200);
    CHECK(audit_of(id, "staff.change_self").size() == 1);

    for (const json& body :
         {json{{"role", "admin"}}, json{{"active", true}}, json{{"availability", "busy"}},
          json{{"language", "xx"}}, json{{"password", "another quiet morning"}},
          json{{"password", "short"}, {"current_password", password}},
          json{{"password", "another quiet morning"}, {"current_password", "wrong word here"}}}) {
        INFO(body.dump());
        CHECK(status([&] { return change_me(token, body); }) == 422);
    }
    // Her own password: this sign-in goes on by its refresh token, every other one is over.
    CHECK(change_me(token, {{"password", "another quiet morning"}, {"current_password", password}}).status ==
          200);
    CHECK(server.status_of(elsewhere) == 401);
    CHECK(server.status_of(token) == 401);
    const auto refreshed = server.refresh(cookie_of(reply));
    CHECK(refreshed.status == 200);
    CHECK(server.status_of(json::parse(refreshed.body)["access_token"]) == 200);
    CHECK(status([&] { return server.login("sarah@example.org", password); }) == 401);
}

TEST_CASE_METHOD(fixture, "a stolen access token does not help to guess the password", "[staff][db]") {
    hire("sarah", "agent");
    const auto token = sign_in("sarah");
    const auto guess = [&](int i) {
        return status([&] {
            return change_me(token, {{"password", "another quiet morning"},
                                     {"current_password", "guess " + std::to_string(i)}});
        });
    };
    for (int i = 0; i < 5; ++i) CHECK(guess(i) == 422);
    CHECK(guess(5) == 429);
    CHECK(status([&] { return server.login("sarah@example.org", password); }) == 429);
}

TEST_CASE_METHOD(fixture, "who is there, and how much they have", "[staff][db]") {
    server.with_socket = {2};
    hire("sarah", "agent", {{"departments", {"sales"}}});
    hire("bob", "engineer");
    for (const char* state : {"active", "active", "resolved", "pending"})
        server.pool.run_blocking([&](db::tx& t) { t.exec(add_conversation, 2, state); });
    const auto sarah = get("STF-2");
    CHECK(sarah["open_conversations"] == 2);
    CHECK(sarah["availability"] == "online");
    CHECK(get("STF-3")["availability"] == "offline");

    const auto listed = [&](const std::string& query) {
        auto r = server.by(admin);
        r.query_string = query;
        std::string ids;
        const auto page = json::parse(server.run(server.staff.list(std::move(r))).body);
        for (const auto& item : page["items"]) ids += item["staff_id"].get<std::string>() + " ";
        return ids;
    };
    CHECK(listed("") == "STF-1 STF-2 STF-3 ");
    CHECK(listed("role=engineer") == "STF-3 ");
    CHECK(listed("department=sales") == "STF-2 ");
    change("STF-3", {{"active", false}});
    CHECK(listed("active=true") == "STF-1 STF-2 ");
    CHECK(listed("active=false") == "STF-3 ");
    CHECK(listed("limit=2") == "STF-1 STF-2 ");
    CHECK(status([&] { return http::response::json_text(listed("role=king")); }) == 422);
    CHECK(status([&] { return http::response::json_text(listed("active=maybe")); }) == 422);

    server.pool.run_blocking([](db::tx& t) {
        CHECK(chat_centre::staff::find(t, 2)->name == "sarah");
        CHECK_FALSE(chat_centre::staff::find(t, 3)->active);
        CHECK_FALSE(chat_centre::staff::find(t, 99));
        const auto all = chat_centre::staff::colleagues(t);
        REQUIRE(all.size() == 2);
        CHECK(all[1].open_conversations == 2);
        CHECK(chat_centre::staff::departments(t).size() == 12);
        CHECK(chat_centre::staff::department_by_slug(t, "reception")->is_default);
        CHECK_FALSE(chat_centre::staff::department_by_slug(t, "nowhere"));
    });
}

TEST_CASE_METHOD(fixture, "departments", "[staff][db]") {
    const auto list = [&](const std::string& query = "") {
        auto r = server.by(admin);
        r.query_string = query;
        return json::parse(server.run(server.departments.list(std::move(r))).body);
    };
    const auto create = [&](const json& body) {
        return server.run(server.departments.create(server.by(admin, body)));
    };
    const auto change_department = [&](const std::string& slug, const json& body) {
        auto r = server.by(admin, body);
        r.path_values = {std::string(slug)};
        return server.run(server.departments.change(std::move(r)));
    };
    CHECK(list()["items"].size() == 12);
    CHECK(list()["items"][0]["slug"] == "reception");
    CHECK(create({{"slug", "visas"}, {"name_en", "Visas"}, {"name_ar", "التأشيرات"}}).status == 201);
    CHECK(status([&] { return create({{"slug", "visas"}, {"name_en", "V"}, {"name_ar", "V"}}); }) == 409);
    CHECK(status([&] { return create({{"slug", "Has Blanks"}, {"name_en", "V"}, {"name_ar", "V"}}); }) == 422);
    CHECK(status([&] { return create({{"slug", "x"}}); }) == 422);
    const auto changed = json::parse(change_department("visas", {{"name_en", "Visa desk"}}).body);
    CHECK(changed["name_en"] == "Visa desk");
    CHECK(changed["name_ar"] == "التأشيرات");
    CHECK(status([&] { return change_department("nowhere", {{"name_en", "x"}}); }) == 404);
    CHECK(change_department("visas", json::object()).status == 200);
    CHECK(events("department.changed") == 2);
    CHECK(audit_of("visas", "department").size() == 2);

    std::string walked, query = "limit=5";
    for (int guard = 0; guard < 10; ++guard) {
        const auto page = list(query);
        for (const auto& d : page["items"]) walked += d["slug"].get<std::string>().substr(0, 2);
        if (page["next_cursor"].is_null()) break;
        query = "limit=5&cursor=" + page["next_cursor"].get<std::string>();
    }
    CHECK(walked == "resacobiteacedmegoscstcovi");
}

TEST_CASE_METHOD(fixture, "the audit log: filters, pages, and nobody changes it", "[staff][db]") {
    hire("sarah", "agent");
    const auto list = [&](const std::string& query) {
        auto r = server.by(admin);
        r.query_string = query;
        return json::parse(server.run(log.list(std::move(r))).body);
    };
    const auto all = list("");
    CHECK(all["items"].size() == 4); // the admin, the key, a sign-in, a hire
    CHECK(all["items"][0]["action"] == "staff.create");
    CHECK(list("actor=STF-1")["items"].size() == 2);
    CHECK(list("actor=system")["items"].size() == 2);
    CHECK(list("action=auth")["items"].size() == 1);
    CHECK(list("action=auth.login")["items"].size() == 1);
    CHECK(list("action=aut")["items"].empty());
    CHECK(list("target=STF-2")["items"].size() == 1);
    CHECK(list("to=2020-01-01T00:00:00Z")["items"].empty());
    CHECK(list("from=2020-01-01T00:00:00Z")["items"].size() == 4);
    const auto page = list("limit=3");
    CHECK(page["items"].size() == 3);
    CHECK(list("limit=3&cursor=" + page["next_cursor"].get<std::string>())["items"].size() == 1);
    for (const char* bad : {"actor=MSG-1", "from=yesterday", "limit=0", "cursor=x"})
        CHECK(status([&] { return http::response::of(list(bad)); }) == 422);
    CHECK_THROWS_AS(data.script("DELETE FROM audit"), db::failure);
    CHECK_THROWS_AS(data.script("UPDATE audit SET action = ''"), db::failure);
}
