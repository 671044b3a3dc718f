#pragma once
// ElevenLabs, tied to conversations, tickets and the assistant.

#include <chat_centre/auth/live_directory.hpp>
#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/channel/monitor.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/http/outbound.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/notify/notify.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace chat_centre::app {

// Where requests of channels may go.
http::outbound_rules outbound_rules_of(const config::settings& s);

class elevenlabs_wiring {
public:
    // Everything outlives it. Registers its handler with `runner`, which is not started yet.
    // io: one thread runs it.
    elevenlabs_wiring(boost::asio::io_context& io, const db::settings& database,
                      conversation::surroundings& chats, ticket::surroundings& tickets,
                      const auth::live_directory& directory, const notify::service& sealed,
                      jobs::runner& runner, const config::settings& s,
                      std::function<std::string(std::string_view language)> greeting);

    channel::elevenlabs_context& context() { return context_; }
    channel::elevenlabs_desk& desk() { return desk_; }
    void start();                             // after the migrations; blocks
    void notice(const event::entries& batch); // any thread
    void stop();                              // when nothing runs io any more
    boost::asio::awaitable<void> keep_uses(); // until its executor stops

private:
    boost::asio::awaitable<void> reload();

    boost::asio::io_context& io_;
    http::outbound_rules rules_;
    channel::elevenlabs_desk desk_;
    channel::elevenlabs_context context_;
    channel::monitor monitor_;
};

} // namespace chat_centre::app
