#include <chat_centre/auth/routes.hpp>

#include "auth/access_token.hpp"
#include "auth/cookie.hpp"

namespace chat_centre::auth {
namespace {

struct presented {
    std::string token; // "": none came
    bool in_body = false;
};

// From the body, else from the cookie; a call that leans on the cookie must come from our own pages.
presented presented_token(const http::request& r, bool cookie_needed) {
    if (!is_blank(r.body)) {
        const auto body = read_fields<refresh_body>(r.json_body());
        if (body.refresh_token) return {body.refresh_token->value, true};
    }
    auto token = r.cookie(refresh_cookie_name);
    if (token.empty()) return {};
    if (cookie_call_allowed(r.header("content-type"), r.header("sec-fetch-site")))
        return {std::move(token), false};
    if (!cookie_needed) return {};
    throw error::forbidden(
        "A call with the refresh cookie needs Content-Type: application/json, and must come from "
        "a page of this server.");
}

} // namespace

http::response routes::answer(const new_session& s, bool in_body) const {
    json body = {{"access_token", s.access_token},
                 {"token_type", "Bearer"},
                 {"expires_in", access_token_life.count()},
                 {"staff", s.staff}};
    // A page never sees the refresh token: only a caller that handed one in gets the next in the same way.
    if (in_body && !s.refresh_token.empty()) body["refresh_token"] = s.refresh_token;
    auto out = http::response::of(body);
    if (!s.refresh_token.empty())
        out.with("Set-Cookie", refresh_cookie(s.refresh_token, s.refresh_life, cookie_secure_));
    return out;
}

boost::asio::awaitable<http::response> routes::login(http::request r) {
    const auto body = read_fields<login_body>(r.json_body());
    const auto s = co_await sign_in_.login(std::move(r), body.email.value, body.password.value);
    co_return answer(s, false);
}

boost::asio::awaitable<http::response> routes::refresh(http::request r) {
    const auto token = presented_token(r, true);
    const auto request_id = r.request_id;
    std::optional<new_session> s;
    if (!token.token.empty()) s = co_await sign_in_.refresh(std::move(r), token.token);
    if (s) co_return answer(*s, token.in_body);
    auto refused = http::problem(error::unauthorized("The sign-in is over. Sign in again."), request_id);
    if (!token.in_body) refused.with("Set-Cookie", cleared_refresh_cookie(cookie_secure_));
    co_return refused;
}

boost::asio::awaitable<http::response> routes::logout(http::request r) {
    // An access token cannot be sent by another site's page, so with one the cookie is only a courtesy.
    const bool signed_by_token = r.who.kind == caller::staff;
    const auto token = presented_token(r, !signed_by_token);
    co_await sign_in_.logout(std::move(r), token.token);
    auto out = http::response::no_content();
    out.with("Set-Cookie", cleared_refresh_cookie(cookie_secure_));
    co_return out;
}

} // namespace chat_centre::auth
