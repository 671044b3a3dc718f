#include "knowledge/store.hpp"

#include "knowledge/meaning.hpp"
#include "knowledge/queries.hpp"

#include <chat_centre/base/hmac.hpp>

#include <map>
#include <memory>
#include <utility>

namespace chat_centre::knowledge {
namespace {

article article_from(const db::row& r) {
    article a;
    a.id = r.get<std::int64_t>(0);
    a.slug = r.get<std::string>(1);
    a.language = r.get<std::string>(2);
    a.text.title = r.get<std::string>(3);
    a.text.body = r.get<std::string>(4);
    a.text.questions = parse_json(r.text(5)).get<std::vector<std::string>>();
    a.text.category = r.get<std::string>(6);
    a.text.scenario = r.get<std::optional<std::string>>(7);
    a.status = r.get<std::string>(8);
    a.version = r.get<int>(9);
    a.created_by = r.get<std::optional<std::int64_t>>(10);
    a.updated_by = r.get<std::optional<std::int64_t>>(11);
    a.updated_by_name = r.get<std::string>(12);
    a.created_at = r.get<time_point>(13);
    a.updated_at = r.get<time_point>(14);
    a.published_at = r.get<std::optional<time_point>>(15);
    return a;
}

using vectors_by_text =
    std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const std::vector<float>>>;

// All of one dimension, that of the newest: a server that changed its mind makes the others anew.
vectors_by_text read_vectors(db::tx& t, const std::string& model) {
    vectors_by_text out;
    std::int64_t dimension = 0;
    for (const auto r : t.many(sql::read_vectors, model, most_vectors)) {
        if (dimension == 0) dimension = r.get<std::int64_t>(2);
        if (dimension != r.get<std::int64_t>(2)) continue;
        out.emplace(std::pair{r.get<std::int64_t>(0), r.get<std::int64_t>(1)},
                    std::make_shared<const std::vector<float>>(from_hex(r.text(3))));
    }
    return out;
}

} // namespace

std::vector<document> read_documents(db::tx& t, const std::string& model) {
    const auto vectors = model.empty() ? vectors_by_text{} : read_vectors(t, model);
    std::map<std::int64_t, std::vector<learned_weight>> learned;
    for (auto& w : read_weights(t)) learned[w.article].push_back(std::move(w));
    std::vector<document> out;
    for (const auto r : t.many(sql::read_documents)) {
        document d;
        d.article = r.get<std::int64_t>(0);
        d.slug = r.get<std::string>(1);
        d.language = r.get<std::string>(2);
        d.scenario = r.get<std::string>(3);
        d.category = r.get<std::string>(4);
        d.title = r.get<std::string>(5);
        d.body = r.get<std::string>(6);
        d.questions = parse_json(r.text(7)).get<std::vector<std::string>>();
        d.draft = r.get<bool>(8);
        if (const auto found = learned.find(d.article); found != learned.end())
            for (auto& w : found->second) {
                if (w.term.empty())
                    d.weight = w.weight;
                else
                    d.word_weights.emplace_back(std::move(w.term), w.weight);
            }
        if (!vectors.empty())
            for (const auto& text : meant_texts(d)) {
                const auto found = vectors.find({d.article, text.hash});
                d.meanings.push_back(found == vectors.end() ? nullptr : found->second);
            }
        out.push_back(std::move(d));
    }
    return out;
}

void store_vectors(db::tx& t, const std::string& model, const std::vector<section_key>& of,
                   const std::vector<std::vector<float>>& vectors, time_point now) {
    for (std::size_t i = 0; i < of.size(); ++i)
        t.exec(sql::store_vector, of[i].article, model, of[i].hash, vectors[i].size(),
               to_hex(to_bytes(vectors[i])), now);
}

void forget_vectors(db::tx& t, const std::string& model, const std::vector<section_key>& but) {
    db::array articles;
    db::array hashes;
    for (const auto& k : but) {
        articles.add(k.article);
        hashes.add(k.hash);
    }
    t.exec(sql::forget_vectors, model, articles, hashes);
}

bool has_articles(db::tx& t) { return t.scalar<bool>(sql::has_articles); }

std::optional<article> find_article(db::tx& t, std::int64_t id) {
    const auto r = t.maybe(sql::find_article, id);
    return r ? std::optional(article_from(*r)) : std::nullopt;
}

std::optional<article> find_article(db::tx& t, const std::string& slug, const std::string& language) {
    const auto r = t.maybe(sql::find_article_by_slug, slug, language);
    return r ? find_article(t, r->get<std::int64_t>(0)) : std::nullopt;
}

std::optional<article> lock_article(db::tx& t, std::int64_t id) {
    return t.maybe(sql::lock_article, id) ? find_article(t, id) : std::nullopt;
}

std::optional<std::int64_t> add_article(db::tx& t, const article& a, std::optional<std::int64_t> staff,
                                        time_point now) {
    const auto r =
        t.maybe(sql::add_article, a.slug, a.language, a.text.title, a.text.body,
                db::array_of(a.text.questions), a.text.category, a.text.scenario, a.status, staff, now);
    return r ? std::optional(r->get<std::int64_t>(0)) : std::nullopt;
}

void store_version(db::tx& t, const article& a, std::optional<std::int64_t> staff, time_point now) {
    t.exec(sql::store_version, a.id, a.text.title, a.text.body, db::array_of(a.text.questions),
           a.text.category, a.text.scenario, a.status, staff, now);
}

std::vector<listed_title> published_titles(db::tx& t, const std::string& language,
                                           const std::optional<std::string>& scenario) {
    constexpr std::int64_t most = 2000; // on one page
    std::vector<listed_title> out;
    for (const auto r : t.many(sql::published_titles, language, scenario, most))
        out.push_back(
            {r.get<std::string>(0), r.get<std::string>(1), r.get<std::string>(2), r.get<std::string>(3)});
    return out;
}

std::set<std::int64_t> known_articles(db::tx& t, const std::set<std::int64_t>& ids) {
    std::set<std::int64_t> out;
    for (const auto r :
         t.many(sql::known_articles, db::array_of(std::vector<std::int64_t>(ids.begin(), ids.end()))))
        out.insert(r.get<std::int64_t>(0));
    return out;
}

std::vector<learned_weight> read_weights(db::tx& t) {
    std::vector<learned_weight> out;
    for (const auto r : t.many(sql::read_weights))
        out.push_back({r.get<std::int64_t>(0), r.get<std::string>(1), r.get<double>(2), r.get<int>(3),
                       r.get<int>(4), r.get<int>(5)});
    return out;
}

void replace_weights(db::tx& t, const std::vector<learned_weight>& all, time_point now) {
    t.exec(sql::forget_weights);
    json rows = json::array();
    for (const auto& w : all)
        rows.push_back({{"article_id", w.article},
                        {"term", w.term},
                        {"weight", w.weight},
                        {"helpful", w.helpful},
                        {"unhelpful", w.unhelpful},
                        {"of_staff", w.of_staff}});
    t.exec(sql::add_weights, dump(rows), now);
}

std::vector<std::string> known_scenarios(db::tx& t) {
    std::vector<std::string> out;
    for (const auto r : t.many(sql::scenarios)) out.push_back(r.get<std::string>(0));
    return out;
}

} // namespace chat_centre::knowledge
