#include <chat_centre/http/outbound.hpp>

#include "http/curl_exchange.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

namespace chat_centre::http {
namespace {

constexpr std::size_t longest_url = 2000;

struct ended_url {
    void operator()(CURLU* u) const { curl_url_cleanup(u); }
};

struct whole_answer {
    std::size_t limit = 0;
    std::string body;
    bool cut = false;
};

std::size_t take_all(char* data, std::size_t, std::size_t size, void* context) {
    auto& a = *static_cast<whole_answer*>(context);
    const auto room = a.limit - a.body.size();
    a.body.append(data, std::min(room, size));
    if (size <= room) return size;
    a.cut = true;
    return 0;
}

std::string part(CURLU* u, CURLUPart what) {
    char* text = nullptr;
    if (curl_url_get(u, what, &text, 0) != CURLUE_OK) return "";
    std::string out(text);
    curl_free(text);
    return out;
}

std::unique_ptr<CURLU, ended_url> parse(const std::string& url) {
    std::unique_ptr<CURLU, ended_url> u(curl_url());
    if (!u || curl_url_set(u.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return nullptr;
    return u;
}

} // namespace

std::optional<std::string> connect_fault(const address& a, bool tls, const outbound_rules& rules) {
    const bool allowed =
        std::any_of(rules.allow.begin(), rules.allow.end(), [&a](const network& n) { return n.holds(a); });
    if (allowed) return std::nullopt;
    if (!is_public(a))
        return to_string(a) + " is not on the public internet (OUTBOUND_ALLOW lists exceptions)";
    if (!tls) return "http:// is only for the networks of OUTBOUND_ALLOW; use https://";
    return std::nullopt;
}

std::optional<std::string> url_fault(const std::string& url, const outbound_rules& rules) {
    if (url.size() > longest_url) return "must have at most 2000 characters";
    const auto plain = [](unsigned char c) { return c > 0x20 && c < 0x7f; };
    if (!std::all_of(url.begin(), url.end(), plain))
        return "must be an address without spaces, such as https://example.org/hook";
    const auto u = parse(url);
    if (!u) return "must be an address such as https://example.org/hook";
    const std::string scheme = part(u.get(), CURLUPART_SCHEME);
    if (scheme != "https" && scheme != "http") return "must start with https://";
    if (!part(u.get(), CURLUPART_USER).empty() || !part(u.get(), CURLUPART_PASSWORD).empty())
        return "must not hold a user or password";
    const std::string host = part(u.get(), CURLUPART_HOST);
    // libcurl forgives a third slash, which nobody means.
    if (host.empty() || url.find(":///") != std::string::npos) return "must name a host";
    if (scheme == "http" && rules.allow.empty()) return "must start with https://";
    if (const auto a = parse_host_literal(host))
        if (const auto fault = connect_fault(*a, scheme == "https", rules))
            return "cannot be used: " + *fault;
    return std::nullopt;
}

std::string host_of(const std::string& url) {
    const auto u = parse(url);
    return u ? part(u.get(), CURLUPART_HOST) : "";
}

std::string url_encoded(std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char each : text) {
        const auto c = static_cast<unsigned char>(each);
        if (std::isalnum(c) != 0 || each == '-' || each == '_' || each == '.' || each == '~') {
            out += each;
        } else {
            out += '%';
            out += hex[c >> 4U];
            out += hex[c & 15U];
        }
    }
    return out;
}

namespace {

outbound_answer exchange(const outbound_rules& rules, const std::string& url,
                         std::optional<std::string_view> body, const outbound_headers& headers) {
    const auto c = new_curl();
    curl_exchange x(c.get(), rules, url, body, headers);
    whole_answer a{rules.answer_bytes, {}, false};
    curl_easy_setopt(c.get(), CURLOPT_WRITEFUNCTION, &take_all);
    curl_easy_setopt(c.get(), CURLOPT_WRITEDATA, static_cast<void*>(&a));
    const CURLcode ended = curl_easy_perform(c.get());
    outbound_answer answer;
    answer.status = status_of(c.get());
    answer.body = std::move(a.body);
    if (ended != CURLE_OK && (!a.cut || answer.status == 0)) throw no_answer(x.fault(ended));
    return answer;
}

} // namespace

outbound_answer post(const outbound_rules& rules, const std::string& url, std::string_view body,
                     const outbound_headers& headers) {
    return exchange(rules, url, body, headers);
}

outbound_answer get(const outbound_rules& rules, const std::string& url, const outbound_headers& headers) {
    return exchange(rules, url, std::nullopt, headers);
}

} // namespace chat_centre::http
