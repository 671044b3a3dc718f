#include "app/knowledge_wiring.hpp"

#include <chat_centre/knowledge/numbers.hpp>
#include <chat_centre/knowledge/vectors.hpp>

#include <chrono>

namespace chat_centre::app {

knowledge_wiring::knowledge_wiring(const db::settings& database, db::pool& pool, const clock_source& clock,
                                   const std::string& zone, assistant::embedder* embedder)
    : library_(database, clock, zone, embedder ? embedder->model() : std::string{}),
      handovers_(
          database, "knowledge", [](db::tx&) { return std::vector<std::string>{"handover.requested"}; },
          [zone](db::tx& t, const std::vector<event::entry>& events) {
              knowledge::follow_handovers(t, events, zone);
          }),
      embedding_(database, clock, 1), embedder_(embedder) {
    if (embedder == nullptr) return;
    knowledge::attach_embedding(embedding_, pool, clock, embedder->model(),
                                [embedder](const std::vector<std::string>& texts) {
                                    constexpr auto longest = std::chrono::seconds(30);
                                    return embedder->embed(texts, longest);
                                });
}

void knowledge_wiring::start() {
    library_.start();
    handovers_.start();
    if (embedder_ != nullptr) embedding_.start();
}

void knowledge_wiring::notice(const event::entries& batch) {
    library_.notice(batch);
    handovers_.notice(batch);
}

void knowledge_wiring::stop() {
    if (embedder_ != nullptr) embedder_->stop();
    embedding_.stop();
    handovers_.stop();
    library_.stop();
}

} // namespace chat_centre::app
