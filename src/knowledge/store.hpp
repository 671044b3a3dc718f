#pragma once
// Articles and their versions as rows. SQL only.

#include "knowledge/article.hpp"
#include "knowledge/ranking.hpp"

#include <chat_centre/db/tx.hpp>
#include <chat_centre/knowledge/weights.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

// Everything that may be found, published and draft, with what feedback taught.
// model: whose vectors come with them; "": none do.
std::vector<document> read_documents(db::tx& t, const std::string& model = {});

inline constexpr std::size_t most_vectors = 5000;
struct section_key {
    std::int64_t article = 0, hash = 0;
};
void store_vectors(db::tx& t, const std::string& model, const std::vector<section_key>& of,
                   const std::vector<std::vector<float>>& vectors, time_point now);
// All but these of this model.
void forget_vectors(db::tx& t, const std::string& model, const std::vector<section_key>& but);

bool has_articles(db::tx& t);
std::optional<article> find_article(db::tx& t, std::int64_t id);
std::optional<article> find_article(db::tx& t, const std::string& slug, const std::string& language);
std::optional<article> lock_article(db::tx& t, std::int64_t id);
// Makes it with its first version; nullopt when slug and language are taken.
std::optional<std::int64_t> add_article(db::tx& t, const article& a, std::optional<std::int64_t> staff,
                                        time_point now);
// Stores the article with the version after its present one.
void store_version(db::tx& t, const article& a, std::optional<std::int64_t> staff, time_point now);

struct listed_title {
    std::string slug, title, category, scenario;
};
// Of the published articles of a language; scenario: with those of none, nullopt: all.
std::vector<listed_title> published_titles(db::tx& t, const std::string& language,
                                           const std::optional<std::string>& scenario);
std::vector<std::string> known_scenarios(db::tx& t);

// Those of `ids` that there are.
std::set<std::int64_t> known_articles(db::tx& t, const std::set<std::int64_t>& ids);
// In the order of article and term.
std::vector<learned_weight> read_weights(db::tx& t);
void replace_weights(db::tx& t, const std::vector<learned_weight>& all, time_point now);

} // namespace chat_centre::knowledge
