// What the hub asks for, and what it tells on its own: who is there, and how the queue stands.

#include "app/places.hpp"
#include "app/server_app.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/staff/staff.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace chat_centre::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int replay_page_size = 500;

} // namespace

// Called on the hub's thread; the awaitables do their work on the database threads and come back there.
realtime::services server_app::socket_services() {
    using page = realtime::services::page;
    struct calls { // coroutines as functions: a lambda's captures would not outlive its first suspension
        static asio::awaitable<bool> may_see(db::pool& pool, principal who, std::int64_t id) {
            auto look = [who, id](db::tx& t) {
                try {
                    conversation::find_visible(t, who, id);
                    return true;
                } catch (const error&) {
                    return false;
                }
            };
            co_return co_await pool.run(std::move(look));
        }
        static asio::awaitable<std::optional<page>> replay(db::pool& pool, principal who, std::int64_t after) {
            auto read = [who, after](db::tx& t) {
                return conversation::replay(t, who, after, replay_page_size);
            };
            auto found = co_await pool.run(std::move(read));
            if (!found) co_return std::nullopt;
            co_return page{std::move(found->events), found->reached};
        }
        static asio::awaitable<std::string> post(conversation::surroundings& s, principal who,
                                                 std::int64_t id, std::string text, std::string client_id) {
            const conversation::receipt r = co_await conversation::post_message(
                s, std::move(who), id, std::move(text), std::move(client_id), {});
            co_return to_json(r.message);
        }
    };
    realtime::services s;
    s.authenticate = [this](const http::request& r) { return directory_.authenticate(r); };
    s.authenticate_token = [this](const std::string& token) { return directory_.authenticate_token(token); };
    s.refresh = [this](const principal& who) -> std::optional<principal> {
        if (who.kind != caller::staff) return who;
        auto now = directory_.staff(who.staff);
        if (!now || !directory_.session_valid(who.staff, who.session)) return std::nullopt;
        now->session = who.session;
        return now;
    };
    s.may_see = [this](principal who, std::int64_t id) { return calls::may_see(pool_, std::move(who), id); };
    s.replay = [this](principal who, std::int64_t after) {
        return calls::replay(pool_, std::move(who), after);
    };
    s.post_message = [this](principal who, std::int64_t id, std::string text, std::string client_id) {
        return calls::post(surroundings_, std::move(who), id, std::move(text), std::move(client_id));
    };
    s.head = [this] { return relay_.head(); };
    s.silent = [this](std::int64_t staff, std::int64_t id) { return silent_.contains(id, staff); };
    s.presence_changed = [this](std::int64_t id, bool online) {
        asio::post(io_, [this, id, online] {
            if (!stopping_) asio::co_spawn(io_, announce_presence(id, online), asio::detached);
        });
    };
    return s;
}

asio::awaitable<void> server_app::announce_presence(std::int64_t id, bool online) {
    const auto now = clock_.now();
    auto work = [this, id, online, now](db::tx& t) {
        desk_.presence_changed(t, id, now);
        json who;
        try {
            who = staff::view(t, id, [online](std::int64_t) { return online; });
        } catch (const error&) {
            return; // the account is gone
        }
        event::entry e;
        e.type = "presence";
        e.at = now;
        e.who = event::audience::people;
        e.data = dump(
            {{"staff_id", who["staff_id"]}, {"name", who["name"]}, {"availability", who["availability"]}});
        std::vector<event::entry> batch{std::move(e)};
        event::append(t, batch);
    };
    try {
        co_await pool_.run(std::move(work));
    } catch (const std::exception& e) {
        spdlog::warn("presence of {}: {}", format_id("STF", id), e.what());
    }
}

asio::awaitable<void> server_app::keep_presence() {
    asio::steady_timer pause(io_);
    while (!stopping_) {
        try {
            auto renew = [this, now = clock_.now()](db::tx& t) { desk_.renew_presence(t, now); };
            co_await pool_.run(std::move(renew));
        } catch (const std::exception& e) {
            spdlog::warn("renewing presence: {}", e.what());
        }
        pause.expires_after(routing::desk::renewal);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

void server_app::count_soon() {
    if (counting_soon_.exchange(true)) return;
    asio::post(io_, [this] {
        if (!stopping_) asio::co_spawn(io_, count_queue(), asio::detached);
    });
}

asio::awaitable<void> server_app::count_queue() {
    asio::steady_timer pause(io_);
    pause.expires_after(200ms); // one count for a burst of changes
    co_await pause.async_wait(asio::use_awaitable);
    counting_soon_ = false;
    try {
        const auto now = clock_.now();
        const auto day = start_of_day(now, settings_.time_zone);
        auto count = [now, day](db::tx& t) { return conversation::count_groups(t, day, now); };
        auto groups = co_await pool_.run(std::move(count));
        hub_.publish_each("queue.update", [groups = std::move(groups)](const principal& who) {
            return conversation::queue_summary(groups, who);
        });
        if (!hub_.serves_customers()) co_return;
        auto look = [now](db::tx& t) { return read_places(t, now); };
        auto places = co_await pool_.run(std::move(look));
        hub_.publish_places(std::move(places));
    } catch (const std::exception& e) {
        spdlog::warn("counting the queue: {}", e.what());
    }
}

} // namespace chat_centre::app
