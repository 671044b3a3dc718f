#pragma once
// One request through libcurl, set up as every outbound request of ours is.

#include <chat_centre/http/outbound.hpp>

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::http {

struct ended_curl {
    void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
using curl_handle = std::unique_ptr<CURL, ended_curl>;
curl_handle new_curl(); // throws no_answer when libcurl cannot start

int status_of(CURL* c); // 0: no answer began

// Sets `c` up; it and everything given outlive this, which outlives the transfer. No body: a GET.
class curl_exchange {
public:
    curl_exchange(CURL* c, const outbound_rules& rules, const std::string& url,
                  std::optional<std::string_view> body, const outbound_headers& headers);
    curl_exchange(const curl_exchange&) = delete;
    curl_exchange& operator=(const curl_exchange&) = delete;

    std::string fault(CURLcode ended) const; // why there was no answer

private:
    struct ended_list {
        void operator()(curl_slist* l) const { curl_slist_free_all(l); }
    };
    static curl_socket_t open_socket(void* context, curlsocktype kind, curl_sockaddr* to);

    const outbound_rules& rules_;
    bool tls_;
    std::string refusal_;
    std::unique_ptr<curl_slist, ended_list> list_;
    std::array<char, CURL_ERROR_SIZE> error_{};
};

} // namespace chat_centre::http
