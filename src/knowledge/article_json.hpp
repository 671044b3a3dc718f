#pragma once
// Articles as answers show them.

#include "knowledge/article.hpp"

#include <chat_centre/db/tx.hpp>
#include <chat_centre/knowledge/retrieval.hpp>

#include <cstdint>

namespace chat_centre::knowledge {

inline constexpr double worth_a_look = 0.2; // for people who choose themselves

json to_json(const article& a);
json to_json(const hit& h);
json summary_json(const db::row& r);           // of list_articles
json learned_json(const db::rows& weights);    // of weights_of_article
json version_json(const db::row& r);           // of list_versions
json numbers_json(const db::row& r, int from); // six columns

// For the index of every process. The last statement of a transaction. 0: many articles.
void announce_change(db::tx& t, std::int64_t article, time_point now);

} // namespace chat_centre::knowledge
