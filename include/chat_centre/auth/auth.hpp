#pragma once
// Who is calling: access tokens, refresh tokens, API keys, conversation tokens, and the role-permission table.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::auth {

// The one table of what each role may do.
std::uint64_t permissions_of(role r);
std::uint64_t permissions_of_customer();
std::uint64_t permissions_of_api_key();
std::vector<std::string> permission_names(std::uint64_t mask); // "conversation.read", for GET /me and the table test
std::string_view to_string(permission p);

// Staff, sign-ins and API keys in memory, kept true by the event log ("staff.changed", "session.revoked",
// "api_key.changed", all internal), so that a request is authenticated without a database round trip and a
// revocation cuts access in every process within seconds. Thread-safe.
class directory {
public:
    virtual ~directory() = default;

    // The caller of an HTTP request or WebSocket handshake, from Authorization: Bearer, X-API-Key, or the
    // subprotocol "bearer.<token>". nobody when there is no credential; throws 401 when there is a bad one.
    virtual principal authenticate(const http::request& r) const = 0;
    virtual principal authenticate_token(std::string_view token) const = 0; // staff or customer token, or API key

    // The present rights of a staff member; nullopt when unknown or disabled.
    virtual std::optional<principal> staff(std::int64_t id) const = 0;
    virtual bool session_valid(std::int64_t staff, std::string_view session) const = 0;

    // Called (on the relay's delivery) with the staff id, or a session id, that lost access or changed rights.
    virtual void on_change(std::function<void(std::int64_t staff, std::string session)> listener) = 0;
};

// A conversation token: "cct_" and the conversation's id and an HMAC over it, so that no look-up is needed.
std::string make_conversation_token(std::string_view key, std::int64_t conversation, std::string_view nonce);

} // namespace chat_centre::auth
