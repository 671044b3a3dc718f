#pragma once
// /api/v1/auth and /api/v1/api-keys.

#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/auth/sign_in.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::auth {

struct login_body {
    text<1, 254> email;
    text<1, 1024> password;
};
BOOST_DESCRIBE_STRUCT(login_body, (), (email, password))

struct refresh_body {
    std::optional<text<1, 400>> refresh_token; // for callers without cookies
};
BOOST_DESCRIBE_STRUCT(refresh_body, (), (refresh_token))

struct signed_in_view {
    std::string access_token;
    std::string token_type;
    std::int64_t expires_in = 0;
    json staff;
    std::optional<std::string> refresh_token; // only for callers that sent theirs in the body
};
BOOST_DESCRIBE_STRUCT(signed_in_view, (), (access_token, token_type, expires_in, staff, refresh_token))

class routes {
public:
    routes(sign_in& s, bool cookie_secure) : sign_in_(s), cookie_secure_(cookie_secure) {}

    boost::asio::awaitable<http::response> login(http::request r);
    boost::asio::awaitable<http::response> refresh(http::request r);
    boost::asio::awaitable<http::response> logout(http::request r);

    static constexpr auto table() {
        using http::rate;
        using http::verb;
        return std::to_array<http::row<routes>>({
            {verb::post, "/api/v1/auth/login", permission::open, &routes::login, "login",
             "Sign in with e-mail address and password",
             http::limited(http::takes<login_body, signed_in_view>(), rate::login)},
            {verb::post, "/api/v1/auth/refresh", permission::open, &routes::refresh, "refresh",
             "A new access token by the refresh cookie", http::takes<refresh_body, signed_in_view>()},
            {verb::post, "/api/v1/auth/logout", permission::open, &routes::logout, "logout",
             "End this sign-in everywhere it is used", http::takes<refresh_body, no_body>(204)},
        });
    }

private:
    http::response answer(const new_session& s, bool in_body) const;

    sign_in& sign_in_;
    bool cookie_secure_;
};

struct api_key_scopes {
    static constexpr std::array<std::string_view, 3> names{"sync", "assistant", "tools"};
};

struct new_api_key_body {
    text<1, 100> name;
    std::optional<std::vector<choice<api_key_scopes>>> scopes;
};
BOOST_DESCRIBE_STRUCT(new_api_key_body, (), (name, scopes))

struct api_key_view {
    std::string key_id;
    std::string name;
    std::string hint; // its last 4 characters
    std::vector<std::string> scopes;
    time_point created_at{};
    std::optional<std::string> revoked_at;
    std::optional<std::string> key; // in the answer that makes it, and never again
};
BOOST_DESCRIBE_STRUCT(api_key_view, (), (key_id, name, hint, scopes, created_at, revoked_at, key))

struct api_key_page {
    std::vector<api_key_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(api_key_page, (), (items, next_cursor))

class api_key_routes {
public:
    api_key_routes(db::pool& pool, live_directory& directory, const clock_source& clock)
        : pool_(pool), directory_(directory), clock_(clock) {}

    boost::asio::awaitable<http::response> list(http::request r);
    boost::asio::awaitable<http::response> create(http::request r);
    boost::asio::awaitable<http::response> revoke(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<api_key_routes>>({
            {verb::get, "/api/v1/api-keys", permission::api_key_write, &api_key_routes::list, "listApiKeys",
             "API keys, newest first", http::answers<api_key_page>()},
            {verb::post, "/api/v1/api-keys", permission::api_key_write, &api_key_routes::create, "createApiKey",
             "Make an API key; it is shown this once", http::takes<new_api_key_body, api_key_view>(201)},
            {verb::del, "/api/v1/api-keys/{id}", permission::api_key_write, &api_key_routes::revoke,
             "revokeApiKey", "Stop an API key from working", http::answers<no_body>(204)},
        });
    }

private:
    db::pool& pool_;
    live_directory& directory_;
    const clock_source& clock_;
};

} // namespace chat_centre::auth
