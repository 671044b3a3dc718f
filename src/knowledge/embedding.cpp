// The job that has sections of articles turned into vectors.

#include "knowledge/article_json.hpp"
#include "knowledge/meaning.hpp"
#include "knowledge/store.hpp"

#include <chat_centre/knowledge/vectors.hpp>

#include <spdlog/spdlog.h>

#include <stdexcept>

namespace chat_centre::knowledge {
namespace {

constexpr std::size_t texts_at_once = 64;
constexpr int never_given_up = 1'000'000;

struct wanted_texts {
    std::vector<section_key> all;     // that there should be
    std::vector<section_key> missing; // at most texts_at_once of them
    std::vector<std::string> texts;   // likewise
    bool more = false;
};

wanted_texts texts_without_vector(db::tx& t, const std::string& model) {
    wanted_texts out;
    for (const auto& d : read_documents(t, model)) {
        if (d.draft) continue;
        auto texts = meant_texts(d);
        for (std::size_t i = 0; i < texts.size() && out.all.size() < most_vectors; ++i) {
            out.all.push_back({d.article, texts[i].hash});
            if (i < d.meanings.size() && d.meanings[i]) continue;
            if (out.missing.size() == texts_at_once) {
                out.more = true;
                continue;
            }
            out.missing.push_back(out.all.back());
            out.texts.push_back(std::move(texts[i].text));
        }
    }
    return out;
}

} // namespace

void attach_embedding(jobs::runner& runner, db::pool& pool, const clock_source& clock, std::string model,
                      embed_texts embed) {
    const auto work = [&pool, &clock, model = std::move(model), embed = std::move(embed)](const jobs::job&) {
        const auto wanted = pool.run_blocking([&](db::tx& t) { return texts_without_vector(t, model); });
        if (wanted.texts.empty()) return;
        const auto vectors = embed(wanted.texts);
        if (vectors.size() != wanted.texts.size()) throw std::runtime_error("not as many vectors as texts");
        pool.run_blocking([&](db::tx& t) {
            const auto now = clock.now();
            store_vectors(t, model, wanted.missing, vectors, now);
            forget_vectors(t, model, wanted.all);
            if (wanted.more) jobs::schedule(t, embed_job, "all", now, json::object(), now);
            announce_change(t, 0, now);
        });
        spdlog::info("{} sections of articles have vectors now", vectors.size());
    };
    runner.perform(embed_job, work, jobs::patient(never_given_up));
}

} // namespace chat_centre::knowledge
