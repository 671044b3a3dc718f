#include <chat_centre/quality/supervision.hpp>

#include "quality/queries.hpp"

#include <chat_centre/base/json.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::quality {

void silent_watchers::load(db::tx& t) {
    std::set<std::pair<std::int64_t, std::int64_t>> found;
    for (const auto r : t.many(sql::all_watches))
        found.emplace(r.get<std::int64_t>(0), r.get<std::int64_t>(1));
    const std::lock_guard lock(mutex_);
    watching_ = std::move(found);
}

void silent_watchers::receive(const event::entries& batch) {
    for (const auto& e : *batch) {
        if (e.type != "supervision.watch") continue;
        try {
            const json data = parse_json(e.data);
            set(e.conversation, data.at("staff").get<std::int64_t>(), data.at("watching").get<bool>());
        } catch (const std::exception& failed) {
            spdlog::error("event {}: {}", e.id, failed.what());
        }
    }
}

void silent_watchers::set(std::int64_t conversation, std::int64_t staff, bool watching) {
    const std::lock_guard lock(mutex_);
    if (watching)
        watching_.emplace(conversation, staff);
    else
        watching_.erase({conversation, staff});
}

bool silent_watchers::contains(std::int64_t conversation, std::int64_t staff) const {
    const std::lock_guard lock(mutex_);
    return watching_.contains({conversation, staff});
}

std::int64_t joined_with(db::tx& t, std::int64_t conversation, std::int64_t staff) {
    const auto r = t.maybe(sql::joined_with, conversation, staff);
    return r ? r->get<std::int64_t>(0) : 0;
}

} // namespace chat_centre::quality
