#include "app/assistant_wiring.hpp"

#include <algorithm>

namespace chat_centre::app {
namespace {

assistant::engine_parts parts_of(const config::settings& s, const db::settings& database, db::pool& pool,
                                 conversation::append_lane& lane, const clock_source& clock,
                                 const assistant::scenario_book& book, assistant_sources from) {
    assistant::engine_parts p{database, pool, lane, clock, book, s.assistant_name, handover_settings_of(s)};
    // A customer waits: its statements find a few rows by their keys, and planning them takes longer than doing it.
    p.database.always_use_indexes = true;
    p.find = std::move(from.find);
    p.guide = std::move(from.guide);
    p.used = std::move(from.used);
    p.meaning = std::move(from.meaning);
    p.answers = from.model;
    if (!s.model.intent_model.empty()) p.judge = from.model;
    return p;
}

} // namespace

assistant::retrieval retrieval_from(const knowledge::retriever& articles) {
    return [&articles](const assistant::inquiry& q) {
        std::vector<assistant::article_hit> out;
        for (auto& h : articles.find({q.text, q.language, q.scenario, q.limit, false, q.meaning}))
            out.push_back({h.article, std::move(h.slug), std::move(h.title), std::move(h.language),
                           std::move(h.category), std::move(h.passage), h.score});
        return out;
    };
}

assistant_wiring::assistant_wiring(const config::settings& s, const db::settings& database, db::pool& pool,
                                   conversation::append_lane& lane, const clock_source& clock,
                                   assistant_sources from)
    : pool_(pool), clock_(clock), company_{s.company_name_en, s.company_name, s.assistant_name},
      book_(s.default_scenario), engine_(parts_of(s, database, pool, lane, clock, book_, std::move(from))) {}

bool assistant_wiring::changes_scenarios(const event::entries& batch) {
    return std::any_of(batch->begin(), batch->end(),
                       [](const event::entry& e) { return e.type == "scenario.changed"; });
}

channel::first_words assistant_wiring::greeting(std::string_view language, std::string_view scenario) const {
    const auto role = book_.find(scenario);
    const auto spoken = language.empty() ? std::string_view(role->language) : language;
    const auto& name = role->look.assistant_name;
    return {name.empty() ? company_.assistant : name,
            assistant::greeting(*role, spoken, spoken.substr(0, 2) == "ar" ? company_.ar : company_.en)};
}

assistant::scenario_routes assistant_wiring::routes() { return {pool_, clock_, book_, company_}; }

std::string assistant_wiring::metrics() const {
    const auto& n = engine_.count();
    std::string out;
    const auto counter = [&out](const char* name, const char* help, std::uint64_t value) {
        out += std::string("# HELP chat_centre_assistant_") + name + "_total " + help +
               "\n# TYPE chat_centre_assistant_" + name + "_total counter\nchat_centre_assistant_" + name +
               "_total " + std::to_string(value) + "\n";
    };
    counter("calls", "Times that the assistant was to say something.", n.calls);
    counter("answers", "Answers of the assistant that were stored.", n.answered);
    counter("model_answers", "Turns in which a model wrote the answer.", n.by_model);
    counter("fallbacks", "Turns in which the model failed and the built-in engine answered.", n.fallbacks);
    counter("leaks", "Answers of a model that repeated instructions and were not used.", n.leaks);
    counter("handovers", "Turns in which the assistant called a person.", n.handed_over);
    counter("refused", "Answers that were not stored because the turn was somebody else's.", n.refused);
    return out;
}

} // namespace chat_centre::app
