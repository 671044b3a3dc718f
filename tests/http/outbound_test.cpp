// Where requests on somebody's behalf may go.

#include <chat_centre/http/outbound.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using http::outbound_rules;

namespace {

outbound_rules allowing(const char* network) {
    outbound_rules r;
    r.allow.push_back(*parse_network(network));
    return r;
}

std::string why_not(const std::string& url, const outbound_rules& rules) {
    try {
        (void)http::post(rules, url, "{}", {});
        return "";
    } catch (const http::no_answer& e) {
        return e.what();
    }
}

} // namespace

TEST_CASE("addresses that are refused when they are stored", "[outbound]") {
    const outbound_rules strict;
    for (const char* url : {"", "example.org/hook", "ftp://example.org/", "file:///etc/passwd",
                            "gopher://example.org", "javascript:1", "http://example.org/hook", "https://",
                            "https:///x", "https://user:secret@example.org/", "https://u@example.org",
                            "https://example.org/a b", "https://127.0.0.1/", "https://2130706433/",
                            "https://0x7f.1/x", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
                            "https://169.254.169.254/latest/meta-data", "https://10.0.0.1:8443/"}) {
        INFO(url);
        CHECK(http::url_fault(url, strict));
    }
    CHECK_FALSE(http::url_fault("https://example.org/hook?x=1#y", strict));
    CHECK_FALSE(http::url_fault("https://8.8.8.8:8443/hook", strict));
    CHECK(http::url_fault("https://" + std::string(2000, 'a') + ".org", strict));

    const auto some = allowing("127.0.0.0/8");
    CHECK_FALSE(http::url_fault("http://127.0.0.1:9000/hook", some));
    CHECK(http::url_fault("http://10.0.0.1/hook", some));
    CHECK(http::url_fault("http://8.8.8.8/hook", some)); // plain text over the internet
    CHECK(http::host_of("https://Example.org:8443/x") == "Example.org");
}

TEST_CASE("the address is judged when it is connected to", "[outbound]") {
    const outbound_rules strict;
    const auto public_address = *parse_address("8.8.8.8");
    const auto private_address = *parse_address("10.1.2.3");
    CHECK_FALSE(http::connect_fault(public_address, true, strict));
    CHECK(http::connect_fault(public_address, false, strict));
    CHECK(http::connect_fault(private_address, true, strict));
    CHECK_FALSE(http::connect_fault(private_address, false, allowing("10.0.0.0/8")));
    CHECK(http::connect_fault(*parse_address("::1"), true, allowing("127.0.0.0/8")));

    // Names pass the first check; where they lead to is seen here. Nothing is sent, so nothing need listen.
    for (const char* url : {"https://localhost:1/", "http://localhost:1/", "https://127.1:1/", "https://0:1/",
                            "https://[::]:1/", "https://2130706433:1/", "https://0177.0.0.1:1/",
                            "https://[::ffff:127.0.0.1]:1/"}) {
        const auto why = why_not(url, strict);
        INFO(url << ": " << why);
        CHECK(why.find("not on the public internet") != std::string::npos);
    }
    CHECK(why_not("file:///etc/passwd", strict) != "");
    CHECK(why_not("http://127.0.0.1:1/", allowing("127.0.0.0/8")).find("public") == std::string::npos);
}
