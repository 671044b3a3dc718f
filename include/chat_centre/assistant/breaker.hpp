#pragma once
// A circuit breaker as a state machine over times that it is given: after `failures` of them within `window` nothing is
// let through for `pause`, then one call is, to try; if that fails too, the next pause is twice as long, up to
// `longest_pause`. Not thread-safe: its owner locks.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace chat_centre::assistant {

struct breaker_settings {
    int failures = 5;
    std::chrono::milliseconds window{60'000};
    std::chrono::milliseconds pause{30'000};
    std::chrono::milliseconds longest_pause{300'000};
};

class breaker {
public:
    using moment = std::chrono::steady_clock::time_point;
    enum class state : std::uint8_t { closed, open, half_open };

    // Permission for one call, given back with its outcome. What was begun before the state changed does not count
    // afterwards: a slow failure from before a pause says nothing about after it.
    struct pass {
        std::uint64_t period = 0;
    };
    enum class outcome : std::uint8_t { success, failure, neither }; // neither: the caller gave up, say

    explicit breaker(breaker_settings s = {}) : settings_(s), pause_(s.pause) {}

    std::optional<pass> enter(moment now); // nullopt: not now
    void leave(pass p, outcome o, moment now);
    state now(moment at) const; // half_open as soon as a try is due

private:
    void open(moment at);

    breaker_settings settings_;
    std::deque<moment> failed_; // within the window, at most `failures`
    state state_ = state::closed;
    bool trying_ = false;
    std::uint64_t period_ = 0;
    moment until_{};
    std::chrono::milliseconds pause_;
};

std::string_view to_string(breaker::state s); // closed, open, half_open

} // namespace chat_centre::assistant
