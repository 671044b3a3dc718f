#include "notify/retry.hpp"

#include <array>
#include <random>
#include <utility>

namespace chat_centre::notify {

using namespace std::chrono_literals;

std::optional<std::chrono::milliseconds> webhook_pause(int attempts) {
    static constexpr std::array<std::chrono::milliseconds, 9> pauses{5s,  5min, 30min, 2h, 5h,
                                                                     10h, 14h,  20h,   24h};
    if (attempts < 1) return 0ms;
    if (attempts > static_cast<int>(pauses.size())) return std::nullopt;
    return pauses[static_cast<std::size_t>(attempts) - 1];
}

std::optional<std::chrono::milliseconds> webhook_retry(int attempts) {
    const auto pause = webhook_pause(attempts);
    if (!pause) return std::nullopt;
    thread_local std::minstd_rand random{std::random_device{}()};
    return *pause + std::chrono::milliseconds(
                        std::uniform_int_distribution<std::int64_t>(0, pause->count() / 10)(random));
}

jobs::retry_rule never_give_up(jobs::retry_rule rule) {
    return [rule = std::move(rule)](int attempts) -> std::optional<std::chrono::milliseconds> {
        const auto pause = rule(attempts);
        return pause ? pause : std::optional<std::chrono::milliseconds>(1h);
    };
}

} // namespace chat_centre::notify
