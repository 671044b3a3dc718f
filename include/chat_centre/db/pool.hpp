#pragma once
// N threads, one connection each, one bounded queue. The I/O thread hands a closure over db::tx& to run() and
// awaits it; the closure runs inside BEGIN..COMMIT, is retried on serialization failure and deadlock
// (SQLSTATE 40001, 40P01) only, at most 5 times in all, and its result or exception arrives back on the caller's
// executor. As it may run more than once it must leave its captures as they were.
//
// Error 503 stands for: a full queue, a stopped pool, a statement or lock over its time limit, a conflict that
// outlived the retries, a server out of resources (class 53), a connection that broke or cannot be made. A connection
// that broke inside COMMIT leaves unknown whether the work was stored; it is not run again. Any other refusal by the
// server stays db::failure.
//
// stop() finishes what is queued, then joins; the destructor calls it. Every member may be called from any thread
// but the pool's own.

#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace chat_centre::db {

class pool {
public:
    // name: of the threads and in the log. max_waiting: pieces of work beyond those that threads are busy with.
    // Connects on first use, so it can be built before PostgreSQL is up.
    pool(settings s, std::string name, std::size_t threads, std::size_t max_waiting = 1024);
    ~pool();
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    // Awaits work(tx). Value returned by value; work must be copyable.
    template <class F>
    auto run(F work) -> boost::asio::awaitable<std::invoke_result_t<F&, tx&>> {
        using result = std::invoke_result_t<F&, tx&>;
        if constexpr (std::is_void_v<result>) {
            auto wrapped = [work = std::move(work)](tx& t) mutable -> bool {
                work(t);
                return true;
            };
            co_await run_value(std::move(wrapped));
        } else {
            co_return co_await run_value(std::move(work));
        }
    }

    // The same for a caller that may block: start-up, commands, tests.
    template <class F>
    auto run_blocking(F work) -> std::invoke_result_t<F&, tx&> {
        using result = std::invoke_result_t<F&, tx&>;
        if constexpr (std::is_void_v<result>) {
            execute_blocking([&](tx& t) { work(t); });
        } else {
            std::optional<result> out;
            execute_blocking([&](tx& t) { out.emplace(work(t)); });
            return std::move(*out);
        }
    }

    // False while the last attempt to reach PostgreSQL failed; for /health/ready.
    bool healthy() const noexcept;
    std::size_t waiting() const;
    void stop();

private:
    // Runs work on a pool thread with retries; done(exception or null) is called on that thread.
    void submit(std::function<void(tx&)> work, std::function<void(std::exception_ptr)> done);
    void execute_blocking(const std::function<void(tx&)>& work);

    template <class F>
    auto run_value(F work) -> boost::asio::awaitable<std::invoke_result_t<F&, tx&>> {
        using result = std::invoke_result_t<F&, tx&>;
        struct state {
            explicit state(F w) : work(std::move(w)) {}
            F work;
            std::optional<result> value;
        };
        auto shared = std::make_shared<state>(std::move(work));
        auto initiate = [this, shared](auto handler) {
            using handler_type = decltype(handler);
            auto kept = std::make_shared<handler_type>(std::move(handler));
            // Without the guard run() of an otherwise idle io_context returns while the work is under way.
            auto executor = boost::asio::get_associated_executor(*kept);
            auto guard = std::make_shared<boost::asio::executor_work_guard<decltype(executor)>>(executor);
            submit([shared](tx& t) { shared->value.emplace(shared->work(t)); },
                   [kept, guard](std::exception_ptr failed) {
                       boost::asio::post(guard->get_executor(), [kept, guard, failed = std::move(failed)] {
                           guard->reset();
                           auto resume = std::move(*kept);
                           resume(failed);
                       });
                   });
        };
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(std::exception_ptr)>(
            initiate, boost::asio::use_awaitable);
        co_return std::move(*shared->value);
    }

    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::db
