#pragma once
// How failed sign-ins slow the next one down. Pure arithmetic; auth/store keeps the state in login_failure.
//
// An account is delayed, never locked: nobody can shut out a member of staff for good by typing wrong passwords.
// During the delay even the right password is refused, so that guessing learns nothing.

#include <chat_centre/base/clock.hpp>

#include <chrono>
#include <cstdint>

namespace chat_centre::auth {

struct throttle_state {
    std::int64_t failures = 0;
    time_point blocked_until{};
    time_point updated_at{};

    bool operator==(const throttle_state&) const = default;
};

constexpr std::int64_t free_failures = 5;
constexpr std::chrono::seconds first_delay{1};
constexpr std::chrono::seconds longest_delay{15 * 60};
constexpr std::chrono::hours forget_after{24};
constexpr std::int64_t address_failures_per_minute = 20;

// After the 5th failure 1 s, then twice as long each time up to 15 min; a day without failures starts anew.
throttle_state after_account_failure(throttle_state s, time_point now);

// A leaky bucket: failures drain at `per_minute`; over it the address waits until one has drained.
throttle_state after_address_failure(throttle_state s, time_point now, std::int64_t per_minute);

// How long to wait, in whole seconds rounded up; zero when not blocked.
std::chrono::seconds remaining(const throttle_state& s, time_point now);

} // namespace chat_centre::auth
