#pragma once
// The directory that follows the event log.

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace chat_centre::auth {

struct secrets;

// Order of start: make it, relay.subscribe([&d](const auto& e) { d.receive(e); }), relay.start(), then load(): what
// changes between the relay's position and load() is then read twice, never missed. The pool, the clock and the
// executor's context outlive it, the relay stops first.
class live_directory final : public directory {
public:
    live_directory(boost::asio::any_io_executor io, db::pool& pool, const clock_source& clock);
    ~live_directory() override;

    void load(); // blocks; reads everything, and makes the keys that are missing. Throws what db::pool throws.
    void receive(
        const event::entries& events); // any thread; never blocks: reloads on the pool, retries until it works

    principal authenticate(const http::request& r) const override;
    principal authenticate_token(std::string_view token) const override;
    std::optional<principal> staff(std::int64_t id) const override;
    bool session_valid(std::int64_t staff, std::string_view session) const override;
    std::string conversation_token(std::int64_t conversation) const override;
    std::string key_for(std::string_view purpose) const override;
    void on_change(std::function<void(std::int64_t staff, std::string session)> listener) override;

    // For a feature that has just changed these rows: afterwards this process judges by the new ones, so its caller
    // never meets the old state. Other processes follow by the event. On the I/O thread.
    boost::asio::awaitable<void> reload_staff(std::int64_t id);
    boost::asio::awaitable<void> reload_api_keys();
    void end_session(std::int64_t staff, const std::string& session);

    // make_signed_text and read_signed_text with this server's key. Any thread.
    std::string sign_text(std::string_view prefix, std::string_view text) const;
    std::optional<std::string> signed_text(std::string_view prefix, std::string_view token) const;

    // An access token (JWT) for a sign-in of this staff member. Throws 401 when they have no access.
    std::string access_token(std::int64_t staff, const std::string& session) const;
    std::shared_ptr<const secrets> keys() const; // private to auth: sessions sign refresh tokens with them

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

} // namespace chat_centre::auth
