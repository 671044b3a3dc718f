#include <chat_centre/demo/demo.hpp>

#include "demo/client.hpp"

#include <chat_centre/base/error.hpp>

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using namespace chat_centre::demo;

namespace {

options parsed(const std::string& arguments) {
    CLI::App app;
    options o;
    add_options(app, o);
    app.parse(arguments);
    return o;
}

} // namespace

TEST_CASE("the demo's options", "[demo]") {
    const options none = parsed("");
    CHECK(none.url.empty());
    CHECK(none.rate == 2);
    CHECK_FALSE(none.count);
    CHECK_FALSE(none.minutes);
    CHECK_FALSE(none.once);
    CHECK(none.seed == 1);

    const options all =
        parsed("--url http://127.0.0.1:9000 --key k --email a@example.com --password p --rate 12.5 "
               "--count 30 --minutes 4 --seed 99");
    CHECK(all.url == "http://127.0.0.1:9000");
    CHECK(all.key == "k");
    CHECK(all.email == "a@example.com");
    CHECK(all.password == "p");
    CHECK(all.rate == 12.5);
    CHECK(all.count == 30);
    CHECK(all.minutes == 4);
    CHECK(all.seed == 99);
    CHECK(parsed("--once").once);

    for (const char* wrong : {"--rate 0", "--rate fast", "--rate 5000", "--count 0", "--count -3",
                              "--minutes 0", "--once --count 3", "--once --minutes 3", "--unknown", "--url"}) {
        INFO(wrong);
        CHECK_THROWS_AS(parsed(wrong), CLI::ParseError);
    }
}

TEST_CASE("what is not given comes from the settings", "[demo]") {
    config::settings s;
    s.sync_api_key = "stored key";
    s.admin_email = "admin@example.com";
    s.admin_password = "stored password";
    s.port = 8123;
    const options o = with_defaults({}, s);
    CHECK(o.url == "http://127.0.0.1:8123");
    CHECK(o.key == "stored key");
    CHECK(o.email == "admin@example.com");
    CHECK(o.password == "stored password");
    options given;
    given.url = "http://other:1";
    given.key = "k";
    given.email = "e";
    given.password = "p";
    const options kept = with_defaults(given, s);
    CHECK(kept.url == "http://other:1");
    CHECK(kept.key == "k");
    CHECK(kept.email == "e");
    CHECK(kept.password == "p");
    s.host = "0.0.0.0";
    CHECK(with_defaults({}, s).url == "http://127.0.0.1:8123");
    s.host = "::";
    CHECK(with_defaults({}, s).url == "http://[::1]:8123");
}

TEST_CASE("server addresses", "[demo]") {
    struct row {
        const char* url;
        const char* host; // nullptr: refused
        const char* port;
    };
    const row table[] = {
        {"http://127.0.0.1:8080", "127.0.0.1", "8080"},
        {"http://127.0.0.1:8080/", "127.0.0.1", "8080"},
        {"http://localhost", "localhost", "80"},
        {"http://[::1]:8080", "::1", "8080"},
        {"http://[::1]", "::1", "80"},
        {"https://127.0.0.1:8080", nullptr, nullptr},
        {"127.0.0.1:8080", nullptr, nullptr},
        {"http://", nullptr, nullptr},
        {"http://:8080", nullptr, nullptr},
        {"http://host:", nullptr, nullptr},
        {"http://host:0", nullptr, nullptr},
        {"http://host:65536", nullptr, nullptr},
        {"http://host:80x", nullptr, nullptr},
        {"http://host/admin/", nullptr, nullptr},
        {"http://user@host", nullptr, nullptr},
        {"", nullptr, nullptr},
    };
    for (const row& r : table) {
        INFO(r.url);
        if (r.host == nullptr) {
            CHECK_THROWS_AS(demo::parse_address(r.url), startup_error);
            continue;
        }
        const demo::address a = demo::parse_address(r.url);
        CHECK(a.host == r.host);
        CHECK(a.port == r.port);
    }
    CHECK(demo::parse_address("http://[::1]:8080").authority() == "[::1]:8080");
    CHECK(demo::parse_address("http://localhost").url() == "http://localhost:80");
}

TEST_CASE("a refusal in words", "[demo]") {
    answer a;
    a.status = 422;
    a.body = {{"title", "Some fields need correcting"},
              {"detail", "See errors."},
              {"errors", json::array({{{"field", "message"}, {"message", "must not be empty"}}})}};
    CHECK(a.reason() == "422 Some fields need correcting: See errors. message must not be empty.");
    CHECK_FALSE(a.ok());
    a.body = nullptr;
    CHECK(a.reason() == "422 ");
    CHECK(a.text("title").empty());
}
