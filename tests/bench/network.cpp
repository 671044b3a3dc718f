#include "network.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <system_error>

namespace chat_centre::bench {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw failure(what + ": " + std::generic_category().message(errno));
}

} // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = other.fd_;
        other.fd_ = -1;
    }
    return *this;
}

descriptor::~descriptor() { close(); }

void descriptor::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

descriptor connect_to(const endpoint& server) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    if (inet_pton(AF_INET, server.host.c_str(), &address.sin_addr) != 1)
        throw failure("not an IPv4 address: " + server.host);
    descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) fail("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect to " + server.name());
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

bool send_all(const descriptor& socket, std::string_view bytes) {
    const auto sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(bytes.size());
}

event_loop::event_loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_.is_open()) fail("epoll_create1");
}

void event_loop::watch(const descriptor& socket, watcher& w) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &w;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket.get(), &event) != 0) fail("epoll_ctl");
}

void event_loop::run_once(int timeout_ms) {
    std::array<epoll_event, 256> events{};
    const int ready = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; ++i)
        static_cast<watcher*>(events[static_cast<std::size_t>(i)].data.ptr)->on_readable();
}

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string call(const endpoint& server, std::string_view request) {
    const auto socket = connect_to(server);
    const timeval patience{10, 0};
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!send_all(socket, request)) fail("send");
    std::string answer;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto n = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (n < 0) fail("no answer from " + server.name());
        if (n == 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(n));
    }
    if (answer.substr(0, 10) != "HTTP/1.1 2")
        throw failure("refused: " + answer.substr(0, answer.find("\r\n")) +
                      answer.substr(answer.find("\r\n\r\n") + 4));
    return answer;
}

std::string sign_in(const endpoint& server, std::string_view email, std::string_view password) {
    std::string body = R"({"email":")";
    body.append(email).append(R"(","password":")").append(password).append(R"("})");
    const std::string answer = call(server, "POST /api/v1/auth/login HTTP/1.1\r\nHost: " + server.name() +
                                                "\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                                "Content-Length: " +
                                                std::to_string(body.size()) + "\r\n\r\n" + body);
    constexpr std::string_view name = R"("access_token":")";
    const auto start = answer.find(name);
    if (start == std::string::npos) throw failure("the answer to the sign-in holds no access_token");
    const auto value = start + name.size();
    return answer.substr(value, answer.find('"', value) - value);
}

memory memory_of(int pid) {
    memory result;
    if (pid == 0) return result;
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    if (!status) throw failure("no process " + std::to_string(pid));
    for (std::string word; status >> word;) {
        if (word == "VmRSS:") status >> result.now_kb;
        if (word == "VmHWM:") status >> result.peak_kb;
    }
    return result;
}

void forget_peak(int pid) { std::ofstream("/proc/" + std::to_string(pid) + "/clear_refs") << '5'; }

void allow_files(std::uint64_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("setrlimit");
    if (limit.rlim_max < wanted)
        throw failure("the limit of open files is " + std::to_string(limit.rlim_max) + ", below " +
                      std::to_string(wanted));
}

} // namespace chat_centre::bench
