#include <chat_centre/jobs/jobs.hpp>

#include "jobs/queries.hpp"

#include <algorithm>
#include <random>

namespace chat_centre::jobs {

void schedule(db::tx& t, std::string_view kind, std::string_view key, time_point due, const json& payload,
              time_point now) {
    schedule(t, kind, std::vector<wanted>{{std::string(key), due, payload, {}}}, now);
}

void schedule(db::tx& t, std::string_view kind, const std::vector<wanted>& all, time_point now) {
    if (all.empty()) return;
    db::array key, due, payload, lane;
    for (const auto& w : all) {
        key.add(w.key);
        due.add(w.due);
        payload.add(dump(w.payload));
        lane.add(w.lane);
    }
    t.many(sql::schedule, kind, key, due, payload, lane, now);
}

bool cancel(db::tx& t, std::string_view kind, std::string_view key) {
    return t.exec(sql::cancel, kind, key) > 0;
}

retry_rule patient(int most) {
    return [most](int attempts) -> std::optional<std::chrono::milliseconds> {
        if (attempts >= most) return std::nullopt;
        constexpr std::int64_t hour = 3'600'000;
        const std::int64_t pause = std::min<std::int64_t>(hour, 1000LL << std::min(attempts - 1, 20));
        thread_local std::minstd_rand random{std::random_device{}()};
        const auto fifth = pause / 5;
        return std::chrono::milliseconds(pause - fifth +
                                         std::uniform_int_distribution<std::int64_t>(0, 2 * fifth)(random));
    };
}

} // namespace chat_centre::jobs
