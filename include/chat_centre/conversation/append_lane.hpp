#pragma once
// The one way for a message to get in. Messages that wait are stored together: one transaction, one fsync, for
// many answers (group commit). Order of arrival is order of seq.
//
// Invariants kept here: acked means committed; a key is stored once; seq is dense per conversation; the assistant
// writes only while it has the turn.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/conversation/message.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

namespace chat_centre::conversation {

struct lane_counters {
    std::atomic<std::uint64_t> stored{0}, duplicates{0}, batches{0}, refused{0}, retried_singly{0};
    std::atomic<std::int64_t> waiting{0};
};

class append_lane {
public:
    // One thread with one connection. `relay` and `clock` outlive it.
    append_lane(db::settings s, event::relay& relay, const clock_source& clock,
                std::size_t most_waiting = 8192);
    ~append_lane();

    void start();
    void stop(); // stores what waits, then joins

    // Resumes on the caller's executor after COMMIT. Throws error: 404 unknown conversation, 409 (same key with
    // another body; staff do not hold it; the assistant does not have the turn; closed), 503 when full or the
    // database does not answer.
    boost::asio::awaitable<receipt> append(incoming m);
    receipt append_blocking(incoming m); // for followers and commands, never on the I/O thread
    // Several at a time, in this order: what waits together is stored together. What each came to, as append() throws it.
    std::vector<std::variant<receipt, error>> append_blocking(std::vector<incoming> all);

    const lane_counters& count() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::conversation
