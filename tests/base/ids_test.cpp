#include <chat_centre/base/ids.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace chat_centre;

TEST_CASE("public ids", "[base][ids]") {
    CHECK(format_id("CONV", 12) == "CONV-12");
    for (const std::int64_t id : {std::int64_t{1}, std::int64_t{10}, std::int64_t{9223372036854775807}})
        CHECK(parse_id("STF", format_id("STF", id)) == id);
    for (const char* bad : {"", "STF", "STF-", "STF-0", "STF-00", "STF-01", "STF--1", "STF-+1", "STF- 1",
                            "STF-1 ", "STF-1a", "stf-1", "CONV-1", "STF1", "STF-9223372036854775808",
                            "STF-99999999999999999999999", "XSTF-1", "STF-١"}) {
        INFO(bad);
        CHECK_FALSE(parse_id("STF", bad));
    }
}

TEST_CASE("random ids are long, plain and different", "[base][ids]") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto id = random_id(20);
        CHECK(id.size() == 20);
        CHECK(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
        seen.insert(id);
        const auto token = random_token(32);
        CHECK(token.size() == 43);
        CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
              std::string::npos);
        seen.insert(token);
    }
    CHECK(seen.size() == 2000);
    CHECK(random_id(0).empty());
}

TEST_CASE("digests", "[base][ids]") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_base64url("abc") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    // Stored beside messages: it must never change between versions or machines.
    CHECK(hash64("hello") == 14467652765707987916ULL);
    CHECK(hash64("hello") != hash64("hellp"));
    CHECK(hash64("ab") != hash64("ba"));
    CHECK(hash64(std::string_view("a\0", 2)) != hash64("a"));
}

TEST_CASE("comparison of secrets", "[base][ids]") {
    CHECK(equal_constant_time("abc", "abc"));
    CHECK(equal_constant_time("", ""));
    CHECK_FALSE(equal_constant_time("abc", "abd"));
    CHECK_FALSE(equal_constant_time("abc", "ab"));
    CHECK_FALSE(equal_constant_time("", "a"));
}
