#pragma once
// One customer's widget on the line. On the hub's thread. convai_session.cpp has the frames, convai_work.cpp what takes
// time, convai_agent.cpp relay mode.
//
// Order of a session: the peer's first frame -> our metadata, and nothing more until the peer has had time to listen ->
// what waits is said. What the customer writes is stored one after the other, and its answer comes from the event log.

#include "channel/convai_frames.hpp"
#include "channel/convai_relay.hpp"
#include "channel/convai_stage.hpp"
#include "channel/convai_ticket.hpp"

#include <chat_centre/channel/convai.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::channel {

// What the handshake said.
struct convai_call {
    std::optional<convai_visitor> visitor; // a site vouches for them
    std::string agent_id, source, version;
    // Reaches the agent that speaks here; empty: our own assistant does.
    std::function<std::shared_ptr<agent_socket>(const boost::asio::any_io_executor&, std::string first_frame,
                                                agent_handlers)>
        dial;
};

class convai_session final : public realtime::dialect_session,
                             public std::enable_shared_from_this<convai_session> {
public:
    convai_session(conversation::surroundings& s, std::shared_ptr<const convai_settings> settings,
                   convai_call call);

    void opened(std::shared_ptr<realtime::line> l) override;
    void heard(std::string_view frame) override;
    void told(std::string_view frame) override;
    void looked_at() override;
    std::string parting(std::uint16_t code) const override;
    void gone() override;

private:
    using moment = convai_stage::moment;
    static constexpr std::size_t most_jobs = 16;
    struct job {
        enum class kind : std::uint8_t { find, store, record, judge, hand_over } what = kind::store;
        std::string text;       // store, record
        std::string metadata;   // store
        std::string frame;      // store: as it came
        int seq = 0;            // judge
        bool liked = false;     // judge
        std::int64_t event = 0; // record
    };

    void begin(const convai_start& start, std::string_view frame);
    void greet(); // our first frame
    void connect_agent(std::string_view frame);
    void agent_lost();
    void follow_turn();
    void remember(const json& frame); // what is said in it
    void know_them(const convai_start& start);
    void settle();
    void handle(const convai_frame& f, std::string_view frame);
    void message(const convai_frame& f, std::string_view frame);
    conversation::incoming next_message() const;
    std::string metadata_of_next();
    void flush(); // sends what the stage has ready
    void fail(int code, std::string_view type, const std::string& text);
    void enqueue(job j);
    boost::asio::awaitable<void> work(std::shared_ptr<convai_session> self);
    boost::asio::awaitable<void> find();
    boost::asio::awaitable<void> store(job j);
    boost::asio::awaitable<void> record(job j);
    boost::asio::awaitable<void> judge(job j);
    boost::asio::awaitable<void> hand_over();
    boost::asio::awaitable<void> settle_soon(std::shared_ptr<convai_session> self);
    void join(std::int64_t conversation, std::int64_t since);

    conversation::surroundings& s_;
    std::shared_ptr<const convai_settings> settings_;
    convai_call call_;
    std::shared_ptr<realtime::line> line_;
    convai_stage stage_;

    std::string session_id_; // our conv_...
    std::string user_id_;
    convai_visitor said_; // name, address, language: vouched for, or what the page says
    convai_start start_;
    bool language_given_ = false;
    bool started_ = false;
    bool greeted_ = false;    // our first frame is out
    bool settled_ = false;    // the peer listens
    bool introduced_ = false; // the first message has said where it comes from
    bool refused_audio_ = false;
    int bad_frames_ = 0;
    int reloads_ = 0;
    std::int64_t bound_ = 0; // conversation
    std::int64_t since_ = 0;
    std::vector<std::string> contexts_; // what the page has said about the customer since their last message
    std::deque<job> jobs_;
    bool working_ = false;
    std::shared_ptr<convai_relay> relay_;
    bool agent_lost_ = false;
    convai_memory memory_;                                        // for the agent
    std::size_t taken_over_at_ = 0;                               // in memory_
    std::vector<std::pair<std::string, std::int64_t>> greetings_; // the agent's, before anybody wrote; with their events
    std::int64_t pings_ = 0;
    moment opened_{}, pinged_{}, typed_{}, joined_{};
    std::optional<std::int64_t> round_trip_; // milliseconds
};

} // namespace chat_centre::channel
