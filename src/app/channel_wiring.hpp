#pragma once
// The channels that are set up rather than built: what they are, what comes in by them, and the replies that leave.

#include <chat_centre/channel/deliveries.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/notify/notify.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace chat_centre::app {

class channel_wiring {
public:
    // Everything outlives it. Throws startup_error for a WHATSAPP_SEND_URL or _BODY that cannot be used.
    channel_wiring(boost::asio::any_io_executor io, const db::settings& database, db::pool& pool,
                   conversation::surroundings& chats, const config::settings& s,
                   const notify::service& secrets);

    channel::context& context() { return context_; }
    void start();                             // after the notify service, which holds the key of the secrets
    void notice(const event::entries& batch); // any thread
    void stop();

private:
    boost::asio::any_io_executor io_;
    channel::context context_;
    channel::deliveries deliveries_;
};

} // namespace chat_centre::app
