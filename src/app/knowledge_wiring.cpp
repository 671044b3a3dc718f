#include "app/knowledge_wiring.hpp"

#include <chat_centre/knowledge/numbers.hpp>

namespace chat_centre::app {

knowledge_wiring::knowledge_wiring(const db::settings& database, const clock_source& clock,
                                   const std::string& zone)
    : library_(database, clock, zone),
      handovers_(
          database, "knowledge", [](db::tx&) { return std::vector<std::string>{"handover.requested"}; },
          [zone](db::tx& t, const std::vector<event::entry>& events) {
              knowledge::follow_handovers(t, events, zone);
          }) {}

void knowledge_wiring::start() {
    library_.start();
    handovers_.start();
}

void knowledge_wiring::notice(const event::entries& batch) {
    library_.notice(batch);
    handovers_.notice(batch);
}

void knowledge_wiring::stop() {
    handovers_.stop();
    library_.stop();
}

} // namespace chat_centre::app
