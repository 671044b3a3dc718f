#include "app/ticket_wiring.hpp"

#include "app/understanding.hpp"

#include <chat_centre/base/phone.hpp>
#include <chat_centre/sla/sla.hpp>

namespace chat_centre::app {

ticket_wiring::ticket_wiring(const db::settings& database, db::pool& pool, conversation::surroundings& chats,
                             const clock_source& clock, jobs::runner& runner, std::string default_country,
                             std::chrono::minutes patience)
    : surroundings_{pool,
                    chats,
                    clock,
                    sla::count,
                    classify,
                    [country = std::move(default_country)](std::string_view given) {
                        const auto phone = parse_phone(given, country);
                        return phone && phone->valid ? phone->e164 : std::string{};
                    }},
      conversations_(database, "tickets", {"conversation.moved", "ticket.wanted"},
                     [this](db::tx& t, const std::vector<event::entry>& events) {
                         ticket::follow(t, surroundings_, events);
                     }) {
    ticket::handle_jobs(runner, surroundings_);
    sla::handle_jobs(runner, surroundings_, patience);
}

void ticket_wiring::start() { conversations_.start(); }

void ticket_wiring::notice(const event::entries& batch) { conversations_.notice(batch); }

void ticket_wiring::stop() { conversations_.stop(); }

} // namespace chat_centre::app
