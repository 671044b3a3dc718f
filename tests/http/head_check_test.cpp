// Every way known to us in which two HTTP parsers disagree about where a request ends, and good requests beside them.

#include "http/head_check.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre::http;
using namespace std::string_literals;

namespace {

struct probe {
    const char* what;
    std::string head;
    int status; // 0: passed on
};

const std::string line = "POST /api/chat/sync HTTP/1.1\r\n";
const std::string host = "Host: example.org\r\n";
const std::string end = "\r\n";

std::string get(const std::string& fields) { return line + host + fields + end; }
std::string target(const std::string& t) { return "GET " + t + " HTTP/1.1\r\n" + host + end; }
std::string host_of(const std::string& h) { return "GET / HTTP/1.1\r\nHost: " + h + "\r\n\r\n"; }

void run(const std::vector<probe>& table) {
    for (const auto& p : table) {
        const auto r = check_head(p.head, limits{});
        INFO(p.what << ": " << (r ? r->detail : "passed"));
        CHECK((r ? r->status : 0) == p.status);
        if (r) CHECK(!r->detail.empty());
    }
}

std::string fields(int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += "X-" + std::to_string(i) + ": 1\r\n";
    return out;
}

} // namespace

TEST_CASE("requests that pass", "[http][head]") {
    run({
        {"the least", get(""), 0},
        {"a body with a length", get("Content-Length: 5\r\n"), 0},
        {"no body by length", get("Content-Length: 0\r\n"), 0},
        {"the longest length", get("Content-Length: 999999999999999999\r\n"), 0},
        {"a chunked body", get("Transfer-Encoding: chunked\r\n"), 0},
        {"chunked in any case", get("transfer-encoding: CHUNKED\r\n"), 0},
        {"white space around a value", get("Content-Length: \t 5 \t\r\n"), 0},
        {"HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n", 0},
        {"HTTP/1.0 with a length", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n", 0},
        {"an expectation", get("Expect: 100-continue\r\n"), 0},
        {"an expectation in capitals", get("Expect: 100-CONTINUE\r\n"), 0},
        {"identity coding", get("Content-Encoding: identity\r\n"), 0},
        {"an empty value", get("X-Empty:\r\n"), 0},
        {"an empty content coding", get("Content-Encoding: \r\n"), 0},
        {"letters beyond ASCII in a value", get("X-Name: عميل\r\n"), 0},
        {"a tab inside a value", get("X-Tab: a\tb\r\n"), 0},
        {"a name of all token characters", get("x!#$%&'*+-.^_`|~9: 1\r\n"), 0},
        {"a port", host_of("example.org:8080"), 0},
        {"an IPv6 host", host_of("[::1]:8080"), 0},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + end, 0},
        {"absolute form, same host", target("http://example.org/a?b=c"), 0},
        {"absolute form without a path", target("http://example.org"), 0},
        {"absolute form, https", target("https://example.org/"), 0},
        {"a query with percent signs", target("/a%20b?c=%2F&d"), 0},
        {"an unknown method is for the router", "BREW / HTTP/1.1\r\n" + host + end, 0},
        {"one hundred fields", line + host + fields(99) + end, 0},
    });
}

TEST_CASE("where the body ends is never ambiguous", "[http][head]") {
    run({
        {"length and chunked", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"chunked and length", get("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        {"lengths that differ", get("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
        {"lengths that agree", get("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
        {"a list of lengths", get("Content-Length: 5, 5\r\n"), 400},
        {"a signed length", get("Content-Length: +5\r\n"), 400},
        {"a negative length", get("Content-Length: -1\r\n"), 400},
        {"an overflowing length", get("Content-Length: 18446744073709551621\r\n"), 400},
        {"nineteen digits", get("Content-Length: 9999999999999999999\r\n"), 400},
        {"a hexadecimal length", get("Content-Length: 0x5\r\n"), 400},
        {"a length with a space inside", get("Content-Length: 5 5\r\n"), 400},
        {"an empty length", get("Content-Length:\r\n"), 400},
        {"a decimal length", get("Content-Length: 5.0\r\n"), 400},
        {"a space before the colon", get("Content-Length : 5\r\n"), 400},
        {"a tab before the colon", get("Transfer-Encoding\t: chunked\r\n"), 400},
        {"gzip, then a length", get("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 400},
        {"gzip alone", get("Transfer-Encoding: gzip\r\n"), 400},
        {"identity and length", get("Transfer-Encoding: identity\r\nContent-Length: 5\r\n"), 400},
        {"xchunked", get("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n"), 400},
        {"chunked, identity", get("Transfer-Encoding: chunked, identity\r\n"), 400},
        {"gzip, chunked", get("Transfer-Encoding: gzip, chunked\r\n"), 400},
        {"chunked twice", get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"chunked, chunked", get("Transfer-Encoding: chunked, chunked\r\n"), 400},
        {"an empty coding", get("Transfer-Encoding:\r\n"), 400},
        {"quoted chunked", get("Transfer-Encoding: \"chunked\"\r\n"), 400},
        {"chunked with a parameter", get("Transfer-Encoding: chunked;q=1\r\n"), 400},
        {"a vertical tab before chunked",
         get("Transfer-Encoding: \x0b"
             "chunked\r\n"),
         400},
        {"chunked on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"a folded coding", get("Transfer-Encoding:\r\n chunked\r\n"), 400},
        {"a folded value", get("X-A: 1\r\n\tmore\r\n"), 400},
        {"a fold before the first field", line + " Host: a\r\n" + host + end, 400},
    });
}

TEST_CASE("which host is never ambiguous", "[http][head]") {
    run({
        {"no host", line + end, 400},
        {"two hosts", line + host + "Host: other.org\r\n" + end, 400},
        {"the same host twice", line + host + host + end, 400},
        {"two hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"an empty host", host_of(""), 400},
        {"a list", host_of("a, b"), 400},
        {"a space", host_of("a b"), 400},
        {"a user", host_of("user@a"), 400},
        {"a path", host_of("a/b"), 400},
        {"a query", host_of("a?b"), 400},
        {"letters beyond ASCII", host_of("münchen.example"), 400},
        {"too long", host_of(std::string(256, 'a')), 400},
        {"absolute form, other host", target("http://other.org/"), 400},
        {"absolute form, other port", target("http://example.org:81/"), 400},
        {"absolute form, with a user", target("http://a@example.org/"), 400},
        {"absolute form, host and query only", target("http://example.org?/"), 400},
        {"absolute form without a host", target("http:///admin"), 400},
        {"absolute form without anything", target("http://"), 400},
        {"another scheme", target("ftp://example.org/"), 400},
        {"authority form", "CONNECT example.org:443 HTTP/1.1\r\n" + host + end, 400},
    });
}

TEST_CASE("lines that are not what they seem", "[http][head]") {
    run({
        {"a bare line feed", line + "Host: example.org\n" + end, 400},
        {"a bare line feed after the request line", "GET / HTTP/1.1\n" + host + end, 400},
        {"a bare carriage return", get("X-A: 1\rX-B: 2\r\n"), 400},
        {"two carriage returns", get("X-A: 1\r\r\n"), 400},
        {"NUL in a value", get("X-A: 1\0\r\n"s), 400},
        {"NUL in a name", get("X\0A: 1\r\n"s), 400},
        {"a control character in a value", get("X-A: \x01\r\n"), 400},
        {"DEL in a value", get("X-A: \x7f\r\n"), 400},
        {"no colon", get("Nonsense\r\n"), 400},
        {"no name", get(": 1\r\n"), 400},
        {"a space in a name", get("X A: 1\r\n"), 400},
        {"a name beyond ASCII", get("X-é: 1\r\n"), 400},
        {"no empty line at the end", line + "Host: example.org", 400},
        {"a field twice as many as allowed", line + host + fields(200) + end, 431},
        {"one field too many", line + host + fields(100) + end, 431},
    });
}

TEST_CASE("the request line", "[http][head]") {
    run({
        {"nothing but a method", "GET\r\n" + host + end, 400},
        {"no target", "GET HTTP/1.1\r\n" + host + end, 400},
        {"an empty target", "GET  HTTP/1.1\r\n" + host + end, 400},
        {"no version", "GET /\r\n" + host + end, 400},
        {"a leading space", " GET / HTTP/1.1\r\n" + host + end, 400},
        {"a space in the target", target("/a b"), 400},
        {"a tab for a space", "GET\t/\tHTTP/1.1\r\n" + host + end, 400},
        {"a method with a bracket", "G(T / HTTP/1.1\r\n" + host + end, 400},
        {"a relative target", target("a"), 400},
        {"a query without a path", target("?a"), 400},
        {"an unescaped quote", target("/a\"b"), 400},
        {"unescaped angle brackets", target("/<script>"), 400},
        {"letters beyond ASCII", target("/é"), 400},
        {"a control character", target("/a\x01"), 400},
        {"HTTP/1.9", "GET / HTTP/1.9\r\n" + host + end, 505},
        {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + end, 505},
        {"HTTP/11", "GET / HTTP/11\r\n" + host + end, 400},
        {"http/1.1", "GET / http/1.1\r\n" + host + end, 400},
        {"HTTPS/1.1", "GET / HTTPS/1.1\r\n" + host + end, 400},
        {"the longest URL", target("/" + std::string(8 * 1024 - 1, 'a')), 0},
        {"a URL too long", target("/" + std::string(8 * 1024, 'a')), 414},
    });
}

TEST_CASE("what this server does not do", "[http][head]") {
    run({
        {"a compressed body", get("Content-Encoding: gzip\r\n"), 415},
        {"two codings", get("Content-Encoding: identity, br\r\n"), 415},
        {"an unknown expectation", get("Expect: 200-ok\r\n"), 417},
        {"an empty expectation", get("Expect:\r\n"), 417},
    });
}

TEST_CASE("a head cut anywhere is refused or a head, never a crash", "[http][head]") {
    const std::string whole = get("Content-Length: 5\r\nX-A: b\r\nExpect: 100-continue\r\n");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const auto r = check_head(whole.substr(0, n), limits{});
        INFO(n << " bytes of " << whole.size());
        // Only what ends with a line may pass: the caller cuts at the empty line.
        if (!r) CHECK(whole.substr(0, n).ends_with("\r\n"));
    }
}
