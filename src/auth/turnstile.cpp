#include "auth/turnstile.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chat_centre::auth {

struct turnstile::line {
    explicit line(const boost::asio::any_io_executor& io)
        : turn(io, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer turn; // never fires: cancel_one() lets the next one in
    std::size_t waiting = 0;
};

struct turnstile::state {
    explicit state(std::size_t most) : most_waiting(most) {}

    const std::size_t most_waiting;
    std::size_t waiting = 0;
    std::map<std::string, std::unique_ptr<line>> lines; // an entry: somebody is inside

    void leave(const std::string& key) {
        const auto it = lines.find(key);
        if (it == lines.end()) return;
        auto& l = *it->second;
        if (l.waiting == 0) {
            lines.erase(it);
            return;
        }
        --l.waiting;
        --waiting;
        l.turn.cancel_one(); // the place passes on: the line stays taken
    }
};

turnstile::turnstile(std::size_t most_waiting) : state_(std::make_shared<state>(most_waiting)) {}
turnstile::~turnstile() = default;

turnstile::ticket::~ticket() {
    if (state_) state_->leave(key_);
}

boost::asio::awaitable<turnstile::ticket> turnstile::enter(std::string key) {
    const auto s = state_;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto [it, first] = s->lines.try_emplace(key);
    if (first) {
        it->second = std::make_unique<line>(executor);
        co_return ticket(s, std::move(key));
    }
    if (s->waiting >= s->most_waiting)
        throw error::unavailable("Too many people are signing in at this moment. Try again in a second.");
    ++s->waiting;
    ++it->second->waiting;
    boost::system::error_code cancelled; // that is how a turn comes
    co_await it->second->turn.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    co_return ticket(s, std::move(key));
}

std::size_t turnstile::lines() const { return state_->lines.size(); }

} // namespace chat_centre::auth
