#include "app/channel_wiring.hpp"

#include "app/elevenlabs_wiring.hpp"

#include <chat_centre/base/network.hpp>
#include <chat_centre/channel/reply_template.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::app {
namespace {

channel::whatsapp_environment whatsapp_of(const config::settings& s) {
    if (!s.whatsapp_send_url.empty())
        if (const auto fault = http::url_fault(s.whatsapp_send_url, outbound_rules_of(s)))
            throw startup_error("WHATSAPP_SEND_URL " + *fault + ".");
    if (!s.whatsapp_send_body.empty())
        if (const auto fault = channel::template_fault(s.whatsapp_send_body, false))
            throw startup_error("WHATSAPP_SEND_BODY " + *fault + ".");
    return {s.whatsapp_webhook_token, s.whatsapp_send_url, s.whatsapp_send_token, s.whatsapp_send_body};
}

// It listens on loopback only, and nothing says that a proxy brings others to it.
bool is_private(const config::settings& s) {
    const auto host = parse_address(s.host);
    const bool loopback = s.host == "localhost" || (host && is_loopback(*host));
    return loopback && s.public_url.empty() && s.trusted_proxies.empty() && !s.cookie_secure;
}

boost::asio::awaitable<void> reload(channel::context& c) {
    try {
        auto read = [&c](db::tx& t) { c.known.load(t); };
        co_await c.chats.pool.run(std::move(read));
    } catch (const std::exception& e) {
        spdlog::warn("reading the channels: {}", e.what());
    }
}

} // namespace

channel_wiring::channel_wiring(boost::asio::any_io_executor io, const db::settings& database, db::pool& pool,
                               conversation::surroundings& chats, const config::settings& s,
                               const notify::service& secrets)
    : io_(std::move(io)), context_{chats,
                                   {{[&secrets](std::string_view text, std::string_view purpose) {
                                         return secrets.seal(text, purpose);
                                     },
                                     [&secrets](std::string_view sealed, std::string_view purpose) {
                                         return secrets.open(sealed, purpose);
                                     }},
                                    whatsapp_of(s)},
                                   outbound_rules_of(s),
                                   s.default_country,
                                   is_private(s)},
      deliveries_(database, pool, chats.clock, context_) {
    chats.delivery = [&known = context_.known](const conversation::row& c) {
        return channel::delivery_on(known, c);
    };
    chats.keep_unsent = [&known = context_.known](db::tx& t, const conversation::row& c,
                                                  const conversation::stored_message& m, time_point now) {
        channel::keep_unsent(t, known, c, m, now);
    };
}

void channel_wiring::start() {
    context_.chats.pool.run_blocking([this](db::tx& t) { context_.known.load(t); });
    deliveries_.start();
}

void channel_wiring::notice(const event::entries& batch) {
    deliveries_.notice(batch);
    const bool changed = std::any_of(batch->begin(), batch->end(),
                                     [](const event::entry& e) { return e.type == "channels.changed"; });
    if (!changed) return;
    boost::asio::post(io_, [this] { boost::asio::co_spawn(io_, reload(context_), boost::asio::detached); });
}

void channel_wiring::stop() { deliveries_.stop(); }

} // namespace chat_centre::app
