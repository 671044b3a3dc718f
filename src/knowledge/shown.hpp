#pragma once
// Articles that were shown, added up in memory and stored now and then: a row per keystroke would be too many.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chat_centre::knowledge {

// article and how often, in the order of the articles
void count_shown(db::tx& t, const std::vector<std::pair<std::int64_t, std::int64_t>>& shown, time_point now,
                 const std::string& zone);

} // namespace chat_centre::knowledge
