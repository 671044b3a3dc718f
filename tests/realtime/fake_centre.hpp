#pragma once
// Everything the hub asks of the rest, in memory: tokens, rights, an event log, conversations.
//
// Tokens: "admin-1", "manager-2", "agent-3" (departments 7 and 8), "engineer-4", "customer-12", "key". Thread-safe.

#include "builders.hpp"
#include "loopback_server.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace chat_centre::test {

constexpr std::int64_t silent_staff = 99; // looks on without being shown

class fake_centre {
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

public:
    explicit fake_centre(realtime::options o = {}, std::vector<realtime::dialect> dialects = {})
        : hub_(o, services_of_fake(), system_clock_source()) {
        for (auto& d : dialects) hub_.learn(std::move(d));
        hub_.start();
        server_ = std::make_unique<loopback_server>(hub_);
    }
    ~fake_centre() {
        hub_.stop(std::chrono::seconds(2));
        pool_.join(); // before the hub, as the application does it
        server_.reset();
    }
    fake_centre(const fake_centre&) = delete;
    fake_centre& operator=(const fake_centre&) = delete;

    realtime::hub& hub() { return hub_; }
    unsigned short port() const { return server_->port(); }

    void conversation(std::int64_t id, event::scope where) {
        const std::lock_guard lock(mutex_);
        conversations_[id] = where;
    }
    // Appends and publishes as one batch, as a commit does.
    std::int64_t append(std::vector<event::entry> batch) {
        const std::lock_guard lock(mutex_);
        for (auto& e : batch) {
            e.id = static_cast<std::int64_t>(log_.size()) + 1;
            if (e.type == "conversation.update") conversations_[e.conversation] = e.now;
            log_.push_back(e);
        }
        hub_.publish(std::make_shared<const std::vector<event::entry>>(std::move(batch)));
        return static_cast<std::int64_t>(log_.size());
    }
    std::int64_t append(event::entry e) { return append(std::vector<event::entry>{std::move(e)}); }
    std::vector<event::entry> log() const {
        const std::lock_guard lock(mutex_);
        return log_;
    }
    void forget_before(std::int64_t id) { oldest_ = id; }
    void change(std::int64_t staff, std::optional<principal> rights) {
        {
            const std::lock_guard lock(mutex_);
            changed_[staff] = std::move(rights);
        }
        hub_.access_changed(staff, "");
    }
    std::vector<std::pair<std::int64_t, bool>> presence() const {
        const std::lock_guard lock(mutex_);
        return presence_;
    }

    std::atomic<int> page_size{40};
    std::atomic<bool> replay_fails{false};
    std::atomic<int> delay_up_to_us{0}; // of every answer
    std::atomic<int> posting{0}, most_posting{0};

private:
    static principal principal_of(std::string_view token) {
        const auto dash = token.find('-');
        const std::string kind(token.substr(0, dash));
        const std::int64_t id =
            dash == std::string_view::npos ? 0 : std::atoll(std::string(token.substr(dash + 1)).c_str());
        if (kind == "admin") return staff_member(role::admin, id);
        if (kind == "manager") return staff_member(role::manager, id);
        if (kind == "agent") return staff_member(role::agent, id, {7, 8});
        if (kind == "engineer") return staff_member(role::engineer, id);
        if (kind == "customer") return customer_of(id);
        if (kind == "key") {
            principal p;
            p.kind = caller::api_key;
            return p;
        }
        throw error::unauthorized("This token is not valid.");
    }

    awaitable<void> elsewhere() {
        int delay = 0;
        {
            const std::lock_guard lock(mutex_);
            if (delay_up_to_us > 0)
                delay = static_cast<int>(random_() % static_cast<unsigned>(delay_up_to_us));
        }
        // A moment on another thread, and back on the caller's executor.
        co_await boost::asio::post(pool_, boost::asio::use_awaitable);
        if (delay > 0) {
            boost::asio::steady_timer pause(pool_, std::chrono::microseconds(delay));
            co_await pause.async_wait(boost::asio::use_awaitable);
        }
    }
    awaitable<bool> may_see(principal who, std::int64_t id) {
        co_await elsewhere();
        const std::lock_guard lock(mutex_);
        const auto it = conversations_.find(id);
        co_return it != conversations_.end() && realtime::may_see(who, it->second);
    }
    awaitable<std::optional<realtime::services::page>> replay(principal, std::int64_t after) {
        co_await elsewhere();
        if (replay_fails) throw error::unavailable("The database is away.");
        const std::lock_guard lock(mutex_);
        const auto head = static_cast<std::int64_t>(log_.size());
        if (after > head || after < oldest_ - 1) co_return std::nullopt;
        realtime::services::page p;
        p.reached = std::min(head, after + page_size);
        p.events.assign(log_.begin() + after, log_.begin() + p.reached);
        co_return p;
    }
    awaitable<std::string> post_message(principal who, std::int64_t id, std::string text,
                                        std::string client_id) {
        most_posting = std::max(most_posting.load(), ++posting);
        co_await elsewhere();
        --posting;
        if (text == "conflict") throw error::conflict("Bob has this conversation.");
        if (text == "break") throw std::runtime_error("broken");
        auto e = message_event(id, {who.staff, 7, false}, text);
        append(e);
        co_return dump({{"message", text}, {"client_message_id", client_id}});
    }

    realtime::services services_of_fake() {
        realtime::services s;
        s.authenticate = [](const http::request& r) {
            std::string_view token = r.header("authorization");
            if (token.starts_with("Bearer ")) return principal_of(token.substr(7));
            token = r.header("sec-websocket-protocol");
            const auto at = token.find("bearer.");
            if (at == std::string_view::npos) return principal{};
            token = token.substr(at + 7);
            return principal_of(token.substr(0, token.find(',')));
        };
        s.authenticate_token = [](const std::string& token) { return principal_of(token); };
        s.refresh = [this](const principal& p) -> std::optional<principal> {
            const std::lock_guard lock(mutex_);
            const auto it = changed_.find(p.staff);
            return it == changed_.end() ? p : it->second;
        };
        s.may_see = [this](principal p, std::int64_t id) { return may_see(std::move(p), id); };
        s.replay = [this](principal p, std::int64_t after) { return replay(std::move(p), after); };
        s.post_message = [this](principal p, std::int64_t id, std::string text, std::string client_id) {
            return post_message(std::move(p), id, std::move(text), std::move(client_id));
        };
        s.silent = [](std::int64_t staff, std::int64_t) { return staff == silent_staff; };
        s.head = [this] {
            const std::lock_guard lock(mutex_);
            return static_cast<std::int64_t>(log_.size());
        };
        s.presence_changed = [this](std::int64_t staff, bool online) {
            const std::lock_guard lock(mutex_);
            presence_.emplace_back(staff, online);
        };
        return s;
    }

    mutable std::mutex mutex_;
    std::vector<event::entry> log_;
    std::atomic<std::int64_t> oldest_{1};
    std::map<std::int64_t, event::scope> conversations_;
    std::map<std::int64_t, std::optional<principal>> changed_;
    std::vector<std::pair<std::int64_t, bool>> presence_;
    std::mt19937 random_{5};
    boost::asio::thread_pool pool_{2};
    realtime::hub hub_;
    std::unique_ptr<loopback_server> server_;
};

} // namespace chat_centre::test
