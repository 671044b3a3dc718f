#pragma once
// The demo's one thread: its event loop, the signals that end it, and waiting that a signal cuts short.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <exception>

namespace chat_centre::demo {

// Thrown where the demo would wait or call after it was asked to end.
class stopped : public std::exception {
public:
    const char* what() const noexcept override { return "stopped"; }
};

class loop {
public:
    loop(); // from here on the first SIGINT or SIGTERM only asks for the end; the second kills
    boost::asio::io_context& io() { return io_; }
    bool stopping() const { return stopping_; }
    void wait(std::chrono::nanoseconds d); // throws stopped
    void run_until(const bool& done);      // returns early when stopping
    void finish(const bool& done);         // runs on whatever happens

private:
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_;
    bool stopping_ = false;
};

} // namespace chat_centre::demo
