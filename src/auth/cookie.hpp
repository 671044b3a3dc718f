#pragma once
// The refresh cookie, and which calls may rely on it. Pure functions.

#include <chrono>
#include <string>
#include <string_view>

namespace chat_centre::auth {

inline constexpr std::string_view refresh_cookie_name = "cc_refresh";

std::string refresh_cookie(std::string_view token, std::chrono::seconds max_age, bool secure);
std::string cleared_refresh_cookie(bool secure);

// A page of another origin can make a browser send the cookie, but neither with this content type (that needs our
// consent, which we never give) nor with a Sec-Fetch-Site of its choice. `fetch_site` "": an old browser or no browser.
bool cookie_call_allowed(std::string_view content_type, std::string_view fetch_site);

} // namespace chat_centre::auth
