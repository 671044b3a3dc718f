#pragma once
// What the directory knows, and how a credential is judged by it. No I/O; thread-safe.

#include "auth/secrets.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/principal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chat_centre::auth {

struct person {
    std::int64_t id = 0;
    std::string name;
    chat_centre::role role = chat_centre::role::agent;
    std::int64_t role_version = 0;
    bool active = false;
    std::vector<std::int64_t> departments;
};

struct api_key {
    std::int64_t id = 0;
    std::string name;
    std::string hash; // SHA-256, hex
    std::uint64_t permissions = 0;
    int rate_per_second = 0; // 0: none
};

// "Bearer abc" -> "abc"; "" for another scheme or nothing behind it.
std::string_view bearer_token(std::string_view authorization);
// The token of the entry "bearer.<token>" in Sec-WebSocket-Protocol; "" when there is none.
std::string_view subprotocol_token(std::string_view protocols);

class known_access {
public:
    // `read`: when the database was read, as a growing number. The result of an earlier read that arrives late is
    // dropped. A person who is no longer in the database is nullopt.
    void put_person(std::int64_t id, std::optional<person> p, std::uint64_t read);
    void put_api_keys(std::vector<api_key> keys, std::uint64_t read);
    void put_secrets(secrets s, std::uint64_t read);
    void end_session(const std::string& session, time_point forget_at, time_point now);

    principal by_token(std::string_view token, time_point now) const; // throws 401
    std::optional<principal> by_api_key(std::string_view key) const;
    std::optional<principal> by_staff(std::int64_t id) const; // nullopt when unknown or not active
    std::optional<person> find_person(std::int64_t id) const;
    bool has_ended(std::string_view session) const;
    std::shared_ptr<const secrets> keys() const; // never null after the first put_secrets

private:
    struct slot {
        std::optional<person> held;
        std::uint64_t read = 0;
    };

    mutable std::shared_mutex guard_;
    std::unordered_map<std::int64_t, slot> people_;
    std::unordered_map<std::string, api_key> api_keys_; // by hash: a look-up tells nothing of the key itself
    std::unordered_map<std::string, time_point> ended_; // sign-ins, and when they may be forgotten
    std::shared_ptr<const secrets> secrets_ = std::make_shared<secrets>();
    std::uint64_t api_keys_read_ = 0;
    std::uint64_t secrets_read_ = 0;
};

} // namespace chat_centre::auth
