#pragma once
// Connections that post chat messages with POST /api/chat/sync, one request at a time each, kept alive.

#include "histogram.hpp"
#include "network.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chat_centre::bench {

// Starts the text of every message, before the 19 digits of the nanosecond at which it was sent. Nothing else in
// an event holds this letter, so that a receiver finds the time without reading JSON.
inline constexpr char stamp_mark = '@';
inline constexpr std::size_t stamp_digits = 19;

struct post_settings {
    endpoint server;
    std::string key; // sync key
    int connections = 1;
    int users = 1000;       // messages go round them: that many conversations
    std::int64_t count = 0; // stop after so many; 0: no limit
};

class poster {
public:
    poster(event_loop& loop, post_settings settings);
    ~poster();

    // Posts on every idle connection, as long as may_send() says so.
    void pump();
    // Asked before each post.
    std::function<bool()> may_send = [] { return true; };

    // Forgets what was counted so far: the end of the warm-up.
    void reset();

    std::int64_t sent() const { return sent_; }         // since the start
    std::int64_t accepted() const { return accepted_; } // 200, since the start
    std::int64_t in_flight() const { return in_flight_; }
    std::int64_t counted() const { return static_cast<std::int64_t>(latency_.count()); } // since reset()
    std::int64_t errors() const { return errors_; }
    const std::string& first_error() const { return first_error_; }
    const histogram& latency() const { return latency_; } // send to answer

private:
    class connection;

    bool wants_more() const;
    void build_template();
    std::string_view next_request(); // stamps the template

    event_loop& loop_;
    post_settings settings_;
    std::string request_;
    std::size_t user_at_ = 0, stamp_at_ = 0, id_at_ = 0; // where the digits go
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<connection*> idle_;
    std::array<char, 16 * 1024> buffer_{};
    histogram latency_;
    std::int64_t sent_ = 0, accepted_ = 0, in_flight_ = 0, errors_ = 0;
    std::string first_error_;
};

} // namespace chat_centre::bench
