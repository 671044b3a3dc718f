#include "auth/throttle.hpp"

#include <algorithm>

namespace chat_centre::auth {
namespace {

constexpr std::chrono::microseconds minute = std::chrono::minutes{1};

std::chrono::seconds delay_after(std::int64_t failures) {
    if (failures < free_failures) return std::chrono::seconds{0};
    const auto doublings =
        std::min<std::int64_t>(failures - free_failures, 20); // 2^20 s is far over the limit
    return std::min(longest_delay, first_delay * (std::int64_t{1} << doublings));
}

} // namespace

throttle_state after_account_failure(throttle_state s, time_point now) {
    if (now - s.updated_at > forget_after) s.failures = 0;
    ++s.failures;
    s.blocked_until = now + delay_after(s.failures);
    s.updated_at = now;
    return s;
}

throttle_state after_address_failure(throttle_state s, time_point now, std::int64_t per_minute) {
    per_minute = std::max<std::int64_t>(per_minute, 1);
    const auto one = minute / per_minute; // one failure drains in this time
    const auto quiet = std::max(now - s.updated_at, std::chrono::microseconds{0});
    const auto drained = std::min<std::int64_t>(s.failures, quiet / one);
    s.failures -= drained;
    // Keep the rest of a part-drained failure, else steady guessing would never drain at all.
    s.updated_at = s.failures == 0 ? now : s.updated_at + drained * one;
    ++s.failures;
    s.blocked_until = s.failures > per_minute ? now + (s.failures - per_minute) * one : now;
    return s;
}

std::chrono::seconds remaining(const throttle_state& s, time_point now) {
    if (s.blocked_until <= now) return std::chrono::seconds{0};
    return std::chrono::ceil<std::chrono::seconds>(s.blocked_until - now);
}

} // namespace chat_centre::auth
