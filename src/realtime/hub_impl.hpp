#pragma once
// The hub's inside. Split by noun: hub.cpp (thread, sweep, stop), admission.cpp (handshakes), fan_out.cpp (events),
// commands.cpp (client frames), resume.cpp (subscribe), bystanders.cpp (presence, typing, viewing), dialects.cpp (other protocols).
//
// One thread runs all of it, so there are no locks except around what other threads hand in (inbox_) and what
// they may ask (presence_).

#include "client.hpp"
#include "presence.hpp"
#include "shared_frames.hpp"
#include "topic_index.hpp"

#include <chat_centre/realtime/hub.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace chat_centre::realtime {

// A handshake on its way from the server's thread to the hub's; owns the file descriptor.
class arrival {
public:
    explicit arrival(http::upgrade u); // takes the socket off its io_context
    arrival(arrival&& other) noexcept;
    arrival& operator=(arrival&&) = delete;
    ~arrival();

    stream_socket adopt(boost::asio::io_context& io); // throws boost::system::system_error

    http::request handshake;
    std::string raw_head;
    bool early_bytes = false;

private:
    boost::asio::ip::tcp protocol_ = boost::asio::ip::tcp::v4();
    int fd_ = -1;
};

struct hub::impl final : client_host {
    impl(options o, services s, const clock_source& clock);
    ~impl();

    // --- hub.cpp
    void start();
    void run();
    void stop(std::chrono::milliseconds deadline);
    void begin_stop(moment until);
    void finish_stop(); // ends the thread once nothing is open or under way
    void sweep();
    void check(client& c, moment at); // its deadlines, heartbeat, silence
    void heartbeat(client& c);
    void access_changed(std::int64_t staff, const std::string& session);
    void apply_rights(client& c, principal fresh);
    boost::asio::awaitable<void> check_open_conversations(std::shared_ptr<client> c);

    // client_host
    void opened(client& c) override;
    void text(client& c, std::string_view frame) override;
    void sign_of_life(client& c) override { c.heard = now(); }
    void drained(client& c) override;
    void overflowed(client& c) override;
    void gone(client& c) override;
    moment now() const override { return clock_.steady(); }

    void close(client& c, std::uint16_t code, std::string_view reason);
    void detach(client& c); // takes it out of topics and presence; it gets nothing more

    // --- admission.cpp
    struct candidate {
        stream_socket socket;
        std::string raw_head;
        std::string request_id;
        principal who;
        std::int64_t bound = 0;
        std::string_view subprotocol;
        std::shared_ptr<dialect_session> spoken;
    };
    void admit(arrival a);
    boost::asio::awaitable<void> admit_if_visible(candidate c);
    void accept(candidate& c);
    static void refuse(stream_socket socket, const error& e, std::string_view request_id);

    // --- dialects.cpp
    class session_line;
    const dialect* dialect_of(std::string_view path) const;
    void open_session(client& c);
    void join(const std::shared_ptr<client>& c, principal customer, std::int64_t since);
    void part(client& c);

    // --- fan_out.cpp
    void publish(event::entries batch); // any thread
    void wake();
    void pass();
    bool take_inbox(); // false when events were lost to the limit
    void offer(const topic_index::slot& s, const event::entries& batch, std::uint32_t index);
    void deliver(client& c, const event::entry& e);
    void flush();
    void resync_everybody();
    void resync(client& c, std::string_view ref_json = {});

    // --- digests.cpp
    void tell_each(const std::string& type, const std::function<std::string(const principal&)>& data);
    void tell_place(client& c);
    static bool note_state(client& c,
                           const event::entry& e); // it is about to be sent; true: say the place again

    // --- commands.cpp
    void follow(client& c, std::string_view frame); // of docs/protocol.md
    void command(const std::shared_ptr<client>& c, client_frame f);
    bool done_at_once(client& c, const client_frame& f);
    void queue_command(const std::shared_ptr<client>& c, client_frame f);
    bool allowed(client& c);
    void authenticate(client& c, const client_frame& f);
    void unsubscribe(client& c, const client_frame& f);
    void spawn_message(const std::shared_ptr<client>& c, client_frame f);
    boost::asio::awaitable<void> store_message(std::shared_ptr<client> c, client_frame f);
    boost::asio::awaitable<void> serve(std::shared_ptr<client> c);
    boost::asio::awaitable<void> serve_one(std::shared_ptr<client> c, client_frame f);
    void spawn(boost::asio::awaitable<void> work);

    // --- resume.cpp
    boost::asio::awaitable<void> subscribe(std::shared_ptr<client> c, client_frame f);
    std::optional<error> refusal(const client& c, const topic& t) const; // what can be told without asking
    boost::asio::awaitable<bool> replay(std::shared_ptr<client> c, std::vector<topic> asked,
                                        std::int64_t since,
                                        std::int64_t target); // false: a resync is due
    boost::asio::awaitable<bool> release(std::shared_ptr<client> c);
    boost::asio::awaitable<void> finish_hold(std::shared_ptr<client> c); // release, or resync
    boost::asio::awaitable<void> room_for_more(std::shared_ptr<client> c);
    void release_now(client& c);
    void set_topic(client& c, const topic& t, std::int64_t since, std::int64_t from);
    void drop_topic(client& c, const topic& t);
    void begin_hold(client& c, bool opening);

    // --- bystanders.cpp
    boost::asio::awaitable<void> appear(std::shared_ptr<client> c, client_frame f); // typing, viewing
    static std::int64_t place_of(const client& c, const client_frame& f);
    bool appear_at_once(client& c, const client_frame& f);
    void appear_now(client& c, std::int64_t conversation, const client_frame& f);
    void tell(std::int64_t conversation, const participant& who, bool typing, bool on, typing_kind kind,
              const client* except);
    void tell(const std::vector<presence_board::ending>& endings);
    static participant participant_of(const client& c);

    // --- state
    boost::asio::io_context io_{1};
    const options o_;
    const services s_;
    const clock_source& clock_;
    counters counters_;
    presence_board presence_;
    std::thread thread_;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    boost::asio::steady_timer sweep_timer_{io_};
    boost::asio::steady_timer pass_timer_{io_};
    boost::asio::steady_timer stop_timer_{io_};

    std::mutex inbox_mutex_;
    std::vector<event::entries> inbox_; // guarded by inbox_mutex_, as the next three
    std::size_t inbox_events_ = 0;
    bool inbox_lost_ = false;
    bool woken_ = false;

    std::vector<dialect> dialects_;
    std::vector<std::shared_ptr<client>> clients_; // client::place is the index
    topic_index topics_;
    std::uint64_t next_key_ = 1;
    int calls_ = 0; // awaitables of services under way
    bool stopping_ = false;
    std::atomic<bool> refusing_{false}; // stop() was called
    frame heartbeat_;                   // of the sweep under way
    std::int64_t heartbeat_head_ = -1;

    // fan-out
    std::int64_t passed_ = 0; // newest event id handed out to sockets
    std::deque<event::entries> backlog_;
    std::size_t backlog_at_ = 0; // in backlog_.front()
    std::uint64_t event_number_ = 0;
    shared_frames frames_;
    std::unordered_map<std::int64_t, std::string> digests_; // what each staff member was told last
    places places_;                                         // as they were published last
    std::vector<client*> placeless_;                        // in the pass under way
    std::vector<client*> touched_;
    std::vector<std::pair<client*, std::int64_t>> lost_sight_; // conversations to unsubscribe after the pass
    moment next_pass_{};
    bool pass_waiting_ = false;
};

} // namespace chat_centre::realtime
