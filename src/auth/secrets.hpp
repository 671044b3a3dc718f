#pragma once
// The keys the server makes for itself, kept in table setting so that every process and restart has the same.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>

#include <string>
#include <vector>

namespace chat_centre::auth {

struct signing_key {
    std::string id;     // the token's kid
    std::string secret; // 32 raw bytes
    time_point created{};
};

struct secrets {
    std::vector<signing_key> access; // newest first: it signs, all of them verify; at most 3
    std::string conversation;        // 32 raw bytes: conversation tokens
    std::string refresh;             // 32 raw bytes: marks refresh tokens as ours
};

constexpr std::size_t most_signing_keys = 3;
constexpr std::chrono::days signing_key_life{90};

// The key list after a new key has taken over; the oldest is dropped when there are too many.
std::vector<signing_key> rotated(std::vector<signing_key> keys, time_point now);

// Reads the keys; makes those that are missing. `rotate`: replaces a signing key older than signing_key_life, and
// sets `changed`, so that the caller tells other processes ("keys.changed").
secrets load_secrets(db::tx& t, time_point now, bool rotate = false, bool* changed = nullptr);

} // namespace chat_centre::auth
