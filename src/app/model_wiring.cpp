#include "app/model_wiring.hpp"

#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::app {
namespace {

// Whoever sets the environment of the server may as well mean a model on this machine; other private networks are
// listed in OUTBOUND_ALLOW like those of webhooks.
http::outbound_rules rules_for(const config::settings& s, bool given) {
    http::outbound_rules rules;
    rules.allow = s.outbound_allow;
    if (given)
        for (const char* own : {"127.0.0.0/8", "::1"}) rules.allow.push_back(*parse_network(own));
    return rules;
}

} // namespace

model_wiring::model_wiring(const config::settings& s, const clock_source& clock) {
    const auto& m = s.model;
    if (!m.embedding_model.empty()) learn_embedder(s, clock);
    if (!m.configured()) return;
    assistant::provider_settings p;
    p.rules = rules_for(s, m.base_url_given);
    if (const auto fault = http::url_fault(m.base_url, p.rules))
        throw startup_error("OPENAI_BASE_URL " + *fault + ".");
    p.base_url = m.base_url;
    p.api_key = m.api_key;
    p.answer_model = m.answer_model;
    p.intent_model = m.intent_model;
    p.first_token = std::chrono::seconds(m.first_token_seconds);
    p.breaker.failures = m.breaker_failures;
    p.breaker.pause = std::chrono::seconds(m.breaker_seconds);
    p.breaker.longest_pause = p.breaker.pause * 10;
    p.input_price = m.input_price;
    p.output_price = m.output_price;
    spdlog::info("the assistant may ask {} at {}", p.answer_model, http::host_of(p.base_url));
    provider_ = std::make_unique<assistant::provider>(std::move(p), clock);
}

void model_wiring::learn_embedder(const config::settings& s, const clock_source& clock) {
    const auto& m = s.model;
    assistant::embedder_settings e;
    e.rules = rules_for(s, m.embedding_base_url_given);
    if (const auto fault = http::url_fault(m.embedding_base_url, e.rules))
        throw startup_error("EMBEDDING_BASE_URL " + *fault + ".");
    e.base_url = m.embedding_base_url;
    e.api_key = m.embedding_api_key;
    e.model = m.embedding_model;
    e.breaker.failures = m.breaker_failures;
    e.breaker.pause = std::chrono::seconds(m.breaker_seconds);
    e.breaker.longest_pause = e.breaker.pause * 10;
    spdlog::info("articles are found by meaning, too: {} at {}", e.model, http::host_of(e.base_url));
    embedder_ = std::make_unique<assistant::embedder>(std::move(e), clock);
}

assistant::meaning_of model_wiring::meaning() const {
    if (!embedder_) return {};
    return [&e = *embedder_](const std::string& text) -> std::vector<float> {
        constexpr auto longest = std::chrono::milliseconds(400); // somebody is waiting for an answer
        try {
            return e.embed({text}, longest).front();
        } catch (const assistant::model_unavailable& why) {
            spdlog::debug("found by words alone: {}", why.what());
            return {};
        }
    };
}

std::string model_wiring::metrics() const {
    return (provider_ ? provider_->metrics() : std::string{}) +
           (embedder_ ? embedder_->metrics() : std::string{});
}

} // namespace chat_centre::app
