#include <chat_centre/channel/monitor.hpp>

#include "channel/monitor_call.hpp"
#include "channel/queries.hpp"

#include <chat_centre/base/ids.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::int64_t most_monitors = 300; // of one process; others wait, or go to another
constexpr auto look_every = 5s;
constexpr auto claim_length = 20s; // a process that died: another takes over after it
constexpr auto keep_overheard = std::chrono::days(2);
constexpr auto forget_every = 1h;

} // namespace

struct monitor::impl : std::enable_shared_from_this<monitor::impl> {
    impl(asio::io_context& i, const db::settings& database, const elevenlabs_context& c,
         http::outbound_rules rules)
        : io(i), centre(c), dialer(i.get_executor()), desk{c, std::move(rules), dialer, random_id(12)},
          pause(i),
          follower(database, "elevenlabs-monitor", {"conversation.moved"},
                   [this](db::tx& t, const std::vector<event::entry>& events) { want(t, events); }) {}

    bool configured() const {
        const auto setup = centre.desk.setup();
        return setup->monitor && !setup->api_key.empty();
    }

    // On the follower's thread.
    void want(db::tx& t, const std::vector<event::entry>& events) {
        if (!configured()) return;
        std::map<std::int64_t, time_point> taken;
        for (const auto& e : events) {
            const json moved = json::parse(e.data, nullptr, false);
            if (!moved.is_object() || moved.value("channel", "") != elevenlabs_desk::name ||
                moved.value("handler", "") != "staff")
                continue;
            taken.try_emplace(e.conversation, e.at); // the first: nothing that was said since may be missed
        }
        if (taken.empty()) return;
        want_monitors(t, {taken.begin(), taken.end()}, centre.chats.clock.now());
        t.after_commit([this] { kick(); });
    }

    void kick() {
        asio::post(io, [self = shared_from_this()] {
            self->kicked = true;
            self->pause.cancel();
        });
    }

    static asio::awaitable<void> watch(std::shared_ptr<impl> self) {
        auto forgotten = std::chrono::steady_clock::time_point{};
        bool first = true;
        while (!self->stopping) {
            self->kicked = false;
            try {
                const auto now = std::chrono::steady_clock::now();
                const bool forget = now - forgotten >= forget_every;
                if (forget) forgotten = now;
                if (first || self->configured() || !self->calls.empty()) {
                    auto claiming = self->claim(forget);
                    co_await std::move(claiming);
                    first = false;
                }
            } catch (const std::exception& e) {
                spdlog::warn("looking for conversations at ElevenLabs: {}", e.what());
            }
            if (self->kicked) continue;
            self->pause.expires_after(look_every);
            boost::system::error_code ignored;
            co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
    }

    asio::awaitable<void> claim(bool forget) {
        const auto now = centre.chats.clock.now();
        auto work = [process = desk.process, on = configured(), forget, now](db::tx& t) {
            if (on) want_monitors_for_all(t, now); // such as one whose session became known just now
            if (forget) t.exec(sql::forget_overheard, now - keep_overheard);
            std::set<std::int64_t> mine;
            for (const auto r : t.many(sql::claim_monitors, process, now, now + claim_length, most_monitors))
                mine.insert(r.get<std::int64_t>(0));
            return mine;
        };
        const auto mine = co_await centre.chats.pool.run(std::move(work));
        for (auto it = calls.begin(); it != calls.end();) {
            const bool keep = mine.contains(it->first) && !it->second->over();
            if (!keep) it->second->drop();
            it = keep ? std::next(it) : calls.erase(it);
        }
        for (const auto id : mine) {
            if (calls.contains(id)) continue;
            const auto call = std::make_shared<monitor_call>(io.get_executor(), desk, id);
            calls.emplace(id, call);
            asio::co_spawn(io, monitor_call::run(call), asio::detached);
        }
        const std::lock_guard lock(guard);
        watched = mine;
    }

    // On any thread: does this concern a conversation of ours?
    void notice(const event::entries& batch) {
        std::set<std::int64_t> touched;
        {
            const std::lock_guard lock(guard);
            if (watched.empty()) return;
            for (const auto& e : *batch)
                if (watched.contains(e.conversation)) touched.insert(e.conversation);
        }
        if (touched.empty()) return;
        asio::post(io, [self = shared_from_this(), touched = std::move(touched)] {
            for (const auto id : touched)
                if (const auto it = self->calls.find(id); it != self->calls.end()) it->second->wake();
        });
    }

    asio::io_context& io;
    const elevenlabs_context& centre;
    agent_dialer dialer;
    monitor_desk desk;
    asio::steady_timer pause;
    event::follower follower;
    std::map<std::int64_t, std::shared_ptr<monitor_call>> calls; // by conversation
    bool kicked = false;
    bool stopping = false;
    std::mutex guard;
    std::set<std::int64_t> watched; // what `calls` has, for other threads
};

monitor::monitor(asio::io_context& io, const db::settings& database, const elevenlabs_context& c,
                 http::outbound_rules rules)
    : impl_(std::make_shared<impl>(io, database, c, std::move(rules))) {}
monitor::~monitor() = default;

void monitor::start() {
    impl_->follower.start();
    asio::co_spawn(impl_->io, impl::watch(impl_), asio::detached);
}

void monitor::notice(const event::entries& batch) {
    impl_->follower.notice(batch);
    impl_->notice(batch);
}

void monitor::settings_changed() {
    asio::post(impl_->io, [self = impl_] {
        for (const auto& [id, call] : self->calls) call->wake();
    });
    impl_->kick();
}

void monitor::stop() {
    impl_->follower.stop();
    impl_->stopping = true;
    for (const auto& [id, call] : impl_->calls) call->drop();
    impl_->dialer.stop();
    try { // so that the next process need not wait
        impl_->centre.chats.pool.run_blocking(
            [process = impl_->desk.process](db::tx& t) { t.exec(sql::release_monitors, process); });
    } catch (const std::exception& e) {
        spdlog::warn("giving back conversations at ElevenLabs: {}", e.what());
    }
}

} // namespace chat_centre::channel
