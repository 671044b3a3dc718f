#pragma once
// Every WebSocket of this process, on one thread of its own, so that fan-out never delays a post.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/server.hpp>
#include <chat_centre/realtime/dialect.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat_centre::realtime {

struct person {
    std::int64_t staff = 0;
    std::string name;
    bool writing = false;
};

// What the hub asks of the rest; called on the hub thread, so the awaitables do their work elsewhere.
struct services {
    std::function<principal(const http::request&)> authenticate; // throws error 401
    std::function<principal(const std::string& token)> authenticate_token;
    // Present rights of a staff member, nullopt when access is gone.
    std::function<std::optional<principal>(const principal&)> refresh;
    // May the caller see this conversation now?
    std::function<boost::asio::awaitable<bool>(principal, std::int64_t conversation)> may_see;
    // Events after a cursor that the caller may see now, oldest first (visibility stubs included); nullopt when
    // the cursor is too old or from the future: resync.
    struct page {
        std::vector<event::entry> events;
        std::int64_t reached = 0; // newest id looked at
    };
    std::function<boost::asio::awaitable<std::optional<page>>(principal, std::int64_t after)> replay;
    // Stores a message that came over a socket; returns the Message JSON. Throws error.
    std::function<boost::asio::awaitable<std::string>(principal, std::int64_t conversation, std::string text,
                                                      std::string client_message_id)>
        post_message;
    std::function<std::int64_t()> head;
    // Does this staff member look on without being shown to others? Empty: nobody does.
    std::function<bool(std::int64_t staff, std::int64_t conversation)> silent = {};
    // A staff member's first socket opened (true) or last one closed after the grace time (false).
    std::function<void(std::int64_t staff, bool online)> presence_changed;
};

struct options {
    std::chrono::seconds heartbeat{15};
    std::chrono::seconds silence_limit{45}; // no frame or pong for so long: the socket is dead
    std::size_t queue_bytes = 1024 * 1024;  // waiting for one socket; over it: close 4408
    std::size_t frame_bytes = 64 * 1024;    // largest client frame
    int frames_per_second = 40;             // per socket, then an error frame
    std::size_t topics = 200;               // per socket
    std::size_t sockets = 15'000;
    std::size_t held_events = 20'000;     // per socket while it resumes; over it: resync
    std::size_t backlog_events = 100'000; // waiting for the hub; over it: every socket gets resync
    std::chrono::milliseconds presence_grace{10'000}; // a reload does not make a staff member go offline
    std::chrono::milliseconds typing_expiry{6'000};   // without a renewal
    std::chrono::milliseconds close_grace{2'000};     // for the peer to answer a close before it is cut off
    std::chrono::milliseconds opening_hold{500}; // /ws/{id}: time to subscribe with since before going live
    std::chrono::milliseconds handshake_deadline{10'000};
    std::chrono::milliseconds sweep{250}; // how often deadlines are looked at
};

struct counters {
    std::atomic<std::int64_t> open{0}, customers{0};
    std::atomic<std::uint64_t> delivered{0}, frames{0}, slow_closed{0}, resumed{0}, resyncs{0};
};

class hub {
public:
    hub(options o, services s, const clock_source& clock);
    ~hub();

    void learn(dialect d);              // before start()
    void start();                       // starts the thread
    void take_over(http::upgrade u);    // any thread; answers bad handshakes with an HTTP problem
    void publish(event::entries batch); // any thread; in event order
    // Any thread: a live event of this type (id 0) for every staff member on topic queue or all, whose data is made for
    // each: JSON text, sent when it differs from what they got last. `data` runs on the hub thread.
    void publish_each(std::string type, std::function<std::string(const principal&)> data);
    // Any thread: where customers stand in the queue. `data` is what a conversation.update (live, id 0) says to the
    // customer of a conversation, sent when it differs from what their socket got last; whoever subscribes later gets it
    // then. Read when the newest event was `head`: a socket that has got a later conversation.update is left alone.
    struct places {
        std::int64_t head = 0;
        std::unordered_map<std::int64_t, std::string> data; // of those who wait, by conversation: JSON text
    };
    void publish_places(places p);
    bool serves_customers() const; // any thread: a socket of a customer is open here
    // Any thread: re-judges (or closes with 4401) every socket of this staff member or session.
    void access_changed(std::int64_t staff, std::string session);
    std::vector<person> viewers(std::int64_t conversation) const; // any thread
    bool online(std::int64_t staff) const;                        // any thread
    // Closes every socket with 1012 and joins the thread; returns within `deadline`.
    void stop(std::chrono::milliseconds deadline);
    const counters& count() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

// The visibility rule of conversations (design: requirements "How the documents are read" 11), the same as the SQL
// predicate in conversation/queries.sql; a test compares the two over the whole table of cases.
bool may_see(const principal& who, const event::scope& s);

} // namespace chat_centre::realtime
