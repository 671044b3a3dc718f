#pragma once
// The language model of the settings, when there is one.

#include <chat_centre/assistant/embeddings.hpp>
#include <chat_centre/assistant/provider.hpp>
#include <chat_centre/assistant/retrieval.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/config/config.hpp>

#include <memory>
#include <string>

namespace chat_centre::app {

class model_wiring {
public:
    // clock outlives it. Throws startup_error when the address cannot be used.
    model_wiring(const config::settings& s, const clock_source& clock);

    assistant::model* model() const { return provider_.get(); }       // nullptr: none is configured
    assistant::embedder* embedder() const { return embedder_.get(); } // likewise
    assistant::meaning_of meaning() const; // of a question; null: there are no embeddings
    std::string metrics() const;           // Prometheus text, "" without either

private:
    void learn_embedder(const config::settings& s, const clock_source& clock);
    std::unique_ptr<assistant::provider> provider_;
    std::unique_ptr<assistant::embedder> embedder_;
};

} // namespace chat_centre::app
