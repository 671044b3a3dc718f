#pragma once
// N threads, one connection each, one bounded queue. The I/O thread hands a closure over db::tx& to run() and
// awaits it; the closure runs inside BEGIN..COMMIT, is retried on serialization failure and deadlock
// (SQLSTATE 40001, 40P01) only, and its result or exception arrives back on the caller's executor.
//
// A full queue, a statement over its time limit or a broken connection surfaces as error 503.
// stop() finishes what is queued, then joins. Destroy only after stop().

#include <chat_centre/db/tx.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace chat_centre::db {

struct settings {
    std::string url;                                        // libpq connection string or URI
    std::string application_name = "chat-centre";
    std::chrono::milliseconds statement_timeout{5000};      // 0: none
    std::chrono::milliseconds lock_timeout{2000};           // 0: none
    bool synchronous_commit = true;                         // invariant 1: only reports may switch it off
};

// A connection of its own for one long-lived thread (the append lane, the relay). Not thread-safe.
class connection {
public:
    virtual ~connection() = default;
    // BEGIN, work, COMMIT; reconnects first when the connection is broken. No retry of any kind.
    // Throws failure, connection_lost, or what work throws (after ROLLBACK).
    virtual void transact(const std::function<void(tx&)>& work) = 0;
    virtual void listen(const std::string& channel) = 0;
    // Waits for a notification at most this long; true when one came. Throws connection_lost.
    virtual bool wait_notification(std::chrono::milliseconds limit) = 0;
};
std::unique_ptr<connection> connect(const settings& s); // throws connection_lost

class pool {
public:
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

    // False after the last attempt to reach PostgreSQL failed; for /health/ready.
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
            submit([shared](tx& t) { shared->value.emplace(shared->work(t)); },
                   [kept](std::exception_ptr failed) {
                       auto executor = boost::asio::get_associated_executor(*kept);
                       boost::asio::post(executor, [kept, failed]() mutable { (*kept)(failed); });
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
