// What a request says: query, cookies, JSON body, ids in the path; and the problem document it may get.

#include <chat_centre/http/message.hpp>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::http;

namespace {

int status_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const error& e) {
        return e.status();
    }
    return 0;
}

request with_header(std::string name, std::string value) {
    request r;
    r.headers.emplace_back(std::move(name), std::move(value));
    return r;
}

} // namespace

TEST_CASE("query parameters", "[http][request]") {
    struct {
        const char* query;
        const char* name;
        const char* value; // nullptr: absent
    } const table[] = {
        {"", "a", nullptr},          {"a", "a", ""},         {"a=", "a", ""},         {"a=1", "a", "1"},
        {"a=1&b=2", "b", "2"},       {"b=2", "a", nullptr},  {"ab=1", "a", nullptr},  {"a=x+y", "a", "x y"},
        {"a=x%20y", "a", "x y"},     {"a=%D8%B9", "a", "ع"}, {"a=1=2", "a", "1=2"},   {"%61=1", "a", "1"},
        {"a=%2", "a", "%2"},         {"a=%", "a", "%"},      {"a=%zz", "a", "%zz"},   {"a=%2B", "a", "+"},
        {"a=%26b%3D1", "a", "&b=1"}, {"&&a=1&", "a", "1"},   {"a=%2525", "a", "%25"}, {"=1", "a", nullptr},
        {"A=1", "a", nullptr},
    };
    for (const auto& row : table) {
        request r;
        r.query_string = row.query;
        INFO(row.query);
        const auto got = r.query(row.name);
        CHECK(got.has_value() == (row.value != nullptr));
        if (got && row.value != nullptr) CHECK(*got == row.value);
    }
    for (const char* bad : {"a=1&a=2", "a&a", "a=1&%61=2", "a=%00", "a=x%00y"}) {
        request r;
        r.query_string = bad;
        INFO(bad);
        CHECK(status_of([&] { (void)r.query("a"); }) == 400);
    }
}

TEST_CASE("numbers in the query", "[http][request]") {
    struct {
        const char* query;
        std::int64_t value; // -1: 422
    } const table[] = {
        {"", 7},
        {"n=", 7},
        {"n=0", 0},
        {"n=10", 10},
        {"n=11", -1},
        {"n=-1", -1},
        {"n=x", -1},
        {"n=1x", -1},
        {"n=1.0", -1},
        {"n=%201", -1},
        {"n=+1", -1},
        {"n=0x1", -1},
        {"n=99999999999999999999", -1},
    };
    for (const auto& row : table) {
        request r;
        r.query_string = row.query;
        std::int64_t got = -1;
        const int status = status_of([&] { got = r.query_number("n", 7, 0, 10); });
        INFO(row.query);
        CHECK(got == row.value);
        CHECK(status == (row.value == -1 ? 422 : 0));
    }
}

TEST_CASE("cookies", "[http][request]") {
    struct {
        const char* header;
        const char* value;
    } const table[] = {
        {"", ""},
        {"cc_refresh=abc", "abc"},
        {"a=1; cc_refresh=abc; b=2", "abc"},
        {"a=1;cc_refresh=abc", "abc"},
        {"xcc_refresh=no; cc_refresh=yes", "yes"},
        {"cc_refresh_old=no", ""},
        {"cc_refresh", ""},
        {"cc_refresh=a=b", "a=b"},
        {"cc_refresh=first; cc_refresh=second", "first"},
        {";;; cc_refresh=abc", "abc"},
    };
    for (const auto& row : table) {
        INFO(row.header);
        CHECK(with_header("cookie", row.header).cookie("cc_refresh") == row.value);
    }
    CHECK(request{}.cookie("cc_refresh").empty());
}

TEST_CASE("a JSON body says that it is one", "[http][request]") {
    struct {
        const char* type;
        int status; // 0: read
    } const table[] = {
        {"application/json", 0},
        {"application/json; charset=utf-8", 0},
        {"application/json ;charset=utf-8", 0},
        {"APPLICATION/JSON", 0},
        {"application/merge-patch+json", 0},
        {"", 415},
        {"text/plain", 415},
        {"text/json", 415},
        {"application/x-www-form-urlencoded", 415},
        {"multipart/form-data; boundary=x", 415},
        {"application/jsonp", 415},
        {"application/json, text/plain", 415},
        {"text/plain; application/json", 415},
        {"+json", 415},
    };
    for (const auto& row : table) {
        auto r = with_header("content-type", row.type);
        r.body = R"({"a":1})";
        INFO(row.type);
        json got;
        CHECK(status_of([&] { got = r.json_body(); }) == row.status);
        CHECK(got.is_null() == (row.status != 0));
    }
    auto r = with_header("content-type", "application/json");
    for (const char* bad : {"", "{", "nope", "{\"a\":1}x", "\"\\u0000\""}) {
        r.body = bad;
        INFO(bad);
        CHECK(status_of([&] { (void)r.json_body(); }) == 400);
    }
}

TEST_CASE("ids in the path", "[http][request]") {
    const auto id_of = [](std::string text) {
        request r;
        r.path = std::move(text);
        r.path_values = {r.path};
        std::int64_t id = 0;
        const int status = status_of([&] { id = r.path_id(0, "CONV"); });
        return status == 0 ? id : -status;
    };
    CHECK(id_of("CONV-1") == 1);
    CHECK(id_of("CONV-9223372036854775807") == 9223372036854775807);
    for (const char* bad : {"CONV-0", "CONV-01", "CONV--1", "CONV-", "CONV", "conv-1", "1", "STF-1",
                            "CONV-1x", "CONV-1 ", "CONV-9223372036854775808", "CONV-1.0", ""}) {
        INFO(bad);
        CHECK(id_of(bad) == -404);
    }
    CHECK(status_of([] { (void)request{}.path_id(0, "CONV"); }) == 404);
}

TEST_CASE("a problem document", "[http][problem]") {
    auto e = error::unprocessable({{"user_id", "is required"}, {"sender", "must be text"}});
    const auto r = problem(e, "request-1");
    const auto j = json::parse(r.body);
    CHECK(r.status == 422);
    CHECK(r.content_type == "application/problem+json");
    CHECK(j["type"] == "about:blank");
    CHECK(j["title"].is_string());
    CHECK(j["status"] == 422);
    CHECK(j["detail"].is_string());
    CHECK(j["request_id"] == "request-1");
    REQUIRE(j["errors"].size() == 2);
    CHECK(j["errors"][0]["field"] == "user_id");
    CHECK(j["errors"][1]["message"] == "must be text");

    const auto header = [](const response& answer, const std::string& name) {
        for (const auto& [n, v] : answer.headers)
            if (n == name) return v;
        return std::string{};
    };
    CHECK(json::parse(problem(error::not_found("x"), "r").body).contains("errors") == false);
    CHECK(header(problem(error::too_many("x", std::chrono::seconds(7)), "r"), "Retry-After") == "7");
    CHECK(header(problem(error::unavailable("x"), "r"), "Retry-After") == "1");
    CHECK(header(problem(error::unauthorized("x"), "r"), "WWW-Authenticate").starts_with("Bearer"));
    CHECK(header(problem(error::forbidden("x"), "r"), "WWW-Authenticate").empty());

    error conflict{409, "A colleague has it", "\xff broken \" text"};
    conflict.with("assigned_staff", R"({"staff_id":"STF-1"})");
    const auto c = json::parse(problem(conflict, "r").body);
    CHECK(c["assigned_staff"]["staff_id"] == "STF-1");
    CHECK(c["detail"].get<std::string>().find("broken \" text") != std::string::npos);
}
