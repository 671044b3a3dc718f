#include <chat_centre/conversation/reply_waiter.hpp>

#include "conversation/store.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <map>
#include <mutex>

namespace chat_centre::conversation {
namespace asio = boost::asio;

struct reply_waiter::impl {
    struct waiter {
        explicit waiter(const asio::any_io_executor& where) : alarm(where) {}
        asio::steady_timer alarm;
        bool woken = false; // touched on the waiter's executor only
    };

    impl(db::pool& p, std::size_t m) : pool(p), most(m) {}

    void wake(std::int64_t conversation) {
        std::lock_guard lock(guard);
        const auto [first, last] = waiting.equal_range(conversation);
        for (auto it = first; it != last; ++it)
            asio::dispatch(it->second->alarm.get_executor(), [w = it->second] {
                w->woken = true;
                w->alarm.cancel();
            });
    }

    db::pool& pool;
    std::size_t most;
    std::atomic<std::size_t> count{0};
    std::mutex guard;
    std::multimap<std::int64_t, std::shared_ptr<waiter>> waiting;
};

reply_waiter::reply_waiter(db::pool& pool, std::size_t most) : impl_(std::make_shared<impl>(pool, most)) {}
reply_waiter::~reply_waiter() = default;

void reply_waiter::receive(const event::entries& batch) {
    if (impl_->count.load() == 0) return;
    for (const auto& e : *batch)
        if (e.type == "message.new") impl_->wake(e.conversation);
}

asio::awaitable<std::optional<stored_message>> reply_waiter::reply_to(std::int64_t conversation, int seq,
                                                                      std::chrono::milliseconds limit) {
    const asio::any_io_executor here = co_await asio::this_coro::executor;
    const auto me = std::make_shared<impl::waiter>(here);
    struct registration { // also when the coroutine is destroyed in its sleep
        std::shared_ptr<impl> in;
        std::multimap<std::int64_t, std::shared_ptr<impl::waiter>>::iterator at;
        bool entered = false;
        registration(std::shared_ptr<impl> i, std::int64_t id, const std::shared_ptr<impl::waiter>& w)
            : in(std::move(i)) {
            std::lock_guard lock(in->guard);
            if (in->waiting.size() >= in->most) return;
            at = in->waiting.emplace(id, w);
            in->count = in->waiting.size();
            entered = true;
        }
        ~registration() {
            if (!entered) return;
            std::lock_guard lock(in->guard);
            in->waiting.erase(at);
            in->count = in->waiting.size();
        }
        registration(const registration&) = delete;
        registration& operator=(const registration&) = delete;
    };
    const registration listed(impl_, conversation, me);
    if (!listed.entered) co_return std::nullopt;

    const auto until = std::chrono::steady_clock::now() + limit;
    while (true) {
        // Listed first, then read: what is stored between the two wakes us.
        me->woken = false;
        auto look = [conversation, seq](db::tx& t) { return find_reply(t, conversation, seq); };
        auto found = co_await impl_->pool.run(std::move(look));
        if (found || std::chrono::steady_clock::now() >= until) co_return found;
        if (me->woken) continue;
        me->alarm.expires_at(until);
        boost::system::error_code ignored;
        co_await me->alarm.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

} // namespace chat_centre::conversation
