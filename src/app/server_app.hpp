#pragma once
// All objects of a running server. Members are in dependency order, so destruction is the reverse.

#include "app/assistant_wiring.hpp"
#include "app/channel_wiring.hpp"
#include "app/elevenlabs_wiring.hpp"
#include "app/features.hpp"
#include "app/intake_wiring.hpp"
#include "app/knowledge_wiring.hpp"
#include "app/model_wiring.hpp"
#include "app/ticket_wiring.hpp"

#include <chat_centre/audit/chain.hpp>
#include <chat_centre/auth/first_run.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/contact/lead_follower.hpp>
#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/http/server.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/notify/notify.hpp>
#include <chat_centre/quality/supervision.hpp>
#include <chat_centre/realtime/hub.hpp>
#include <chat_centre/routing/routing.hpp>
#include <chat_centre/search/indexer.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace chat_centre::app {

class server_app {
public:
    server_app(const config::settings& settings, std::string database_url);
    ~server_app();

    auth::first_run_facts prepare(); // migrations, first accounts, everything loaded
    void listen();                   // throws startup_error
    void run();                      // until stop() has drained everything
    void request_stop();             // on the I/O thread
    std::uint16_t port() const { return http_->port(); }
    boost::asio::io_context& io() { return io_; }

private:
    realtime::services socket_services();
    conversation::surroundings conversation_surroundings();
    void follow_events();
    void count_soon(); // any thread: the queue's numbers are worked out again, at most a few times a second
    boost::asio::awaitable<void> count_queue();
    boost::asio::awaitable<void> announce_presence(std::int64_t staff, bool online);
    boost::asio::awaitable<void> keep_presence();
    boost::asio::awaitable<void> learn_rules();
    boost::asio::awaitable<void> learn_scenarios();
    boost::asio::awaitable<bool> ready();
    features make_features();

    config::settings settings_;
    const clock_source& clock_;
    db::settings database_;
    boost::asio::io_context io_{1};
    http::static_files files_;
    std::string openapi_;
    db::pool pool_;
    event::relay relay_;
    auth::password_pool passwords_;
    auth::live_directory directory_;
    auth::sign_in sign_in_;
    conversation::append_lane lane_;
    conversation::reply_waiter replies_;
    quality::silent_watchers silent_;
    realtime::hub hub_;
    routing::message_screen message_screen_;
    conversation::surroundings surroundings_;
    model_wiring models_{settings_, clock_};
    knowledge_wiring knowledge_;
    assistant_wiring assistant_;
    contact::lead_follower leads_;
    notify::service notify_;
    jobs::runner jobs_;
    routing::desk desk_;
    ticket_wiring tickets_;
    channel_wiring channels_;
    intake_wiring intake_;
    elevenlabs_wiring elevenlabs_;
    search::indexer indexer_;
    audit::sealer sealer_;
    features features_;
    http::router router_;
    std::unique_ptr<http::server> http_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> counting_soon_{false};
};

} // namespace chat_centre::app
