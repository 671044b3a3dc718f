// The route table and the document made of it.

#include <chat_centre/app/app.hpp>
#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace chat_centre;

TEST_CASE("every route is described and guarded", "[app][openapi]") {
    const auto table = app::describe_routes();
    CHECK(table.routes().size() > 30);
    std::set<std::string> ids;
    for (const auto& r : table.routes()) {
        INFO(http::to_string(r.method) << " " << r.path);
        CHECK_FALSE(r.operation_id.empty());
        CHECK_FALSE(r.summary.empty());
        CHECK_FALSE(r.tag.empty());
        CHECK(ids.insert(r.operation_id).second);
        CHECK_FALSE(auth::to_string(r.access).empty());
        if (r.access == permission::open && r.method != http::verb::get)
            CHECK(r.io.limit != http::rate::none); // public and writing: limited
        const auto m = table.find(r.method, r.path);
        REQUIRE(m.found != nullptr);
        CHECK(m.found->operation_id == r.operation_id);
    }
}

TEST_CASE("the OpenAPI document holds together", "[app][openapi]") {
    const auto text = app::openapi_text();
    const auto j = json::parse(text);
    CHECK(j["openapi"] == "3.1.0");
    std::size_t operations = 0;
    for (const auto& [path, item] : j["paths"].items())
        for (const auto& [verb, op] : item.items()) {
            ++operations;
            INFO(verb << " " << path);
            CHECK(op["operationId"].is_string());
            CHECK_FALSE(op["summary"].get<std::string>().empty());
            CHECK_FALSE(op["x-permission"].get<std::string>().empty());
            CHECK(op["security"].is_array());
            CHECK(op["security"].empty() == (op["x-permission"] == "open"));
            CHECK(op["responses"].size() >= 2);
            // Every {name} in the path is a parameter, and no other.
            std::set<std::string> named;
            for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
                named.insert(path.substr(at + 1, path.find('}', at) - at - 1));
            std::set<std::string> described;
            if (op.contains("parameters"))
                for (const auto& p : op["parameters"])
                    if (p["in"] == "path") described.insert(p["name"].get<std::string>());
            CHECK(named == described);
        }
    CHECK(operations == app::describe_routes().routes().size());
    for (const char* documented :
         {"/api/chat/sync", "/api/v1/chat/sync", "/api/v1/auth/login", "/api/v1/me", "/api/v1/queue",
          "/api/v1/conversations", "/api/v1/conversations/{id}", "/api/v1/conversations/{id}/messages",
          "/api/v1/conversations/start", "/api/v1/messages/{id}/feedback"}) {
        INFO(documented);
        CHECK(j["paths"].contains(documented));
    }
}

TEST_CASE("the committed document is the one served", "[app][openapi]") {
    std::ifstream in(CHAT_CENTRE_SOURCE_DIR "/docs/openapi.json", std::ios::binary);
    const std::string committed(std::istreambuf_iterator<char>(in), {});
    INFO("The routes have changed. Write the document again and commit it:\n"
         "  build/release/chat-centre openapi > docs/openapi.json");
    const bool same = committed == app::openapi_text(); // not compared in the CHECK: nobody wants to read both
    CHECK(same);
}

TEST_CASE("the list of routes has a line for each", "[app]") {
    const auto list = app::route_list();
    CHECK(static_cast<std::size_t>(std::count(list.begin(), list.end(), '\n')) ==
          app::describe_routes().routes().size());
}
