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

} // namespace

struct follower::impl {
    impl(db::settings s, std::string n, std::vector<std::string> t, handler h)
        : settings(std::move(s)), name(std::move(n)), types(std::move(t)), handle(std::move(h)) {
        settings.application_name = "chat-centre " + name;
    }

    void loop() {
        bool failing = false;
        while (!stopping) {
            bool more = false;
            try {
                if (!connection) {
                    connection = db::connect(settings);
                    connection->transact([this](db::tx& t) { t.exec(sql::follower_create, name); });
                }
                connection->transact([&](db::tx& t) { more = step(t); });
                failing = false;
            } catch (const std::exception& e) {
                if (!failing) spdlog::warn("follower {}: {}; trying again", name, e.what());
                failing = true;
                connection.reset();
            }
            if (more) continue;
            std::unique_lock lock(sleep);
            // Another process may have written what is for us, so look now and then even when nobody wakes us.
            wake.wait_for(lock, failing ? 500ms : 1000ms, [this] { return stopping || woken; });
            woken = false;
        }
    }

    bool step(db::tx& t) {
        const auto at = t.scalar<std::int64_t>(sql::follower_position, name);
        const auto found = read_internal(t, at, types, page);
        if (found.empty()) {
            position = at;
            return false;
        }
        t.exec(sql::follower_advance, name, found.back().id);
        handle(t, found); // may append events, and that must come last in a transaction
        t.after_commit([this, reached = found.back().id] { position = reached; });
        return static_cast<int>(found.size()) == page;
    }

    db::settings settings;
    std::string name;
    std::vector<std::string> types;
    handler handle;
    std::unique_ptr<db::connection> connection;
    std::atomic<std::int64_t> position{0};
    std::mutex sleep;
    std::condition_variable wake;
    bool woken = false;
    std::atomic<bool> stopping{false};
    std::thread thread;
};

follower::follower(db::settings s, std::string name, std::vector<std::string> types, handler h)
    : impl_(std::make_unique<impl>(std::move(s), std::move(name), std::move(types), std::move(h))) {}
follower::~follower() { stop(); }

void follower::start() {
    impl_->thread = std::thread([this] { impl_->loop(); });
}

void follower::notice(const entries& batch) {
    const auto& types = impl_->types;
    const bool ours = std::any_of(batch->begin(), batch->end(), [&types](const entry& e) {
        return e.who == audience::internal && std::find(types.begin(), types.end(), e.type) != types.end();
    });
    if (!ours) return;
    {
        const std::lock_guard lock(impl_->sleep);
        impl_->woken = true;
    }
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
