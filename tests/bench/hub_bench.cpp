// The hub alone: deliveries a second to N sockets, their delay, and the memory of idle ones.
//
//   hub-bench <sockets> [--rate events/s] [--seconds s] [--batch n] [--idle] [--pieces k]
//
// One process serves, a child of it holds the clients (so that both may have 10,000 sockets and the memory is the
// server's alone). Without --rate the publisher goes as fast as the hub follows. --pieces gives the sockets k
// different topics sets, so that k different frames are needed.

#include "../realtime/loopback_server.hpp"

#include <chat_centre/base/ids.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chat_centre;
using steady = std::chrono::steady_clock;

struct plan {
    int sockets = 200;
    int rate = 0; // events a second; 0: as fast as it goes
    double seconds = 5;
    int batch = 32;
    int pieces = 1;
    bool idle = false;
};

std::int64_t micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(steady::now().time_since_epoch()).count();
}

long resident_kb() {
    long pages = 0;
    long resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

// --- the clients: one thread, epoll, no JSON

struct tally {
    std::uint64_t events = 0;
    std::vector<std::uint32_t> delays; // microseconds, of the oldest event of a frame
};

void send_text(int fd, std::string_view text) {
    std::string out = {'\x81'};
    if (text.size() < 126) {
        out += static_cast<char>(0x80 | text.size());
    } else {
        out += '\xfe';
        out += static_cast<char>(text.size() >> 8);
        out += static_cast<char>(text.size());
    }
    out += std::string(4, '\0'); // a mask of zeros leaves the text as it is
    out += text;
    if (write(fd, out.data(), out.size()) != static_cast<ssize_t>(out.size())) fail("write");
}

int connect_one(unsigned short port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("connect");
    constexpr std::string_view head =
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (write(fd, head.data(), head.size()) != static_cast<ssize_t>(head.size())) fail("write");
    // Up to and including the hello frame, which ends with the heartbeat's number.
    std::string answer;
    char c = 0;
    while (answer.find("heartbeat_seconds") == std::string::npos || c != '}') {
        if (read(fd, &c, 1) != 1) fail("handshake");
        answer += c;
    }
    return fd;
}

// Cuts the stream of one socket into frames.
struct stream {
    std::string rest;

    void feed(std::string_view data, tally& t) {
        if (!rest.empty()) {
            rest += data;
            data = rest;
        }
        while (data.size() >= 2) {
            std::size_t head = 2;
            std::uint64_t size = data[1] & 0x7f;
            if (size >= 126) {
                const std::size_t extra = size == 126 ? 2 : 8;
                head += extra;
                if (data.size() < head) break;
                size = 0;
                for (std::size_t i = 2; i < head; ++i) size = size << 8 | static_cast<unsigned char>(data[i]);
            }
            if (data.size() < head + size) break;
            if ((data[0] & 0x0f) == 1) count(data.substr(head, size), t);
            data.remove_prefix(head + size);
        }
        rest = std::string(data);
    }

    static void count(std::string_view frame, tally& t) {
        constexpr std::string_view mark = R"("sent":)";
        constexpr std::size_t shortest = 240; // an event is longer than this, so the search skips ahead
        auto at = frame.find(mark);
        if (at == std::string_view::npos) return;
        const std::int64_t sent = std::strtoll(frame.data() + at + mark.size(), nullptr, 10);
        t.delays.push_back(static_cast<std::uint32_t>(std::max<std::int64_t>(0, micros() - sent)));
        while (at != std::string_view::npos) {
            ++t.events;
            at = frame.find(mark, std::min(frame.size(), at + shortest));
        }
    }
};

void run_clients(const plan& p, unsigned short port, int ready, int go) {
    const int poll = epoll_create1(0);
    std::vector<int> sockets;
    std::vector<stream> streams(static_cast<std::size_t>(p.sockets));
    for (int i = 0; i < p.sockets; ++i) {
        const int fd = connect_one(port);
        if (!p.idle) {
            std::string topics = R"("queue")";
            if (p.pieces > 1) topics = R"("conversation:CONV-)" + std::to_string(i % p.pieces + 1) + "\"";
            send_text(fd, R"({"type":"subscribe","topics":[)" + topics + "]}");
        }
        epoll_event e{};
        e.events = EPOLLIN;
        e.data.u32 = static_cast<std::uint32_t>(i);
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
        sockets.push_back(fd);
    }
    tally t;
    char byte = 0;
    if (write(ready, "r", 1) != 1) fail("pipe");
    if (p.idle) {
        if (read(go, &byte, 1) < 0) fail("pipe");
        std::exit(0);
    }
    std::vector<char> buffer(1 << 20);
    std::array<epoll_event, 256> events{};
    epoll_event stop{};
    stop.events = EPOLLIN;
    stop.data.u32 = UINT32_MAX;
    epoll_ctl(poll, EPOLL_CTL_ADD, go, &stop);
    const auto began = micros();
    std::int64_t last = began;
    for (bool running = true; running;) {
        const int n = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            const std::uint32_t who = events[static_cast<std::size_t>(i)].data.u32;
            if (who == UINT32_MAX) {
                running = false;
                continue;
            }
            const ssize_t got = read(sockets[who], buffer.data(), buffer.size());
            if (got <= 0) {
                std::fprintf(stderr, "a socket was closed\n");
                std::exit(1);
            }
            const auto before = t.events;
            streams[who].feed({buffer.data(), static_cast<std::size_t>(got)}, t);
            if (t.events != before) last = micros();
        }
    }
    const double seconds = static_cast<double>(last - began) / 1e6;
    std::sort(t.delays.begin(), t.delays.end());
    const auto at = [&](double q) {
        return t.delays.empty()
                   ? 0.0
                   : t.delays[static_cast<std::size_t>(q * static_cast<double>(t.delays.size() - 1))] / 1000.0;
    };
    std::printf(
        "%d sockets: %llu deliveries in %.2f s = %.0f/s, %.1f events a frame, delay p50 %.1f p99 %.1f max %.1f ms\n",
        p.sockets, static_cast<unsigned long long>(t.events), seconds, static_cast<double>(t.events) / seconds,
        static_cast<double>(t.events) / static_cast<double>(std::max<std::size_t>(1, t.delays.size())),
        at(0.5), at(0.99), at(1.0));
    std::fflush(stdout);
    std::_Exit(0);
}

// --- the server

realtime::services services_of_bench() {
    realtime::services s;
    s.authenticate = [](const http::request&) {
        principal p;
        p.kind = caller::staff;
        p.staff = 1;
        p.role = role::admin;
        p.name = "Bench";
        p.permissions = ~std::uint64_t{0};
        return p;
    };
    s.authenticate_token = [](const std::string&) -> principal { throw error::unauthorized("no"); };
    s.refresh = [](const principal& p) { return std::optional(p); };
    s.may_see = [](principal, std::int64_t) -> boost::asio::awaitable<bool> { co_return true; };
    s.replay = [](principal, std::int64_t) -> boost::asio::awaitable<std::optional<realtime::services::page>> {
        co_return std::nullopt;
    };
    s.post_message = [](principal, std::int64_t, std::string,
                        std::string) -> boost::asio::awaitable<std::string> { co_return "{}"; };
    s.head = [] { return std::int64_t{0}; };
    s.presence_changed = [](std::int64_t, bool) {};
    return s;
}

event::entry message(std::int64_t id, int pieces) {
    event::entry e;
    e.id = id;
    e.type = "message.new";
    e.at = time_point(std::chrono::microseconds(1'790'000'000'000'000 + id));
    e.conversation = pieces > 1 ? id % pieces + 1 : 1;
    e.who = event::audience::conversation_public;
    e.data =
        R"({"message_id":"MSG-0123456789ABCDEF","conversation_id":"CONV-1","seq":)" + std::to_string(id) +
        R"(,"role":"user","sender":"user","message":"My order 4711 has not arrived yet, can you look?",)"
        R"("at":"2026-11-20T10:00:00.000Z","received_at":"2026-11-20T10:00:00.000Z","staff_id":null,"sent":)" +
        std::to_string(micros()) + "}";
    return e;
}

void publish_for(realtime::hub& hub, const plan& p) {
    const auto end = steady::now() + std::chrono::duration<double>(p.seconds);
    auto due = steady::now();
    std::int64_t id = 0;
    for (; steady::now() < end;) {
        auto batch = std::make_shared<std::vector<event::entry>>();
        for (int i = 0; i < p.batch; ++i) batch->push_back(message(++id, p.pieces));
        hub.publish(batch);
        if (p.rate > 0) {
            due += std::chrono::microseconds(1'000'000LL * p.batch / p.rate);
            std::this_thread::sleep_until(due);
        } else {
            // As fast as it follows: at most four batches ahead.
            const auto expected = static_cast<std::uint64_t>(id - 4 * p.batch) *
                                  static_cast<std::uint64_t>(p.sockets) / static_cast<std::uint64_t>(p.pieces);
            while (id > 4 * p.batch && hub.count().delivered < expected && steady::now() < end)
                std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    }
}

int serve(const plan& p) {
    int ready[2];
    int go[2];
    int port_pipe[2];
    if (pipe(ready) != 0 || pipe(go) != 0 || pipe(port_pipe) != 0) fail("pipe");
    const pid_t child = fork(); // before any thread
    if (child == 0) {
        close(go[1]);
        unsigned short port = 0;
        if (read(port_pipe[0], &port, sizeof port) != sizeof port) fail("pipe");
        run_clients(p, port, ready[1], go[0]);
    }
    realtime::options o;
    o.sockets = 20'000;
    realtime::hub hub(o, services_of_bench(), system_clock_source());
    hub.start();
    {
        test::loopback_server server(hub);
        const long before = resident_kb();
        const unsigned short port = server.port();
        if (write(port_pipe[1], &port, sizeof port) != sizeof port) fail("pipe");
        char byte = 0;
        if (read(ready[0], &byte, 1) != 1) fail("clients");
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        if (p.idle) {
            std::this_thread::sleep_for(std::chrono::duration<double>(p.seconds));
            const long after = resident_kb();
            std::printf("%d idle sockets: %ld KB, %.2f KB each\n", p.sockets, after - before,
                        static_cast<double>(after - before) / p.sockets);
        } else {
            publish_for(hub, p);
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
        }
        close(go[1]);
        int status = 0;
        waitpid(child, &status, 0);
        hub.stop(std::chrono::seconds(3));
        rusage use{};
        getrusage(RUSAGE_SELF, &use);
        std::printf("server: %.2f s of processor, resident %ld KB, slow %llu\n",
                    static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                        static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
                    resident_kb(), static_cast<unsigned long long>(hub.count().slow_closed));
        return status == 0 ? 0 : 1;
    }
}

} // namespace

int main(int argc, char** argv) {
    plan p;
    for (int i = 1; i < argc; ++i) {
        const std::string_view a = argv[i];
        const auto value = [&] { return i + 1 < argc ? std::atof(argv[++i]) : 0.0; };
        if (a == "--rate")
            p.rate = static_cast<int>(value());
        else if (a == "--seconds")
            p.seconds = value();
        else if (a == "--batch")
            p.batch = static_cast<int>(value());
        else if (a == "--pieces")
            p.pieces = std::max(1, static_cast<int>(value()));
        else if (a == "--idle")
            p.idle = true;
        else
            p.sockets = std::atoi(argv[i]);
    }
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    return serve(p);
}
