#include <chat_centre/auth/passwords.hpp>

#include <chat_centre/base/error.hpp>
#include <chat_centre/base/ids.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <functional>

namespace chat_centre::auth {

struct password_pool::impl {
    impl(std::size_t threads, std::size_t max_waiting) : room(threads + max_waiting), workers(threads) {}

    const std::size_t room;
    std::atomic<std::size_t> taken{0};
    const std::string dummy = hash_password(generate_password());
    boost::asio::thread_pool workers; // last: its threads are joined before the rest goes

    template <class Result>
    boost::asio::awaitable<Result> run(std::function<Result()> work) {
        if (taken.fetch_add(1) >= room) {
            taken.fetch_sub(1);
            throw error::unavailable("Too many people are signing in at this moment. Try again in a second.");
        }
        auto result = std::make_shared<std::optional<Result>>();
        auto initiate = [this, result, work = std::move(work)](auto handler) mutable {
            auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            boost::asio::post(workers, [this, kept, result, work = std::move(work)] {
                std::exception_ptr failed;
                try {
                    result->emplace(work());
                } catch (...) {
                    failed = std::current_exception();
                }
                taken.fetch_sub(1);
                auto executor = boost::asio::get_associated_executor(*kept);
                boost::asio::post(executor, [kept, failed] { (*kept)(failed); });
            });
        };
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(std::exception_ptr)>(
            initiate, boost::asio::use_awaitable);
        co_return std::move(**result);
    }
};

password_pool::password_pool(std::size_t threads, std::size_t max_waiting)
    : impl_(std::make_unique<impl>(threads, max_waiting)) {}

password_pool::~password_pool() { impl_->workers.join(); }

boost::asio::awaitable<std::string> password_pool::hash(std::string password) {
    std::function<std::string()> work = [password = std::move(password)] { return hash_password(password); };
    co_return co_await impl_->run(std::move(work));
}

boost::asio::awaitable<password_verdict> password_pool::verify(std::string hash, std::string password) {
    const bool known = !hash.empty();
    if (!known) hash = impl_->dummy;
    std::function<password_verdict()> work = [known, hash = std::move(hash), password = std::move(password)] {
        const auto verdict = verify_password(hash, password);
        return known ? verdict : password_verdict{};
    };
    co_return co_await impl_->run(std::move(work));
}

} // namespace chat_centre::auth
