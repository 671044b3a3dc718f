#pragma once
// One conversation that ElevenLabs holds and staff have: a monitor socket for as long as that lasts. On the I/O thread.
//
//   connect -> enable_human_takeover -> what staff say, in order -> disable_human_takeover -> close
//
// Nothing there is acknowledged. A message counts as sent when the socket is still open a moment later; what was on its
// way when it broke is sent again. It is connected to anew until staff hand back.

#include "channel/agent_socket.hpp"
#include "channel/monitor_frames.hpp"
#include "channel/monitor_store.hpp"

#include <chat_centre/channel/elevenlabs.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::channel {

// What all calls share. Outlives them.
struct monitor_desk {
    const elevenlabs_context& centre;
    http::outbound_rules rules;
    agent_dialer& dialer;
    std::string process; // the name under which rows are claimed
};

class monitor_call : public std::enable_shared_from_this<monitor_call> {
public:
    monitor_call(const boost::asio::any_io_executor& executor, monitor_desk& desk, std::int64_t conversation)
        : desk_(desk), conversation_(conversation), timer_(executor) {}

    // Until staff have handed back and all is said, or drop().
    static boost::asio::awaitable<void> run(std::shared_ptr<monitor_call> self);
    void wake(); // something may have changed
    void drop(); // another process has it, or this one ends
    bool over() const { return over_; }

private:
    enum class outcome : std::uint8_t { done, failed };

    boost::asio::awaitable<std::optional<monitor_standing>> look();
    boost::asio::awaitable<outcome> talk(std::string session);
    boost::asio::awaitable<void> attend(std::string session);
    boost::asio::awaitable<void> settle();
    boost::asio::awaitable<void> hear(std::string session);
    boost::asio::awaitable<void> take_in(std::string session, overheard o);
    boost::asio::awaitable<void> take_in_users(std::string session, overheard o);
    boost::asio::awaitable<void> failed();
    boost::asio::awaitable<void> finish(std::string why);
    boost::asio::awaitable<void> rest(std::chrono::milliseconds most);
    void open(const std::string& session);
    bool lost() const { return end_.has_value() || dropped_; }

    using moment = std::chrono::steady_clock::time_point;
    struct heard_frame {
        overheard said;
        moment at; // when it came
    };

    monitor_desk& desk_;
    std::int64_t conversation_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<agent_socket> socket_;
    std::deque<heard_frame> frames_;
    std::vector<staff_line> on_the_way_; // sent, and not yet counted as such
    moment sent_at_{};
    bool opened_ = false;
    bool taken_ = false;   // enable_human_takeover was said on this connection
    bool leaving_ = false; // disable_human_takeover was
    std::optional<agent_end> end_;
    std::string newest_; // of their conversations, when this connection was opened
    int failures_ = 0;   // in a row
    int partings_ = 0;   // failures since staff have handed back
    bool refused_ = false;
    bool woken_ = false;
    bool dropped_ = false;
    bool over_ = false;
};

// The pause before it is tried again, after so many failures in a row: 1 s, 2 s, 4 s ... at most a minute, or, when they
// answered and said no, which rarely changes, five. Pure.
std::chrono::seconds monitor_pause(int failures, bool refused);

} // namespace chat_centre::channel
