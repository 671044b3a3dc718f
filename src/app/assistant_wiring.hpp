#pragma once
// The assistant and what it is put together from.

#include "app/understanding.hpp"

#include <chat_centre/assistant/engine.hpp>
#include <chat_centre/assistant/scenario_routes.hpp>
#include <chat_centre/channel/widget.hpp>
#include <chat_centre/knowledge/retrieval.hpp>

#include <string>

namespace chat_centre::app {

assistant::retrieval retrieval_from(const knowledge::retriever& articles); // which outlives it

struct assistant_sources { // all may be null
    assistant::retrieval find;
    assistant::guide guide;
    assistant::model* model = nullptr;
    assistant::meaning_of meaning;
    assistant::use_of_articles used;
};

class assistant_wiring {
public:
    // All references outlive it.
    assistant_wiring(const config::settings& s, const db::settings& database, db::pool& pool,
                     conversation::append_lane& lane, const clock_source& clock, assistant_sources from);

    void load(db::tx& t) { book_.learn(t); } // before start()
    void start() { engine_.start(); }
    void notice(const event::entries& batch) { engine_.notice(batch); }
    static bool changes_scenarios(const event::entries& batch); // then load() is due
    void stop() { engine_.stop(); }

    // The assistant's first words in a new conversation, from memory.
    channel::first_words greeting(std::string_view language, std::string_view scenario) const;
    assistant::scenario_routes routes();
    std::string metrics() const; // Prometheus text

private:
    db::pool& pool_;
    const clock_source& clock_;
    assistant::company_names company_;
    assistant::scenario_book book_;
    assistant::engine engine_;
};

} // namespace chat_centre::app
