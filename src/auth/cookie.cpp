#include "auth/cookie.hpp"

namespace chat_centre::auth {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view lower_case) {
    if (a.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
        if (c != lower_case[i]) return false;
    }
    return true;
}

} // namespace

std::string refresh_cookie(std::string_view token, std::chrono::seconds max_age, bool secure) {
    std::string out(refresh_cookie_name);
    out += '=';
    out += token;
    out += "; Path=/api/v1/auth; Max-Age=" + std::to_string(max_age.count()) + "; HttpOnly; SameSite=Strict";
    if (secure) out += "; Secure";
    return out;
}

std::string cleared_refresh_cookie(bool secure) {
    return refresh_cookie("", std::chrono::seconds{0}, secure);
}

bool cookie_call_allowed(std::string_view content_type, std::string_view fetch_site) {
    auto media_type = content_type.substr(0, content_type.find(';'));
    while (!media_type.empty() && (media_type.back() == ' ' || media_type.back() == '\t'))
        media_type.remove_suffix(1);
    if (!same_ignoring_case(media_type, "application/json")) return false;
    return fetch_site.empty() || fetch_site == "same-origin" || fetch_site == "none";
}

} // namespace chat_centre::auth
