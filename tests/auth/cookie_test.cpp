#include "auth/cookie.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre::auth;

TEST_CASE("the refresh cookie", "[auth][cookie]") {
    CHECK(refresh_cookie("ccr_x.y.z", std::chrono::seconds{43200}, false) ==
          "cc_refresh=ccr_x.y.z; Path=/api/v1/auth; Max-Age=43200; HttpOnly; SameSite=Strict");
    CHECK(refresh_cookie("t", std::chrono::seconds{1}, true) ==
          "cc_refresh=t; Path=/api/v1/auth; Max-Age=1; HttpOnly; SameSite=Strict; Secure");
    CHECK(cleared_refresh_cookie(false) ==
          "cc_refresh=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST_CASE("which calls may rely on the cookie", "[auth][cookie]") {
    struct line {
        const char* content_type;
        const char* fetch_site;
        bool allowed;
    };
    const line table[] = {
        {"application/json", "same-origin", true},
        {"application/json", "none", true},
        {"application/json", "", true}, // curl, and browsers that do not say
        {"application/json; charset=utf-8", "same-origin", true},
        {"application/json ; charset=utf-8", "same-origin", true},
        {"Application/JSON", "same-origin", true},
        {"application/json", "same-site", false},
        {"application/json", "cross-site", false},
        {"application/json", "Same-Origin", false}, // browsers write it in lower case
        {"application/json", "same-origin, cross-site", false},
        {"", "same-origin", false},
        {"", "", false},
        {"text/plain", "same-origin", false},
        {"text/plain; application/json", "", false},
        {"application/x-www-form-urlencoded", "", false},
        {"multipart/form-data; boundary=x", "", false},
        {"application/jsonp", "", false},
        {"application/json, text/plain", "", false},
    };
    for (const auto& l : table) {
        INFO(l.content_type << " | " << l.fetch_site);
        CHECK(cookie_call_allowed(l.content_type, l.fetch_site) == l.allowed);
    }
}
