#pragma once
// Tickets and their service levels, tied to each other and to the conversations they follow.

#include <chat_centre/config/config.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/notify/notify.hpp>
#include <chat_centre/ticket/service.hpp>

namespace chat_centre::app {

// Mail to requesters, through the outbox of `out`, which outlives it.
ticket::mail_desk requester_mail(const config::settings& s, const notify::service& out);

class ticket_wiring {
public:
    // Everything outlives it. Registers its handlers with `runner`, which is not started yet. patience: until a missed
    // target of which nobody has taken notice goes another level up.
    ticket_wiring(const db::settings& database, db::pool& pool, conversation::surroundings& chats,
                  const clock_source& clock, jobs::runner& runner, std::string default_country,
                  std::chrono::minutes patience, ticket::mail_desk mail);

    ticket::surroundings& surroundings() { return surroundings_; }
    void start();
    void notice(const event::entries& batch); // any thread
    void stop();

private:
    ticket::surroundings surroundings_;
    event::follower conversations_; // tickets open and end with them, or because a rule asked for one
};

} // namespace chat_centre::app
