#pragma once
// The guided intake, tied to what the other features know: subjects, articles, who asks for a person.

#include <chat_centre/assistant/engine.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/intake/prompt_routes.hpp>
#include <chat_centre/intake/routes.hpp>
#include <chat_centre/knowledge/library.hpp>

namespace chat_centre::app {

class intake_wiring {
public:
    struct parts { // all outlive it
        const config::settings& settings;
        const db::settings& database;
        db::pool& pool;
        conversation::surroundings& chats;
        const clock_source& clock;
        jobs::runner& runner; // not started yet
        const knowledge::library& library;
        std::function<const ticket::surroundings&()> tickets;
        std::function<std::string(std::int64_t conversation)> make_token;
    };
    explicit intake_wiring(parts p);

    // What the assistant asks before it speaks itself.
    std::optional<assistant::guided_reply> guide(db::tx& t, const assistant::call& c);

    intake::routes routes() { return {service_, public_url_}; }
    intake::prompt_routes prompts() { return intake::prompt_routes(service_); }
    void start() { moves_.start(); }
    void notice(const event::entries& batch) { moves_.notice(batch); } // any thread
    void stop() { moves_.stop(); }

private:
    intake::service service_;
    std::string public_url_;
    event::follower moves_; // people take over, hand back, resolve
};

} // namespace chat_centre::app
