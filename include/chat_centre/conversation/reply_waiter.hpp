#pragma once
// For channels that ask and wait (a REST post, a custom LLM): what is said to a customer's message, as soon as it is
// stored. Whoever says it - our assistant in this or another process, or staff - it comes by way of the event log.

#include <chat_centre/conversation/message.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace chat_centre::conversation {

class reply_waiter {
public:
    // `pool` outlives it. At most `most` callers wait at a time; one more is told nullopt at once.
    explicit reply_waiter(db::pool& pool, std::size_t most = 2048);
    ~reply_waiter();

    void receive(const event::entries& batch); // the relay's sink: any thread, cheap while nobody waits

    // The assistant's answer to message `seq` of the conversation (see reply_mark), or what staff have written after it,
    // whichever has the smaller seq. nullopt when neither is stored within `limit`. Resumes on the caller's executor.
    // Throws what the pool throws.
    boost::asio::awaitable<std::optional<stored_message>> reply_to(std::int64_t conversation, int seq,
                                                                   std::chrono::milliseconds limit);

private:
    struct impl;
    std::shared_ptr<impl> impl_; // shared with the coroutines, which may be destroyed later
};

} // namespace chat_centre::conversation
