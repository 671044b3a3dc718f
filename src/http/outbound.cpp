#include <chat_centre/http/outbound.hpp>

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace chat_centre::http {
namespace {

constexpr std::size_t longest_url = 2000;

struct ended_handle {
    void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct ended_list {
    void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};
struct ended_url {
    void operator()(CURLU* u) const { curl_url_cleanup(u); }
};

struct exchange {
    const outbound_rules& rules;
    bool tls = true;
    std::string refusal;
    std::string body;
    bool cut = false;
};

// libcurl resolves, and asks here for the socket to exactly the address it is about to connect to.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* to) {
    auto& x = *static_cast<exchange*>(context);
    const auto a = from_sockaddr(&to->addr);
    auto fault =
        a ? connect_fault(*a, x.tls, x.rules) : std::optional<std::string>("it is no internet address");
    if (fault) {
        x.refusal = std::move(*fault);
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t take(char* data, std::size_t, std::size_t size, void* context) {
    auto& x = *static_cast<exchange*>(context);
    const auto room = x.rules.answer_bytes - x.body.size();
    x.body.append(data, std::min(room, size));
    if (size <= room) return size;
    x.cut = true;
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

outbound_answer post(const outbound_rules& rules, const std::string& url, std::string_view body,
                     const std::vector<std::pair<std::string, std::string>>& headers) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, ended_handle> c(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!c) throw no_answer("libcurl could not start");
    exchange x{rules, url.starts_with("https:"), {}, {}, false};
    std::unique_ptr<curl_slist, ended_list> list;
    for (const auto& [name, value] : headers) {
        curl_slist* longer = curl_slist_append(list.get(), (name + ": " + value).c_str());
        if (longer == nullptr) throw no_answer("out of memory");
        if (!list) list.reset(longer);
    }
    char error[CURL_ERROR_SIZE]{};
    const auto set = [&c](CURLoption o, auto value) { curl_easy_setopt(c.get(), o, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, ""); // not the environment's: behind one the address would not be judged here
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules.connect_limit.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(rules.limit.count()));
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(CURLOPT_HTTPHEADER, list.get());
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&x));
    set(CURLOPT_WRITEFUNCTION, &take);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&x));
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(error));
    const CURLcode ended = curl_easy_perform(c.get());
    outbound_answer answer;
    long status = 0;
    curl_easy_getinfo(c.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.body = std::move(x.body);
    if (ended == CURLE_OK || (x.cut && status != 0)) return answer;
    if (!x.refusal.empty()) throw no_answer("not connected: " + x.refusal);
    throw no_answer(error[0] != '\0' ? std::string(error) : curl_easy_strerror(ended));
}

} // namespace chat_centre::http
