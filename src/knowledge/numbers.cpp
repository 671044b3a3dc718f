#include <chat_centre/knowledge/numbers.hpp>

#include "knowledge/queries.hpp"
#include "knowledge/shown.hpp"

#include <algorithm>

namespace chat_centre::knowledge {
namespace {

void add_to_day(db::tx& t, const std::vector<std::pair<std::int64_t, std::int64_t>>& shown, int answered,
                int inserted, int helpful, int unhelpful, int handovers, time_point now,
                const std::string& zone) {
    if (shown.empty()) return;
    db::array ids;
    db::array counts;
    for (const auto& [article, count] : shown) {
        ids.add(article);
        counts.add(count);
    }
    t.exec(sql::count_day, ids, now, zone, counts, answered, inserted, helpful, unhelpful, handovers);
}

} // namespace

void count(db::tx& t, outcome what, const std::vector<std::int64_t>& articles, time_point now,
           const std::string& zone) {
    auto each = articles;
    std::sort(each.begin(), each.end());
    each.erase(std::unique(each.begin(), each.end()), each.end());
    std::vector<std::pair<std::int64_t, std::int64_t>> none_shown;
    none_shown.reserve(each.size());
    for (const auto id : each) none_shown.emplace_back(id, 0);
    const auto is = [what](outcome o) { return what == o ? 1 : 0; };
    add_to_day(t, none_shown, is(outcome::answered), is(outcome::inserted), is(outcome::helpful),
               is(outcome::unhelpful), is(outcome::handover), now, zone);
}

void count_shown(db::tx& t, const std::vector<std::pair<std::int64_t, std::int64_t>>& shown, time_point now,
                 const std::string& zone) {
    add_to_day(t, shown, 0, 0, 0, 0, 0, now, zone);
}

void count_answered(db::tx& t, std::int64_t conversation, const std::vector<std::int64_t>& articles,
                    time_point now, const std::string& zone) {
    if (articles.empty()) return;
    std::vector<std::int64_t> fresh;
    for (const auto r : t.many(sql::note_answer, conversation, db::array_of(articles), now))
        fresh.push_back(r.get<std::int64_t>(0));
    count(t, outcome::answered, fresh, now, zone);
}

void follow_handovers(db::tx& t, const std::vector<event::entry>& events, const std::string& zone) {
    for (const auto& e : events) {
        if (e.conversation == 0) continue;
        std::vector<std::int64_t> articles;
        for (const auto r :
             t.many(sql::note_handover, db::array_of(std::vector<std::int64_t>{e.conversation})))
            articles.push_back(r.get<std::int64_t>(0));
        count(t, outcome::handover, articles, e.at, zone);
    }
}

} // namespace chat_centre::knowledge
