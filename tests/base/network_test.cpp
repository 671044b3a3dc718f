// Which addresses are on the public internet, in every notation that a resolver understands.

#include <chat_centre/base/network.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;

TEST_CASE("private addresses in many notations", "[network]") {
    for (const char* host : {"127.0.0.1",
                             "127.1",
                             "127.0.1",
                             "127.255.255.254",
                             "0177.0.0.1",
                             "017700000001",
                             "0x7f000001",
                             "0x7f.1",
                             "0x7f.0x0.0x0.0x1",
                             "2130706433",
                             "127.0.0.1.",
                             "0",
                             "0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "10.1",
                             "167772161",
                             "100.64.0.1",
                             "100.127.255.255",
                             "169.254.169.254",
                             "0xa9fea9fe",
                             "2852039166",
                             "169.254.1.1",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.0.2.1",
                             "192.88.99.1",
                             "192.168.1.1",
                             "3232235777",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "239.255.255.255",
                             "240.0.0.1",
                             "255.255.255.255",
                             "[::]",
                             "[::1]",
                             "::1",
                             "[0:0:0:0:0:0:0:1]",
                             "[::ffff:127.0.0.1]",
                             "[::ffff:7f00:1]",
                             "[::ffff:10.0.0.1]",
                             "[::ffff:a9fe:a9fe]",
                             "[::127.0.0.1]",
                             "[::7f00:1]",
                             "[64:ff9b::127.0.0.1]",
                             "[64:ff9b::a00:1]",
                             "[64:ff9b:1::1]",
                             "[2002:7f00:1::]",
                             "[2002:c0a8:101::1]",
                             "[2001:0:7f00:1::1]",
                             "[2001:0:808:808:0:0:80ff:fffe]",
                             "[::ffff:0:127.0.0.1]",
                             "[fc00::1]",
                             "[fd12:3456::1]",
                             "[fe80::1]",
                             "[fe80::1%25eth0]",
                             "[fe80::1%eth0]",
                             "[fec0::1]",
                             "[ff02::1]",
                             "[2001:db8::1]",
                             "[100::1]",
                             "[4000::1]",
                             "[3fff::1]"}) {
        const auto a = parse_host_literal(host);
        INFO(host);
        REQUIRE(a);
        CHECK_FALSE(is_public(*a));
    }
}

TEST_CASE("public addresses", "[network]") {
    for (const char* host :
         {"8.8.8.8",          "1.1.1.1",           "134744072",      "0x08080808",       "100.63.255.255",
          "100.128.0.1",      "126.255.255.255",   "128.0.0.1",      "169.253.1.1",      "172.15.0.1",
          "172.32.0.1",       "192.167.1.1",       "192.169.0.1",    "198.17.0.1",       "198.20.0.1",
          "223.255.255.255",  "[2606:4700::1111]", "[2a00:1450::5]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]",
          "[2002:808:808::1]"}) {
        const auto a = parse_host_literal(host);
        INFO(host);
        REQUIRE(a);
        CHECK(is_public(*a));
    }
}

TEST_CASE("names are no literal addresses", "[network]") {
    for (const char* host : {"", "example.org", "localhost", "1.2.3.4.5", "256.1.1.1", "1.2.3.4.example",
                             "[::1", "[]", "[example]", "0x", "127.0.0.1 x"}) {
        INFO(host);
        CHECK_FALSE(parse_host_literal(host));
    }
    CHECK_FALSE(parse_address("127.1")); // for settings only the full form
    CHECK(to_string(*parse_address("127.0.0.1")) == "127.0.0.1");
    CHECK(to_string(*parse_address("FD00::1")) == "fd00::1");
}

TEST_CASE("networks", "[network]") {
    const auto holds = [](const char* n, const char* a) { return parse_network(n)->holds(*parse_address(a)); };
    CHECK(holds("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.1"));
    CHECK(holds("192.168.4.0/22", "192.168.7.255"));
    CHECK_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
    CHECK(holds("127.0.0.1", "127.0.0.1"));
    CHECK_FALSE(holds("127.0.0.1", "127.0.0.2"));
    CHECK(holds("0.0.0.0/0", "8.8.8.8"));
    CHECK_FALSE(holds("0.0.0.0/0", "2a00::1"));
    CHECK(holds("127.0.0.0/8", "::ffff:127.0.0.1")); // the same address
    CHECK(holds("fd00::/8", "fdff::1"));
    CHECK_FALSE(holds("fd00::/8", "fc00::1"));
    for (const char* bad :
         {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10/8", "x/8", "::/129"}) {
        INFO(bad);
        CHECK_FALSE(parse_network(bad));
    }
    CHECK(is_loopback(*parse_address("127.3.2.1")));
    CHECK(is_loopback(*parse_address("::1")));
    CHECK_FALSE(is_loopback(*parse_address("10.0.0.1")));
}
