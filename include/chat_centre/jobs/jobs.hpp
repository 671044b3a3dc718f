#pragma once
// Work that is due at a time and survives restarts. A job is a row: (kind, key) is waiting at most once, so scheduling
// it again moves it. Times are compared with the injected clock, and a job that has run is gone, so a clock that steps
// back runs nothing twice.
//
//   jobs::schedule(t, "sla.remind", ticket_id, due, {{"ticket", ticket_id}});      // in any transaction
//   runner.handle("sla.remind", [](db::tx& t, const jobs::job& j) { ... });        // exactly once: same transaction
//   runner.perform("mail.send", [](const jobs::job& j) { ... }, jobs::patient());  // at least once: outside effects

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::jobs {

struct job {
    std::int64_t id = 0;
    std::string kind;
    std::string key;
    time_point due{};
    json payload = json::object();
    int attempts = 0; // this one included
    std::string lane; // where its effect goes, see runner::perform
};

// Replaces the waiting job of this kind and key, if there is one. Wakes the runners of all processes on commit.
void schedule(db::tx& t, std::string_view kind, std::string_view key, time_point due, const json& payload,
              time_point now);
// Several of one kind in one statement; each key once.
struct wanted {
    std::string key;
    time_point due{};
    json payload = json::object();
    std::string lane; // "": none
};
void schedule(db::tx& t, std::string_view kind, const std::vector<wanted>& all, time_point now);
bool cancel(db::tx& t, std::string_view kind, std::string_view key); // false: none was waiting

// The pause before the next attempt after `attempts` failed ones; nullopt: give up, the job becomes a dead letter.
using retry_rule = std::function<std::optional<std::chrono::milliseconds>(int attempts)>;
// 1 s, 2 s, 4 s ... at most an hour, a fifth more or less at random, at most `most` attempts.
retry_rule patient(int most = 12);

class runner {
public:
    using handler = std::function<void(db::tx&, const job&)>;
    using effect = std::function<void(const job&)>;

    // `clock` outlives it. performers: threads for outside effects. per_lane: how many of them may be at work for one
    // lane at a time, in this process; 1 after the last effect in that lane has failed. 0: no limit.
    runner(db::settings s, const clock_source& clock, std::size_t performers = 2, int per_lane = 0);
    ~runner();

    // All before start(). The handler runs in the transaction that removes the job, and may schedule it anew; events it
    // appends must be its last statement. When it throws, the transaction is rolled back and the job tried again later.
    void handle(std::string kind, handler h, retry_rule retries = patient());
    // Called without a transaction, on one of the performers' threads, again and again until it returns without an
    // exception or the rule gives up. A process that dies in the middle: another attempt after `lease`.
    void perform(std::string kind, effect e, retry_rule retries = patient(),
                 std::chrono::milliseconds lease = std::chrono::minutes(2));

    void start();
    void stop(); // waits for what is under way

    // Runs on the caller's thread what is due now, and returns how many that were. For tests.
    int run_due();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::jobs
