#include "notify/smtp.hpp"

#include <chat_centre/base/network.hpp>
#include <chat_centre/http/outbound.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace chat_centre::notify {
namespace {

struct ended_handle {
    void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct ended_list {
    void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};

struct source {
    const std::string& text;
    std::size_t at = 0;
};

std::size_t give(char* to, std::size_t, std::size_t room, void* context) {
    auto& s = *static_cast<source*>(context);
    const auto n = std::min(room, s.text.size() - s.at);
    std::copy_n(s.text.data() + s.at, n, to);
    s.at += n;
    return n;
}

} // namespace

bool needs_tls(const std::string& url) {
    const std::string host = http::host_of(url);
    if (host == "localhost") return false;
    const auto a = parse_host_literal(host);
    return !(a && is_loopback(*a));
}

void send_mail(const smtp_settings& s, const std::string& from, const std::string& to,
               const std::string& mime) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, ended_handle> c(ready == CURLE_OK ? curl_easy_init() : nullptr);
    if (!c) throw mail_refused(0, "libcurl could not start");
    const std::string sender = "<" + from + ">";
    const std::unique_ptr<curl_slist, ended_list> recipients(
        curl_slist_append(nullptr, ("<" + to + ">").c_str()));
    source body{mime};
    char error[CURL_ERROR_SIZE]{};
    const auto set = [&c](CURLoption o, auto value) { curl_easy_setopt(c.get(), o, value); };
    set(CURLOPT_URL, s.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USE_SSL, static_cast<long>(needs_tls(s.url) ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    set(CURLOPT_SSL_VERIFYPEER, needs_tls(s.url) ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, needs_tls(s.url) ? 2L : 0L);
    if (!s.user.empty()) {
        set(CURLOPT_USERNAME, s.user.c_str());
        set(CURLOPT_PASSWORD, s.password.c_str());
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, std::min(10'000L, s.limit_ms));
    set(CURLOPT_TIMEOUT_MS, s.limit_ms);
    set(CURLOPT_MAIL_FROM, sender.c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &give);
    set(CURLOPT_READDATA, static_cast<void*>(&body));
    set(CURLOPT_ERRORBUFFER, static_cast<char*>(error));
    const CURLcode ended = curl_easy_perform(c.get());
    if (ended == CURLE_OK) return;
    long status = 0;
    curl_easy_getinfo(c.get(), CURLINFO_RESPONSE_CODE, &status);
    throw mail_refused(static_cast<int>(status),
                       error[0] != '\0' ? std::string(error) : curl_easy_strerror(ended));
}

} // namespace chat_centre::notify
