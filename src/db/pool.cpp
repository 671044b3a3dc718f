#include <chat_centre/db/pool.hpp>

#include "db/run_transaction.hpp"
#include "db/session.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/error.hpp>

#include <spdlog/spdlog.h>

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace chat_centre::db {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr int max_tries = 5;

// After a failed attempt to connect, work is refused at once for this long: a queue of a thousand must not wait for
// a thousand time-outs.
constexpr auto pause_after_failure = 250ms;

// Before try number n + 1: 2, 4, 8, 16 ms, of which a random half, so that rivals do not meet again.
std::chrono::microseconds backoff(int n) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto limit = std::chrono::microseconds(2ms) * (1 << (n - 1));
    return limit / 2 + std::chrono::microseconds(
                           std::uniform_int_distribution<std::int64_t>(0, limit.count() / 2)(random));
}

error unreachable() {
    return error::unavailable("The database cannot be reached at the moment. Try again shortly.");
}

// What the server's refusal means to a caller; nothing when it is for the caller to judge.
std::optional<error> as_unavailable(const failure& f) {
    if (f.sqlstate() == "57014" || f.sqlstate() == "55P03") {
        return error::unavailable("The database took too long. Try again shortly.");
    }
    if (f.retryable())
        return error::unavailable("Too many changes at once in the same place. Try again shortly.");
    if (f.sqlstate().starts_with("53"))
        return error::unavailable("The database is out of resources. Try again later.");
    return std::nullopt;
}

} // namespace

struct pool::impl {
    struct task {
        std::function<void(tx&)> work;
        std::function<void(std::exception_ptr)> done;
    };

    impl(settings s, std::string n, std::size_t limit)
        : options(std::move(s)), name(std::move(n)), max_waiting(limit) {}

    // Takes it over, or says why not.
    const char* accept(task& t) {
        {
            const std::lock_guard lock(mutex);
            if (stopping) return "The service is stopping.";
            if (queue.size() >= max_waiting)
                return "Too much is waiting for the database. Try again shortly.";
            queue.push_back(std::move(t));
        }
        wake.notify_one();
        return nullptr;
    }

    void serve() {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); // 15: the kernel's limit
        session own(options);
        while (true) {
            task t;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return stopping || !queue.empty(); });
                if (queue.empty()) return;
                t = std::move(queue.front());
                queue.pop_front();
            }
            std::exception_ptr failed = attempt(own, t.work);
            t.work = nullptr; // what it captured belongs to the caller's thread: none of it may end here
            t.done(std::move(failed));
        }
    }

    std::exception_ptr attempt(session& s, const std::function<void(tx&)>& work) {
        try {
            if (!s.is_open() && system_clock_source().steady() < closed_until.load()) throw unreachable();
            with_retries(s, work);
            healthy = true;
            return nullptr;
        } catch (const connection_lost& e) {
            spdlog::warn("{}: {}", name, e.what());
            healthy = false;
            closed_until = system_clock_source().steady() + pause_after_failure;
            return std::make_exception_ptr(unreachable());
        } catch (const failure& f) {
            healthy = true;
            const auto unavailable = as_unavailable(f);
            if (!unavailable) return std::current_exception();
            spdlog::warn("{}: {}", name, f.what());
            return std::make_exception_ptr(*unavailable);
        } catch (...) {
            return std::current_exception();
        }
    }

    void with_retries(session& s, const std::function<void(tx&)>& work) {
        for (int n = 1;; ++n) {
            try {
                return run_transaction(s, work);
            } catch (const failure& f) {
                if (!f.retryable() || n == max_tries) throw;
                spdlog::debug("{}: try {} of {}: {}", name, n, max_tries, f.what());
            }
            std::this_thread::sleep_for(backoff(n));
        }
    }

    const settings options;
    const std::string name;
    const std::size_t max_waiting;

    mutable std::mutex mutex; // queue, stopping
    std::condition_variable wake;
    std::deque<task> queue;
    bool stopping = false;

    std::atomic<bool> healthy = true;
    std::atomic<steady_clock::time_point> closed_until = steady_clock::time_point::min();

    std::mutex joining;
    std::vector<std::thread> threads;
};

pool::pool(settings s, std::string name, std::size_t threads, std::size_t max_waiting)
    : impl_(std::make_unique<impl>(std::move(s), std::move(name), max_waiting)) {
    impl_->threads.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) impl_->threads.emplace_back([p = impl_.get()] { p->serve(); });
}

pool::~pool() { stop(); }

bool pool::healthy() const noexcept { return impl_->healthy; }

std::size_t pool::waiting() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->queue.size();
}

void pool::stop() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    const std::lock_guard lock(impl_->joining);
    for (auto& t : impl_->threads) t.join();
    impl_->threads.clear();
}

void pool::submit(std::function<void(tx&)> work, std::function<void(std::exception_ptr)> done) {
    impl::task t{std::move(work), std::move(done)};
    if (const char* refusal = impl_->accept(t)) t.done(std::make_exception_ptr(error::unavailable(refusal)));
}

void pool::execute_blocking(const std::function<void(tx&)>& work) {
    struct outcome {
        std::mutex mutex;
        std::condition_variable known;
        bool finished = false;
        std::exception_ptr failed;
    };
    // Shared: the pool's thread may still be inside notify_one() when this one goes on.
    const auto shared = std::make_shared<outcome>();
    submit(work, [shared](std::exception_ptr failed) {
        const std::lock_guard lock(shared->mutex);
        shared->failed = std::move(failed);
        shared->finished = true;
        shared->known.notify_one();
    });
    std::unique_lock lock(shared->mutex);
    shared->known.wait(lock, [&] { return shared->finished; });
    if (shared->failed) std::rethrow_exception(std::move(shared->failed));
}

} // namespace chat_centre::db
