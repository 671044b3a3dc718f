#pragma once
// Who is calling: access tokens, refresh tokens, API keys, conversation tokens, and the role-permission table.

#include <chat_centre/base/principal.hpp>
#include <chat_centre/http/message.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::auth {

// The one table of what each role may do.
std::uint64_t permissions_of(role r);
std::uint64_t permissions_of_customer();
std::uint64_t permissions_of_api_key(std::string_view scope); // sync, assistant or tools
std::uint64_t permissions_of_page();
std::vector<std::string> permission_names(std::uint64_t mask); // in the order of the enum
std::string_view to_string(permission p);                      // "conversation.read"

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

    // A new token for the customer of a conversation.
    virtual std::string conversation_token(std::int64_t conversation) const = 0;

    // 32 bytes for a purpose, the same in every process and after restarts. Any thread.
    virtual std::string key_for(std::string_view purpose) const = 0;

    // Register before the server starts. Called after a change, on the I/O thread: with the staff member whose rights
    // may have changed and session "", or with the sign-in that has ended.
    virtual void on_change(std::function<void(std::int64_t staff, std::string session)> listener) = 0;
};

// A conversation token: "cct_<conversation number>.<nonce>.<mac>" with an HMAC-SHA-256 under a key of the server, so
// that checking one needs no look-up. `key` is 32 raw bytes. Most callers want directory::conversation_token().
inline constexpr std::string_view conversation_token_prefix = "cct_";
std::string make_conversation_token(std::string_view key, std::int64_t conversation, std::string_view nonce);
// The conversation of a token that make_conversation_token made with this key; nullopt for any other text.
std::optional<std::int64_t> read_conversation_token(std::string_view key, std::string_view token);

// A text that only this server can have written, for somebody to carry and bring back: "<prefix><text in
// base64url>.<mac>". Whoever carries it can read it. The prefix says what kind of token it is and ends with "_".
std::string make_signed_text(std::string_view key, std::string_view prefix, std::string_view text);
// nullopt for any text that make_signed_text did not make with this key and prefix.
std::optional<std::string> read_signed_text(std::string_view key, std::string_view prefix,
                                            std::string_view token);

} // namespace chat_centre::auth
