#pragma once
// A language model behind the OpenAI-compatible HTTP interface: OpenAI itself, Gemini's compatible endpoint, servers of
// one's own such as Ollama, vLLM or llama.cpp. Whatever goes wrong there is model_unavailable here. Neither keys nor
// prompts nor answers are logged.

#include <chat_centre/assistant/breaker.hpp>
#include <chat_centre/assistant/model.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/http/outbound.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace chat_centre::assistant {

struct provider_settings {
    std::string base_url; // up to and with /v1; "/chat/completions" is appended
    std::string api_key;  // "": none is sent
    std::string answer_model;
    std::string intent_model; // "": the same
    http::outbound_rules rules;
    std::chrono::milliseconds first_token{8000}; // of one attempt, connecting included
    std::chrono::milliseconds limit{60'000};     // of one call in all, whatever its deadline says
    int attempts = 3;
    breaker_settings breaker;
    double input_price = 0;  // of a million tokens, in whatever currency it is paid
    double output_price = 0; // likewise
};

class provider final : public model {
public:
    // clock outlives it; deadlines of requests are compared with its steady time.
    provider(provider_settings s, const clock_source& clock);
    ~provider() override;

    // Tries again after a refusal that may pass (not connected, 429, 5xx) while nothing of an answer has arrived.
    model_answer complete(const model_request& request) override;

    std::string metrics() const; // Prometheus text. Any thread

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::assistant
