#pragma once
// Conversations that an agent at ElevenLabs holds with its own widget, and that staff have taken over: what they write
// goes to the customer through ElevenLabs' monitor socket, and what is said there comes back. Only when it is set up
// (ElevenLabs' enterprise plans have it).
//
// A follower of the log makes a row for each such conversation; the process that claims the row holds its socket. Rows,
// what was sent, and what was heard survive a restart.

#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/http/outbound.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>

namespace chat_centre::channel {

class monitor {
public:
    // Everything outlives it. io: one thread runs it.
    monitor(boost::asio::io_context& io, const db::settings& database, const elevenlabs_context& c,
            http::outbound_rules rules);
    ~monitor();
    void start();                             // after the settings were read
    void notice(const event::entries& batch); // any thread
    void settings_changed();                  // any thread
    void stop();                              // when nothing runs io any more

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

} // namespace chat_centre::channel
