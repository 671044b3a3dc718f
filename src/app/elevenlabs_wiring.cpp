#include "app/elevenlabs_wiring.hpp"

#include <chat_centre/channel/reconcile.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::app {
namespace {

constexpr std::chrono::seconds uses_pause{5};

} // namespace

http::outbound_rules outbound_rules_of(const config::settings& s) {
    http::outbound_rules rules;
    rules.allow = s.outbound_allow;
    return rules;
}

// What a custom LLM says when the assistant's answer takes longer than ElevenLabs waits.
static std::string holding_answer(std::string_view language) {
    if (language.starts_with("ar"))
        return "شكرًا لك، وصلتني رسالتك. لحظة من فضلك، أو اطلب التحدث مع أحد موظفينا.";
    return "Thank you, I have your message. One moment please, or ask to talk to a person.";
}

elevenlabs_wiring::elevenlabs_wiring(boost::asio::io_context& io, const db::settings& database,
                                     conversation::surroundings& chats, ticket::surroundings& tickets,
                                     const auth::live_directory& directory, const notify::service& sealed,
                                     jobs::runner& runner, const config::settings& s,
                                     std::function<std::string(std::string_view language)> greeting)
    : io_(io), rules_(outbound_rules_of(s)),
      desk_(chats.clock, s.elevenlabs, [&sealed]() -> const secret_box& { return sealed.box(); }),
      context_{chats,
               tickets,
               desk_,
               s.assistant_name,
               s.public_url,
               s.default_country,
               [&directory](std::string_view purpose) { return directory.key_for(purpose); },
               [&directory](std::string_view prefix, std::string_view text) {
                   return directory.sign_text(prefix, text);
               },
               std::move(greeting),
               holding_answer},
      monitor_(io, database, context_, rules_) {
    runner.handle(channel::elevenlabs_event_job, [this](db::tx& t, const jobs::job& j) {
        channel::process_elevenlabs_event(t, context_, j);
    });
    channel::reconcile_parts missed{chats.pool, chats.clock};
    missed.access = [this]() -> std::optional<channel::reconcile_access> {
        const auto setup = desk_.setup();
        if (setup->api_key.empty()) return std::nullopt;
        return channel::reconcile_access{setup->api_url, setup->api_key, setup->agent_id, rules_};
    };
    missed.incomplete = channel::calls_without_transcript;
    missed.take = [this](db::tx& t, const json& data) {
        channel::take_elevenlabs_call(t, data, context_.chats.clock.now());
    };
    channel::handle_reconcile(runner, std::move(missed));
}

void elevenlabs_wiring::start() {
    context_.chats.pool.run_blocking([this](db::tx& t) {
        desk_.load(t);
        channel::schedule_reconcile(t, context_.chats.clock.now());
    });
    monitor_.start();
}

void elevenlabs_wiring::stop() { monitor_.stop(); }

void elevenlabs_wiring::notice(const event::entries& batch) {
    monitor_.notice(batch);
    const bool changed = std::any_of(batch->begin(), batch->end(), [](const event::entry& e) {
        return channel::tells_of_integration(e, channel::elevenlabs_desk::name);
    });
    if (!changed) return;
    boost::asio::post(io_, [this] { boost::asio::co_spawn(io_, reload(), boost::asio::detached); });
}

boost::asio::awaitable<void> elevenlabs_wiring::reload() {
    try {
        auto load = [this](db::tx& t) {
            desk_.load(t);
            channel::schedule_reconcile(t, context_.chats.clock.now());
        };
        co_await context_.chats.pool.run(std::move(load));
        monitor_.settings_changed();
    } catch (const std::exception& e) {
        spdlog::warn("reading the settings of ElevenLabs: {}", e.what());
    }
}

boost::asio::awaitable<void> elevenlabs_wiring::keep_uses() {
    boost::asio::steady_timer pause(io_);
    while (true) {
        pause.expires_after(uses_pause);
        co_await pause.async_wait(boost::asio::use_awaitable);
        if (!desk_.uses.waits()) continue;
        try {
            auto write = [this](db::tx& t) { desk_.uses.write(t); };
            co_await context_.chats.pool.run(std::move(write));
        } catch (const std::exception& e) {
            spdlog::warn("noting what ElevenLabs has called: {}", e.what());
        }
    }
}

} // namespace chat_centre::app
