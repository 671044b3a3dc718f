#pragma once
// One sign-in at a time per account: the next waits until the failure of the one before is on record, so that many
// guesses sent at once meet the same delay as guesses sent one after another. I/O thread only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace chat_centre::auth {

class turnstile {
    struct line;
    struct state;

public:
    // Leaves when destroyed.
    class ticket {
    public:
        ticket(std::shared_ptr<state> s, std::string key) : state_(std::move(s)), key_(std::move(key)) {}
        ticket(ticket&&) noexcept = default;
        ticket& operator=(ticket&&) = delete;
        ~ticket();

    private:
        std::shared_ptr<state> state_;
        std::string key_;
    };

    explicit turnstile(std::size_t most_waiting = 64);
    ~turnstile();

    boost::asio::awaitable<ticket> enter(std::string key); // throws error 503 when too many wait
    std::size_t lines() const;

private:
    std::shared_ptr<state> state_;
};

} // namespace chat_centre::auth
