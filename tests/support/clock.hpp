#pragma once
// A clock that a test moves.

#include <chat_centre/base/clock.hpp>

#include <atomic>
#include <chrono>

namespace chat_centre::tests {

class moved_clock final : public clock_source {
public:
    explicit moved_clock(time_point start = *parse_time("2026-11-20T10:00:00Z", "UTC"))
        : now_(start.time_since_epoch().count()) {}

    time_point now() const override { return time_point(std::chrono::microseconds(now_.load())); }
    std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }
    void advance(std::chrono::microseconds by) { now_ += by.count(); }

private:
    std::atomic<std::int64_t> now_;
};

} // namespace chat_centre::tests
