#include "http/curl_exchange.hpp"

#include <sys/socket.h>

namespace chat_centre::http {

curl_handle new_curl() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    curl_handle c(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!c) throw no_answer("libcurl could not start");
    return c;
}

int status_of(CURL* c) {
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

curl_exchange::curl_exchange(CURL* c, const outbound_rules& rules, const std::string& url,
                             std::optional<std::string_view> body, const outbound_headers& headers)
    : rules_(rules), tls_(url.starts_with("https:")) {
    for (const auto& [name, value] : headers) {
        curl_slist* longer = curl_slist_append(list_.get(), (name + ": " + value).c_str());
        if (longer == nullptr) throw no_answer("out of memory");
        if (!list_) list_.reset(longer);
    }
    const auto set = [c](CURLoption o, auto value) { curl_easy_setopt(c, o, value); };
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
    if (body) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, body->data());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    } else {
        set(CURLOPT_HTTPGET, 1L);
    }
    set(CURLOPT_HTTPHEADER, list_.get());
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(CURLOPT_ERRORBUFFER, error_.data());
}

// libcurl resolves, and asks here for the socket to exactly the address it is about to connect to.
curl_socket_t curl_exchange::open_socket(void* context, curlsocktype, curl_sockaddr* to) {
    auto& x = *static_cast<curl_exchange*>(context);
    const auto a = from_sockaddr(&to->addr);
    auto fault =
        a ? connect_fault(*a, x.tls_, x.rules_) : std::optional<std::string>("it is no internet address");
    if (fault) {
        x.refusal_ = std::move(*fault);
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::string curl_exchange::fault(CURLcode ended) const {
    if (!refusal_.empty()) return "not connected: " + refusal_;
    return error_.front() != '\0' ? std::string(error_.data()) : curl_easy_strerror(ended);
}

} // namespace chat_centre::http
