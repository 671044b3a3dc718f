#include <chat_centre/event/relay.hpp>

#include <chat_centre/base/clock.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace chat_centre::event {
namespace {

using namespace std::chrono_literals;
constexpr const char* channel = "chat_centre_event";
constexpr int most_at_once = 1000;
constexpr auto own_commit_patience = 1ms;                 // what an event of another process may wait in vain
constexpr std::chrono::milliseconds longest_wait = 250ms; // what a lost notification costs
constexpr std::chrono::milliseconds shortest_wait =
    5ms;                         // the same while another process writes: it does not notify each time
constexpr auto alone_after = 1s; // without an event from elsewhere

} // namespace

struct relay::impl {
    explicit impl(db::settings s) : settings(std::move(s)) {
        settings.application_name = "chat-centre relay";
    }

    // Delivers what continues the sequence; the rest is left for the reader thread.
    bool deliver(const entries& batch) {
        if (batch->empty()) return true;
        const std::lock_guard lock(order);
        if (batch->back().id <= head) return true;
        if (batch->front().id != head + 1) return false;
        head = batch->back().id;
        for (const auto& s : sinks) s(batch);
        advanced.notify_all();
        return true;
    }

    void follow() {
        bool failing = false;
        auto limit = longest_wait;
        while (!stopping) {
            try {
                if (!connection) {
                    connection = db::connect(settings);
                    connection->listen(channel);
                }
                limit = catch_up() ? shortest_wait : std::min(longest_wait, limit * 2);
                failing = false;
                // A lost notification costs at most this wait; the table is the truth.
                while (connection->wait_notification(kicked.exchange(false) ? 0ms : limit) && known_already()) {
                }
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("event relay: {}; trying again", e.what());
                failing = true;
                connection.reset();
                std::unique_lock lock(sleep);
                wake.wait_for(lock, 300ms, [this] { return stopping.load(); });
            }
        }
    }

    // Most notifications are of this process's own commits, which it delivers by itself in the same moment: no need to
    // look.
    bool known_already() {
        const std::string payload = connection->notification(); // the newest id at that commit
        std::int64_t id = 0;
        const auto [end, failed] = std::from_chars(payload.data(), payload.data() + payload.size(), id);
        if (failed != std::errc{} || payload.empty() || stopping) return false;
        std::unique_lock lock(order);
        return advanced.wait_for(lock, own_commit_patience, [&] { return id <= head; });
    }

    // True when it found what this process had not delivered by itself.
    bool catch_up() {
        bool found_any = false;
        while (!stopping) {
            std::int64_t from = 0;
            {
                const std::lock_guard lock(order);
                from = head;
            }
            auto found = std::make_shared<std::vector<entry>>();
            connection->transact([&](db::tx& t) { *found = read(t, from, most_at_once); });
            if (found->empty()) break;
            // A writer of this process may have delivered the first of these meanwhile.
            {
                const std::lock_guard lock(order);
                const auto known = head;
                std::erase_if(*found, [known](const entry& e) { return e.id <= known; });
            }
            if (!found->empty()) {
                found_any = true;
                elsewhere_at = system_clock_source().steady();
            }
            deliver(found);
        }
        return found_any;
    }

    bool should_notify() {
        const auto now = system_clock_source().steady();
        if (now - elsewhere_at.load() > alone_after && now - notified_at < shortest_wait) return false;
        notified_at = now;
        return true;
    }

    db::settings settings;
    std::vector<sink> sinks;
    mutable std::mutex order; // held while delivering: sinks see one batch at a time, in order
    std::int64_t head = 0;
    std::condition_variable advanced; // head has
    std::unique_ptr<db::connection> connection;
    std::atomic<std::chrono::steady_clock::time_point> elsewhere_at{}; // the last event of another writer
    std::chrono::steady_clock::time_point notified_at;                 // the writer's thread only
    std::atomic<bool> stopping{false};
    std::atomic<bool> kicked{false};
    std::mutex sleep;
    std::condition_variable wake;
    std::thread thread;
};

relay::relay(db::settings s) : impl_(std::make_unique<impl>(std::move(s))) {}
relay::~relay() { stop(); }

void relay::subscribe(sink s) { impl_->sinks.push_back(std::move(s)); }

void relay::start() {
    impl_->connection = db::connect(impl_->settings);
    impl_->connection->listen(channel);
    impl_->connection->transact([this](db::tx& t) { impl_->head = event::head(t); });
    impl_->thread = std::thread([this] { impl_->follow(); });
}

void relay::stop() {
    impl_->stopping = true;
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

void relay::committed(entries batch) {
    if (!impl_->deliver(batch)) kick();
}

void relay::kick() { impl_->kicked = true; }

bool relay::should_notify() { return impl_->should_notify(); }

std::int64_t relay::head() const {
    const std::lock_guard lock(impl_->order);
    return impl_->head;
}

} // namespace chat_centre::event
