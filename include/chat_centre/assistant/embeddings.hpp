#pragma once
// The meaning of texts as vectors, from a server with OpenAI's interface (POST {base}/embeddings). Whatever goes wrong
// there is model_unavailable here, and after several failures it is left alone for a while. Neither key nor texts are
// logged.

#include <chat_centre/assistant/breaker.hpp>
#include <chat_centre/assistant/model.hpp>
#include <chat_centre/base/clock.hpp>
#include <chat_centre/http/outbound.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::assistant {

struct embedder_settings {
    std::string base_url; // up to and with /v1; "/embeddings" is appended
    std::string api_key;  // "": none is sent
    std::string model;
    http::outbound_rules rules;
    breaker_settings breaker;
};

class embedder {
public:
    // clock outlives it.
    embedder(embedder_settings s, const clock_source& clock);
    ~embedder();

    // One vector of length 1 for each text, all of one dimension (at most 4096). Blocks, for `limit` at most. Any thread,
    // several at once. Throws model_unavailable.
    std::vector<std::vector<float>> embed(const std::vector<std::string>& texts,
                                          std::chrono::milliseconds limit);

    // Ends what is under way and refuses what comes. Any thread.
    void stop();

    const std::string& model() const;
    std::string metrics() const; // Prometheus text. Any thread

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::assistant
