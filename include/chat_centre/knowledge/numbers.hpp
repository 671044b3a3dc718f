#pragma once
// What becomes of articles, counted by day: for "which of them spare a handover".

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

enum class outcome : std::uint8_t { answered, inserted, helpful, unhelpful, handover };

// Adds one for each article (each at most once). Any transaction; zone: whose days these are.
void count(db::tx& t, outcome what, const std::vector<std::int64_t>& articles, time_point now,
           const std::string& zone);

// The assistant answered from these articles. Counted in the transaction that decided so, or a later one: once per
// conversation and article.
void count_answered(db::tx& t, std::int64_t conversation, const std::vector<std::int64_t>& articles,
                    time_point now, const std::string& zone);

// For a follower of "handover.requested": the articles that had answered there did not suffice.
void follow_handovers(db::tx& t, const std::vector<event::entry>& events, const std::string& zone);

} // namespace chat_centre::knowledge
