#pragma once
// When something that did not arrive is tried again. Pure but for the jitter.

#include <chat_centre/jobs/jobs.hpp>

#include <chrono>
#include <optional>

namespace chat_centre::notify {

// The pause after `attempts` failed ones by the schedule of the Standard Webhooks specification: 5 s, 5 min, 30 min,
// 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; nullopt: three days have passed, give up.
std::optional<std::chrono::milliseconds> webhook_pause(int attempts);
// The same with up to a tenth more, so that what failed together does not come back together.
std::optional<std::chrono::milliseconds> webhook_retry(int attempts);

// For runner::perform: what gives up is the outbox, which keeps the dead letter; the job never does.
jobs::retry_rule never_give_up(jobs::retry_rule rule);

// An endpoint that nothing has reached for so long is switched off.
constexpr std::chrono::hours disable_after{5 * 24};
// Both secrets sign for so long after a new one was made.
constexpr std::chrono::hours rotation_overlap{24};

} // namespace chat_centre::notify
