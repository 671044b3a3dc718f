#include <chat_centre/event/relay.hpp>

#include "event/queries.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace chat_centre::event {
namespace {

using namespace std::chrono_literals;
constexpr int page = 200;
constexpr std::int64_t span = 1000;  // ids of public events looked at in one transaction
constexpr auto public_pause = 20ms;  // public events are many: a batch of them costs little more than one
constexpr auto others_first = 10ms;  // see pace
constexpr auto look_anyway = 1000ms; // another process may have written what is for us
// A page may touch many conversations, and while it waits for one it holds the others, which the append lane may want:
// the two would wait for each other until PostgreSQL's deadlock check, a second later. So a follower gives way soon, and
// comes back with one event, whose transaction holds nothing while it waits.
constexpr auto patience = 50ms;
constexpr auto after_giving_way = 5ms;

bool gave_way(const db::failure& f) { return f.sqlstate() == "55P03" || f.retryable(); }

} // namespace

struct follower::impl {
    impl(db::settings s, std::string n, std::vector<std::string> t, wish w, handler h)
        : settings(std::move(s)), name(std::move(n)), types(std::move(t)), wanted(std::move(w)),
          handle(std::move(h)) {
        settings.application_name = "chat-centre " + name;
        settings.lock_timeout = patience;
        // Where a follower is and what it did are one transaction: what a crash of the machine takes is done again, and
        // whoever waits for a flush waits for one fewer. Events, which others see at once, ask for the flush themselves
        // (event.append).
        settings.synchronous_commit = false;
    }

    void loop() {
        bool failing = false;
        while (!stopping) {
            bool more = false;
            try {
                if (!connection) open();
                connection->transact([&](db::tx& t) { more = wanted ? step_public(t) : step_internal(t); });
                failing = false;
                at_once = std::min(at_once * 2, page);
            } catch (const db::failure& f) {
                if (!gave_way(f)) {
                    if (!failing) spdlog::warn("follower {}: {}; trying again", name, f.what());
                    failing = true;
                    connection.reset();
                } else {
                    at_once = 1;
                    std::this_thread::sleep_for(after_giving_way);
                    more = true;
                }
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("follower {}: {}; trying again", name, e.what());
                failing = true;
                connection.reset();
            }
            if (more) continue;
            std::unique_lock lock(sleep);
            if (wanted) wake.wait_for(lock, public_pause, [this] { return stopping.load(); });
            wake.wait_for(lock, failing ? 500ms : look_anyway, [this] { return stopping || woken; });
            if (pace == follower::pace::calm && !wanted)
                wake.wait_for(lock, others_first, [this] { return stopping.load(); });
            woken = false;
        }
    }

    void open() {
        connection = db::connect(settings);
        connection->transact([this](db::tx& t) { t.exec(sql::follower_create, name); });
    }

    bool step_internal(db::tx& t) {
        const auto at = t.scalar<std::int64_t>(sql::follower_position, name);
        const auto found = read_internal(t, at, types, at_once);
        if (found.empty()) {
            position = at;
            return false;
        }
        t.exec(sql::follower_advance, name, found.back().id);
        handle(t, found); // may append events, and that must come last in a transaction
        t.after_commit([this, reached = found.back().id] { position = reached; });
        return static_cast<int>(found.size()) == at_once;
    }

    bool step_public(db::tx& t) {
        const auto at = t.scalar<std::int64_t>(sql::follower_position, name);
        // The head first: whoever begins to want something after the next statement wants what comes after this head.
        const auto newest = head(t);
        const auto now_wanted = wanted(t);
        {
            const std::lock_guard lock(sleep);
            types = now_wanted;
        }
        const auto reached = now_wanted.empty() ? newest : std::min(newest, at + span * at_once / page);
        const auto found = reached > at && !now_wanted.empty() ? read_public(t, at, reached, now_wanted)
                                                               : std::vector<entry>{};
        // Moving on is a write: not for every few events that nobody wants.
        const bool move = !found.empty() || reached - at >= span * at_once / page;
        if (move) t.exec(sql::follower_advance, name, reached);
        if (!found.empty()) handle(t, found);
        t.after_commit([this, to = move ? reached : at] { position = to; });
        return reached < newest;
    }

    db::settings settings;
    std::string name;
    std::vector<std::string> types; // guarded by `sleep` when `wanted` is set
    wish wanted;
    handler handle;
    std::unique_ptr<db::connection> connection;
    follower::pace pace = follower::pace::calm;
    std::atomic<std::int64_t> position{0};
    int at_once = page; // of its own thread
    std::mutex sleep;
    std::condition_variable wake;
    bool woken = false;
    std::atomic<bool> stopping{false};
    std::thread thread;
};

follower::follower(db::settings s, std::string name, std::vector<std::string> types, handler h, pace p)
    : impl_(std::make_unique<impl>(std::move(s), std::move(name), std::move(types), nullptr, std::move(h))) {
    impl_->pace = p;
}
follower::follower(db::settings s, std::string name, wish wanted, handler h)
    : impl_(std::make_unique<impl>(std::move(s), std::move(name), std::vector<std::string>{},
                                   std::move(wanted), std::move(h))) {}
follower::~follower() { stop(); }

void follower::start() {
    // What happens after start() is to be followed, also by a follower that has just been invented.
    try {
        impl_->open();
    } catch (const std::exception& e) {
        spdlog::warn("follower {}: {}; trying again", impl_->name, e.what());
        impl_->connection.reset();
    }
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void follower::notice(const entries& batch) {
    const bool internal = !impl_->wanted;
    std::unique_lock lock(impl_->sleep, std::defer_lock);
    if (!internal) lock.lock(); // the types of an internal follower never change
    const auto& types = impl_->types;
    if (types.empty() || (!internal && impl_->woken)) return;
    const bool ours = std::any_of(batch->begin(), batch->end(), [&](const entry& e) {
        return (e.who == audience::internal) == internal &&
               std::find(types.begin(), types.end(), e.type) != types.end();
    });
    if (!ours) return;
    if (internal) lock.lock();
    impl_->woken = true;
    lock.unlock();
    impl_->wake.notify_one();
}

void follower::stop() {
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

std::int64_t follower::cursor() const { return impl_->position; }

} // namespace chat_centre::event
