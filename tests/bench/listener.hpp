#pragma once
// Staff sockets that receive messages and compute, from the time stamped into each text, how long it took. They
// only scan the bytes: reading JSON here would cost more than sending it costs the server.

#include "histogram.hpp"
#include "network.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::bench {

struct listen_settings {
    endpoint server;
    std::string token;         // access token of a staff member who may see everything
    std::string topic = "all"; // "": subscribe to nothing
    int sockets = 1;
};

class listener {
public:
    listener(event_loop& loop, listen_settings settings);
    ~listener();

    // Opens them all, some handshakes at a time, and returns when every one is subscribed. Throws failure.
    void open();
    void reset(); // forgets what was counted so far

    std::int64_t delivered() const {
        return delivered_;
    } // message.new events, over all sockets, since the start
    std::int64_t counted() const { return static_cast<std::int64_t>(delay_.count()); } // since reset()
    std::int64_t bytes() const { return bytes_; }
    std::int64_t closed() const { return closed_; }   // by the server: a reader it found too slow, say
    const histogram& delay() const { return delay_; } // post sent to frame received

private:
    class socket;

    event_loop& loop_;
    listen_settings settings_;
    std::vector<char> buffer_; // one for all sockets; the front is room for what a socket kept from its last read
    std::vector<std::unique_ptr<socket>> sockets_;
    histogram delay_;
    int ready_ = 0;
    std::int64_t delivered_ = 0, bytes_ = 0, closed_ = 0;
};

} // namespace chat_centre::bench
