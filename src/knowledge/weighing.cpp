// The job that works the weights of articles out anew.

#include "knowledge/article_json.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/knowledge/weights.hpp>

#include <spdlog/spdlog.h>

#include <set>

namespace chat_centre::knowledge {

bool weigh(db::tx& t, const std::vector<vote>& votes, time_point now) {
    auto made = weights_of(votes);
    // An article may be gone since.
    std::set<std::int64_t> meant;
    for (const auto& w : made) meant.insert(w.article);
    const auto known = known_articles(t, meant);
    std::erase_if(made, [&known](const learned_weight& w) { return !known.contains(w.article); });
    if (made == read_weights(t)) return false;
    replace_weights(t, made, now);
    announce_change(t, 0, now);
    return true;
}

void attach_weighing(jobs::runner& runner, const clock_source& clock, read_votes votes) {
    runner.handle(weigh_job, [&clock, votes = std::move(votes)](db::tx& t, const jobs::job&) {
        if (weigh(t, votes(t), clock.now())) spdlog::info("feedback changed what articles weigh");
    });
}

void weigh_soon(db::tx& t, time_point now) { jobs::schedule(t, weigh_job, "all", now, json::object(), now); }

} // namespace chat_centre::knowledge
