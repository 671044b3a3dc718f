#include "demo/loop.hpp"

#include <boost/asio/steady_timer.hpp>

#include <csignal>

namespace chat_centre::demo {

loop::loop() : signals_(io_, SIGINT, SIGTERM) {
    signals_.async_wait([this](boost::system::error_code failed, int) {
        if (failed) return;
        stopping_ = true;
        boost::system::error_code ignored;
        signals_.clear(ignored); // back to the default: a second one ends the process at once
    });
}

void loop::wait(std::chrono::nanoseconds d) {
    // Handlers run even when there is nothing to wait for, so that a signal is noticed at any rate.
    io_.restart();
    io_.poll();
    if (stopping_) throw stopped();
    if (d <= std::chrono::nanoseconds::zero()) return;
    bool done = false;
    boost::asio::steady_timer timer(io_, std::chrono::duration_cast<std::chrono::steady_clock::duration>(d));
    timer.async_wait([&done](boost::system::error_code) { done = true; });
    run_until(done);
    if (done) return;
    timer.cancel();
    finish(done);
    throw stopped();
}

void loop::run_until(const bool& done) {
    io_.restart();
    while (!done && !stopping_ && io_.run_one() > 0) {
    }
}

void loop::finish(const bool& done) {
    io_.restart();
    while (!done && io_.run_one() > 0) {
    }
}

} // namespace chat_centre::demo
