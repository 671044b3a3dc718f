#pragma once
// Signing in, staying signed in, signing out.

#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/message.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace chat_centre::auth {

struct sign_in_options {
    double rate_limit_scale = 1.0; // multiplies the failed sign-ins allowed per address
    bool rate_limits = true;       // false: no limit per address; accounts are always delayed
    // The answer's "staff" member, which another feature knows how to show.
    std::function<json(db::tx&, std::int64_t staff)> staff_view;
};

struct new_session {
    std::string access_token;
    std::string refresh_token;           // "": keep the one you have
    std::chrono::seconds refresh_life{}; // from now, unless it is used
    json staff;
};

// On the I/O thread. What it is given by reference outlives it.
class sign_in {
public:
    sign_in(db::pool& pool, password_pool& passwords, live_directory& directory, const clock_source& clock,
            sign_in_options options);
    ~sign_in();

    // Throws 401 (never saying whether the account exists), 429 during a delay, even for the right password.
    boost::asio::awaitable<new_session> login(http::request r, std::string email, std::string password);
    // nullopt when the token is over or unknown, or came a second time: then its whole sign-in is ended.
    boost::asio::awaitable<std::optional<new_session>> refresh(http::request r, std::string token);
    // Ends the sign-ins of the access token (r.who) and of the refresh token; "" for none. Never fails for a bad one.
    boost::asio::awaitable<void> logout(http::request r, std::string token);

    // Checks the password of the signed-in caller under the same delays; throws 422 naming current_password, or 429.
    boost::asio::awaitable<void> confirm_password(http::request r, std::string password);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::auth
