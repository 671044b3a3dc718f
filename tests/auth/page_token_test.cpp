#include <chat_centre/auth/page_token.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::auth;

namespace {

const std::string page_test_key(32, 'k');
const time_point page_test_now = time_point(std::chrono::seconds(1'761'065'915));

std::string page_test_token(std::chrono::seconds life = page_token_life) {
    return make_page_token(page_test_key, {"sync", "web_7", "ccs_1", page_test_now + life});
}

} // namespace

TEST_CASE("a page token says who, where and for how long", "[auth][page_token]") {
    const auto c = read_page_token(page_test_key, page_test_token(), "sync", page_test_now);
    REQUIRE(c);
    CHECK(c->user_id == "web_7");
    CHECK(c->session == "ccs_1");
    CHECK(c->expires == page_test_now + page_token_life);
}

TEST_CASE("a page token is good for its audience, key and time only", "[auth][page_token]") {
    const auto token = page_test_token();
    CHECK_FALSE(read_page_token(page_test_key, token, "socket", page_test_now));
    CHECK_FALSE(read_page_token(std::string(32, 'x'), token, "sync", page_test_now));
    CHECK_FALSE(read_page_token(page_test_key, token, "sync", page_test_now + page_token_life));
    CHECK(read_page_token(page_test_key, token, "sync", page_test_now + page_token_life, true));
    CHECK_FALSE(read_page_token(page_test_key, token, "sync", page_test_now + std::chrono::days(31), true));
}

TEST_CASE("no other text is a page token", "[auth][page_token]") {
    const auto token = page_test_token();
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto forged = token;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        INFO(i);
        CHECK_FALSE(read_page_token(page_test_key, forged, "sync", page_test_now));
    }
    for (const auto* text : {"", "ccp_", "ccp_.", "ccp_e30.", "cct_1.x.y"})
        CHECK_FALSE(read_page_token(page_test_key, text, "sync", page_test_now));
    CHECK_FALSE(read_page_token(page_test_key, token + "=", "sync", page_test_now));
    CHECK_FALSE(read_page_token(page_test_key, "ccp_" + std::string(5000, 'a'), "sync", page_test_now));
}
