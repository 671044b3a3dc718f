#include "http/head_check.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::http {
namespace {

bool is_token_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool same_name(std::string_view a, std::string_view lower) {
    return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
               return std::tolower(static_cast<unsigned char>(x)) == static_cast<unsigned char>(y);
           });
}

refusal bad(std::string detail) { return {400, std::move(detail)}; }

// RFC 9110 section 7.2 and RFC 3986: host and an optional port; no user information, no white space.
bool is_host(std::string_view v) {
    if (v.empty() || v.size() > 255) return false;
    for (const char c : v)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
            std::string_view("-._~:[]%").find(c) == std::string_view::npos)
            return false;
    return true;
}

struct head_facts {
    int host_count = 0;
    std::string_view host;
    int length_count = 0;
    int coding_count = 0;
    std::string_view coding;
};

std::optional<refusal> check_line(std::string_view line, head_facts& facts) {
    if (line.front() == ' ' || line.front() == '\t')
        return bad("A header line is folded (RFC 9112 section 5.2).");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return bad("A header line has no name.");
    const auto name = line.substr(0, colon);
    if (!std::all_of(name.begin(), name.end(), is_token_char))
        return bad("A header name has a character it may not.");
    const auto value = trimmed(line.substr(colon + 1));
    for (const char c : value)
        if (const auto u = static_cast<unsigned char>(c); (u < 0x20 && c != '\t') || u == 0x7F)
            return bad("A header value has a control character.");

    if (same_name(name, "host")) {
        ++facts.host_count;
        facts.host = value;
    } else if (same_name(name, "content-length")) {
        ++facts.length_count;
        if (value.empty() || value.size() > 18 ||
            !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return bad("Content-Length must be one decimal number.");
    } else if (same_name(name, "transfer-encoding")) {
        ++facts.coding_count;
        facts.coding = value;
    } else if (same_name(name, "content-encoding")) {
        if (!value.empty() && !same_name(value, "identity"))
            return refusal{415, "Compressed request bodies are not accepted: send the body as it is."};
    } else if (same_name(name, "expect")) {
        if (!same_name(value, "100-continue"))
            return refusal{417, "The only expectation understood is 100-continue."};
    }
    return std::nullopt;
}

std::optional<refusal> check_request_line(std::string_view line, const limits& l, bool& http_1_0,
                                          std::string_view& authority) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || first == 0)
        return bad("The request line is not METHOD TARGET VERSION.");
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (!std::all_of(method.begin(), method.end(), is_token_char)) return bad("The method is not a token.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        if (version.substr(0, 5) == "HTTP/" && version.size() == 8)
            return refusal{505, "This server speaks HTTP/1.1 and HTTP/1.0."};
        return bad("The request line does not end with an HTTP version.");
    }
    http_1_0 = version == "HTTP/1.0";
    if (target.size() > l.url_bytes)
        return refusal{414, "The URL is longer than " + std::to_string(l.url_bytes) + " bytes."};
    for (const char c : target)
        if (const auto u = static_cast<unsigned char>(c);
            u <= 0x20 || u >= 0x7F || c == '"' || c == '<' || c == '>')
            return bad("The URL has a character that must be percent-encoded.");
    if (target.substr(0, 7) == "http://" || target.substr(0, 8) == "https://") {
        const auto start = target.find("//") + 2;
        authority = target.substr(start, target.find('/', start) - start);
        if (authority.empty()) return bad("The URL names no host.");
    } else if (target.substr(0, 1) != "/" && target != "*") {
        return bad("The URL must start with a slash.");
    }
    return std::nullopt;
}

} // namespace

std::optional<refusal> check_head(std::string_view head, const limits& l) {
    std::size_t fields = 0;
    bool first = true;
    bool http_1_0 = false;
    std::string_view authority;
    head_facts facts;

    while (!head.empty()) {
        const auto end = head.find('\n');
        if (end == std::string_view::npos) return bad("The header block does not end with an empty line.");
        if (end == 0 || head[end - 1] != '\r') return bad("A header line ends with a bare line feed.");
        const auto line = head.substr(0, end - 1);
        head.remove_prefix(end + 1);
        if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos)
            return bad("A header line holds a carriage return or NUL.");
        if (first) {
            first = false;
            if (auto r = check_request_line(line, l, http_1_0, authority)) return r;
            continue;
        }
        if (line.empty()) break;
        if (++fields > l.header_fields)
            return refusal{431, "More than " + std::to_string(l.header_fields) + " header fields."};
        if (auto r = check_line(line, facts)) return r;
    }

    if (facts.coding_count > 0) {
        if (http_1_0) return bad("Transfer-Encoding is not part of HTTP/1.0.");
        if (facts.coding_count > 1 || !same_name(facts.coding, "chunked"))
            return bad("The only Transfer-Encoding accepted is chunked, once.");
        if (facts.length_count > 0) return bad("Transfer-Encoding and Content-Length exclude each other.");
    }
    if (facts.length_count > 1) return bad("Content-Length is given more than once.");
    if (facts.host_count > 1) return bad("Host is given more than once.");
    if (facts.host_count == 0 && !http_1_0) return bad("Host is missing.");
    if (facts.host_count == 1 && !is_host(facts.host)) return bad("Host is not a host name.");
    if (!authority.empty() && facts.host_count == 1 && authority != facts.host)
        return bad("The URL names another host than the Host header.");
    return std::nullopt;
}

} // namespace chat_centre::http
