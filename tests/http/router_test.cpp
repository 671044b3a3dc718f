#include "http/path.hpp"

#include <chat_centre/http/rate_limiter.hpp>
#include <chat_centre/http/router.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

using namespace chat_centre;
using namespace chat_centre::http;

namespace {

route at(verb v, std::string path) {
    route r;
    r.method = v;
    r.path = std::move(path);
    r.access = permission::open;
    r.operation_id = r.path;
    return r;
}

router sample() {
    router r;
    // The row with a placeholder first: the literal one must win whatever the order.
    r.add(at(verb::get, "/api/v1/staff/{id}"));
    r.add(at(verb::get, "/api/v1/staff/me"));
    r.add(at(verb::patch, "/api/v1/staff/{id}"));
    r.add(at(verb::get, "/api/v1/staff"));
    r.add(at(verb::post, "/api/v1/staff"));
    r.add(at(verb::put, "/a/{x}/b/{y}"));
    r.add(at(verb::get, "/"));
    return r;
}

} // namespace

TEST_CASE("routes are found by verb and path", "[http][router]") {
    const auto table = sample();
    struct {
        verb v;
        const char* path;
        const char* found; // "" none
        const char* allow;
    } const cases[] = {
        {verb::get, "/api/v1/staff", "/api/v1/staff", ""},
        {verb::post, "/api/v1/staff", "/api/v1/staff", ""},
        {verb::get, "/api/v1/staff/me", "/api/v1/staff/me", ""},
        {verb::get, "/api/v1/staff/STF-1", "/api/v1/staff/{id}", ""},
        {verb::patch, "/api/v1/staff/me", "/api/v1/staff/{id}", ""},
        {verb::head, "/api/v1/staff", "/api/v1/staff", ""},
        {verb::put, "/api/v1/staff", "", "GET, POST"},
        {verb::del, "/api/v1/staff/STF-1", "", "GET, PATCH"},
        {verb::del, "/api/v1/staff/me", "", "GET, PATCH"}, // two rows answer GET there
        {verb::head, "/a/1/b/2", "", "PUT"},
        {verb::put, "/a/1/b/2", "/a/{x}/b/{y}", ""},
        {verb::put, "/a//b/2", "", ""},
        {verb::put, "/a/1/b/", "", ""},
        {verb::put, "/a/1/c/2", "", ""},
        {verb::get, "/api/v1/staff/", "", ""},
        {verb::get, "/api/v1/staff/STF-1/x", "", ""},
        {verb::get, "/API/v1/staff", "", ""},
        {verb::get, "//api/v1/staff", "", ""},
        {verb::get, "/", "/", ""},
        {verb::get, "", "", ""},
        {verb::get, "*", "", ""},
        {verb::get, "/one/two/three/four/five/six/seven/eight", "", ""},
    };
    for (const auto& c : cases) {
        const auto m = table.find(c.v, c.path);
        INFO(to_string(c.v) << " " << c.path);
        CHECK((m.found != nullptr ? m.found->path : "") == c.found);
        CHECK(m.allow == c.allow);
        if (m.found != nullptr && c.v != verb::head) CHECK(m.found->method == c.v);
    }
    const std::string path = "/a/first/b/second one";
    const auto m = table.find(verb::put, path);
    REQUIRE(m.path_values.size() == 2);
    CHECK(m.path_values[0] == "first");
    CHECK(m.path_values[1] == "second one");
}

TEST_CASE("a row cannot be added twice", "[http][router]") {
    auto table = sample();
    CHECK_THROWS_AS(table.add(at(verb::get, "/api/v1/staff")), std::logic_error);
    CHECK_NOTHROW(table.add(at(verb::del, "/api/v1/staff")));
}

TEST_CASE("paths that lead elsewhere", "[http][path]") {
    for (const char* bad : {"/..",
                            "/../",
                            "/../etc/passwd",
                            "/a/../b",
                            "/a/..",
                            "/%2e%2e/",
                            "/%2E%2E/x",
                            "/.%2e/x",
                            "/%2e./x",
                            "/a/%2e%2e",
                            "/a%2f..%2fb",
                            "/a/..%2f..%2fetc/passwd",
                            "/%2e%2e%2f%2e%2e%2f",
                            "/a\\..\\b",
                            "/\\",
                            "/%5c",
                            "/..%5c..%5cwindows",
                            "/%00",
                            "/a%00.html",
                            "/a/%",
                            "/%2",
                            "/%zz",
                            "/%g0",
                            "/%u002e",
                            "..",
                            "a/../b"}) {
        INFO(bad);
        CHECK_FALSE(decode_path(bad));
    }
    struct {
        const char* raw;
        const char* path;
    } const good[] = {
        {"/", "/"},
        {"/a/b", "/a/b"},
        {"/a%20b", "/a b"},
        {"/%D8%B9", "/ع"},
        {"/a+b", "/a+b"},
        {"/...", "/..."},
        {"/..a/b..", "/..a/b.."},
        {"/a/.b", "/a/.b"},
        {"/%252e%252e/", "/%2e%2e/"}, // decoded once only
        {"/%41", "/A"},
        {"", ""},
    };
    for (const auto& g : good) {
        INFO(g.raw);
        const auto got = decode_path(g.raw);
        REQUIRE(got);
        CHECK(*got == g.path);
    }
}

TEST_CASE("a bucket empties and fills with time", "[http][rate]") {
    using namespace std::chrono_literals;
    rate_limiter limiter;
    const bucket_rule rule{.per_second = 2, .burst = 3};
    std::chrono::steady_clock::time_point now{1h};
    for (int i = 2; i >= 0; --i) {
        const auto a = limiter.take("a", rule, now);
        CHECK(a.allowed);
        CHECK(a.limit == 3);
        CHECK(a.remaining == i);
    }
    auto refused = limiter.take("a", rule, now);
    CHECK_FALSE(refused.allowed);
    CHECK(refused.retry_after == 1s);
    CHECK(refused.reset == 2s);
    CHECK(refused.remaining == 0);
    CHECK(limiter.take("b", rule, now).allowed); // buckets are their own

    CHECK_FALSE(limiter.take("a", rule, now + 499ms).allowed);
    CHECK(limiter.take("a", rule, now + 500ms).allowed);
    CHECK_FALSE(limiter.take("a", rule, now + 500ms).allowed);
    // A clock that goes back takes nothing and gives nothing.
    CHECK_FALSE(limiter.take("a", rule, now).allowed);
    // Never more than the burst, however long nobody came.
    for (int i = 0; i < 3; ++i) CHECK(limiter.take("a", rule, now + 24h).allowed);
    CHECK_FALSE(limiter.take("a", rule, now + 24h).allowed);
}

TEST_CASE("a refused caller is told a wait that is enough", "[http][rate]") {
    using namespace std::chrono_literals;
    for (const double per_second : {0.05, 0.4, 1.0, 3.0, 100.0}) {
        rate_limiter limiter;
        const bucket_rule rule{.per_second = per_second, .burst = 1};
        const std::chrono::steady_clock::time_point now{1h};
        CHECK(limiter.take("a", rule, now).allowed);
        const auto refused = limiter.take("a", rule, now);
        INFO(per_second);
        REQUIRE_FALSE(refused.allowed);
        CHECK(refused.retry_after >= 1s);
        CHECK(limiter.take("a", rule, now + refused.retry_after).allowed);
    }
}

TEST_CASE("the table of buckets is bounded", "[http][rate]") {
    rate_limiter limiter(3);
    const bucket_rule rule{.per_second = 0.001, .burst = 1};
    const std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
    for (const char* who : {"a", "b", "c"}) CHECK(limiter.take(who, rule, now).allowed);
    CHECK_FALSE(limiter.take("a", rule, now).allowed); // and "a" is now the one seen last
    CHECK(limiter.take("d", rule, now).allowed);       // "b" goes
    CHECK_FALSE(limiter.take("a", rule, now).allowed);
    CHECK_FALSE(limiter.take("c", rule, now).allowed);
    CHECK_FALSE(limiter.take("d", rule, now).allowed);
    CHECK(limiter.take("b", rule, now).allowed);
}

TEST_CASE("what an address counts as", "[http][rate]") {
    CHECK(rate_subject("192.0.2.7") == "192.0.2.7");
    CHECK(rate_subject("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(rate_subject("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(rate_subject("2001:db8:1:2::1") == rate_subject("2001:db8:1:2:ffff::9"));
    CHECK(rate_subject("2001:db8:1:3::1") != rate_subject("2001:db8:1:2::1"));
    CHECK(rate_subject("nonsense") == "nonsense");
    CHECK(rate_subject("").empty());
}
