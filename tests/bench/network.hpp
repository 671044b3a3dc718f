#pragma once
// The little of Linux that the load client needs: it shares two cores with the server it measures, so it talks to
// epoll directly. One thread; nothing here is thread-safe.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chat_centre::bench {

class failure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct endpoint {
    std::string host = "127.0.0.1"; // IPv4 address
    std::uint16_t port = 8080;

    std::string name() const { return host + ":" + std::to_string(port); }
};

class descriptor {
public:
    explicit descriptor(int fd = -1) : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    descriptor(descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    descriptor& operator=(descriptor&& other) noexcept;
    ~descriptor();

    int get() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    void close();

private:
    int fd_;
};

// A connected socket with TCP_NODELAY. Throws failure. On the loopback interface connecting takes microseconds, so
// it blocks; reads and writes afterwards do not.
descriptor connect_to(const endpoint& server);

// Writes all of it. A request or a small frame always fits an empty send buffer, so a full one means that the server
// no longer reads: then, and when the connection is gone, false.
bool send_all(const descriptor& socket, std::string_view bytes);

class watcher {
public:
    virtual ~watcher() = default;
    virtual void on_readable() = 0; // also when the connection was closed
};

class event_loop {
public:
    event_loop();
    void watch(const descriptor& socket, watcher& w); // until the descriptor is closed; w outlives it
    // Hands out what is ready, after waiting at most this long.
    void run_once(int timeout_ms);

private:
    descriptor epoll_;
};

std::int64_t now_ns(); // CLOCK_MONOTONIC: the same in every process of a machine

// One request and its whole answer over a connection of its own; throws failure unless the status is 2xx.
std::string call(const endpoint& server, std::string_view request);
// Signs in and returns the access token.
std::string sign_in(const endpoint& server, std::string_view email, std::string_view password);

struct memory {
    std::int64_t now_kb = 0;  // VmRSS
    std::int64_t peak_kb = 0; // VmHWM: highest since the process started, or since forget_peak()
};
// Of another process; zeros when pid is 0. Throws failure when there is no such process.
memory memory_of(int pid);
// From now on the peak is of what comes. Without the right to (the process is another user's) nothing happens.
void forget_peak(int pid);

// Raises the soft limit of open files to the hard one; throws failure when that is below `wanted`.
void allow_files(std::uint64_t wanted);

} // namespace chat_centre::bench
