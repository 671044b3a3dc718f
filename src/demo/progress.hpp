#pragma once
// Says how far the demo is: one line that changes on a terminal, a plain line now and then elsewhere.

#include "demo/dialogue.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace chat_centre::demo {

struct counters {
    std::int64_t messages = 0;
    std::int64_t conversations = 0;
    std::int64_t taken = 0;
    std::int64_t resolved = 0;
    std::int64_t rated = 0;

    void add(act what); // a step that the server accepted
};

// "02:05  253 messages, 2.0/s  31 conversations, 14 open  9 resolved"
std::string progress_line(const counters& c, std::size_t open, std::chrono::seconds since, double per_second);

class progress {
public:
    explicit progress(bool terminal);
    void measure_from_here();                // the rate shown is that of what follows
    void show(std::size_t open);             // as often as you like
    void refused(const std::string& reason); // the first few are shown, all are counted
    void finish();                           // the last line stands
    void say(const std::string& line);

    counters count;

private:
    void print(const char* ending);

    bool terminal_;
    bool line_open_ = false;
    std::int64_t refused_ = 0;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point measured_from_;
    std::int64_t messages_before_ = 0;
    std::chrono::steady_clock::time_point next_;
    std::size_t open_ = 0;
};

} // namespace chat_centre::demo
