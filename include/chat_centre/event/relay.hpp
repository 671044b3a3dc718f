#pragma once
// Follows the log and hands every event, in order and once, to the live parts of this process.

#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::event {

class relay {
public:
    using sink = std::function<void(const entries&)>;

    // One thread with one connection: LISTENs, and reads what other processes or transactions committed.
    explicit relay(db::settings s);
    ~relay();

    // Before start(). Called with events in order, from changing threads but never two at once; must only hand
    // over (post to its executor) and not throw.
    void subscribe(sink s);
    void start(); // positions itself at the current head; throws connection_lost
    void stop();

    // A fast path for a writer in this process that has just committed `batch` (ids set): delivered at once when
    // it continues the sequence, else the relay reads the log. Any thread.
    void committed(entries batch);
    void kick(); // something was committed: look soon. Any thread.
    // Should the next commit of this process wake the relays of others? Yes while events come from elsewhere; a
    // process that writes alone does so every few milliseconds only, as each notification costs PostgreSQL a lock and
    // every listener a switch. For one writer at a time.
    bool should_notify();
    std::int64_t head() const; // id of the newest event delivered. Any thread.

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

// A durable consumer of the log: `handle` gets each event of its types at least once, in order, in a transaction that
// also moves its stored cursor, so its effects in the database happen exactly once. Runs on a thread of its own.
class follower {
public:
    using handler = std::function<void(db::tx&, const std::vector<entry>&)>;
    using wish = std::function<std::vector<std::string>(db::tx&)>;

    // prompt: somebody waits for what it does. calm: nobody does; it lets 10 ms pass, so that a customer's message, the
    // assistant's answer and an offer to staff do not share the processor with what follows from them.
    enum class pace : std::uint8_t { prompt, calm };

    // Internal events of these types. A new name starts at the present head.
    follower(db::settings s, std::string name, std::vector<std::string> types, handler h, pace p = pace::calm);
    // Events that leave the server (audience not internal), of the types that `wanted` names when it is asked, which is
    // before each look. While it names none nothing is read and nobody is woken.
    follower(db::settings s, std::string name, wish wanted, handler h);
    ~follower();
    void start(); // what is committed after it returns is followed, if the database answers
    void notice(const entries& batch); // any thread: wakes when there is something for it
    void stop();
    std::int64_t cursor() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace chat_centre::event
