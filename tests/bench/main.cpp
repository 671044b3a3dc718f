// chat-centre-load: the load client of scripts/bench. See usage below.

#include "listener.hpp"
#include "network.hpp"
#include "poster.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace chat_centre::bench {
namespace {

using json = nlohmann::json;

constexpr std::string_view usage = R"(chat-centre-load <measurement> --port N [--host A] [options]

post      messages accepted per second, and how long each took
  --key K --connections 64 --users 1000 --seconds 5 (or --count N) --warmup 1
fanout    deliveries per second to staff sockets, with never more than --window messages on their way
  --key K --login email:password --sockets 200 --connections 16 --window 100 --seconds 5 --warmup 1 --topic all
  --rate N  posts a second instead of as many as the window lets through
live      delay from post to delivery at a moderate rate: fanout with --sockets 50 --rate 200
idle      memory of the server per open socket
  --login email:password --sockets 10000 --topic queue --pid P --settle 2

--pid P     also reports the memory of the server process P
--json      prints one JSON object instead of text
)";

class options {
public:
    options(int argc, char** argv) {
        for (int i = 2; i < argc; ++i) {
            const std::string_view name = argv[i];
            if (name.substr(0, 2) != "--") throw failure("unexpected argument " + std::string(name));
            if (name == "--json")
                values_["json"] = "1";
            else if (i + 1 < argc)
                values_[std::string(name.substr(2))] = argv[++i];
            else
                throw failure(std::string(name) + " needs a value");
        }
    }

    std::string text(const std::string& name, std::string fallback = {}) {
        const auto found = values_.find(name);
        if (found == values_.end()) return fallback;
        used_[name] = true;
        return found->second;
    }
    std::string required(const std::string& name) {
        auto value = text(name);
        if (value.empty()) throw failure("--" + name + " is required");
        return value;
    }
    int number(const std::string& name, int fallback) {
        const auto value = text(name);
        if (value.empty()) return fallback;
        char* end = nullptr;
        const long parsed = std::strtol(value.c_str(), &end, 10);
        if (*end != '\0' || parsed < 0 || parsed > 1'000'000'000)
            throw failure("--" + name + " must be a number");
        return static_cast<int>(parsed);
    }
    void refuse_unknown() const {
        for (const auto& [name, value] : values_)
            if (!used_.contains(name)) throw failure("unknown option --" + name);
    }

private:
    std::map<std::string, std::string> values_;
    std::map<std::string, bool> used_;
};

endpoint server_of(options& o) {
    return {o.text("host", "127.0.0.1"), static_cast<std::uint16_t>(std::atoi(o.required("port").c_str()))};
}

std::string token_of(options& o, const endpoint& server) {
    const auto login = o.required("login");
    const auto colon = login.find(':');
    if (colon == std::string::npos) throw failure("--login must be email:password");
    return sign_in(server, login.substr(0, colon), login.substr(colon + 1));
}

void add_memory(json& result, int pid) {
    if (pid == 0) return;
    const auto m = memory_of(pid);
    result["rss_mb"] = static_cast<double>(m.now_kb) / 1024;
    result["rss_peak_mb"] = static_cast<double>(m.peak_kb) / 1024;
}

void add_posts(json& result, const poster& posts, double seconds) {
    result["posts"] = posts.counted();
    result["posts_per_second"] = static_cast<double>(posts.counted()) / seconds;
    result["post_p50_ms"] = posts.latency().milliseconds_at(0.50);
    result["post_p99_ms"] = posts.latency().milliseconds_at(0.99);
    result["errors"] = posts.errors();
    if (posts.errors() > 0) result["first_error"] = posts.first_error();
}

struct timing {
    std::int64_t warmup_ns = 0, length_ns = 0;
};

timing timing_of(options& o) {
    return {o.number("warmup", 1) * std::int64_t{1'000'000'000},
            o.number("seconds", 5) * std::int64_t{1'000'000'000}};
}

// Posts until `until` or until done() says so; how many seconds that took.
double run_until(event_loop& loop, poster& posts, std::int64_t until, const std::function<bool()>& done) {
    const auto start = now_ns();
    while (now_ns() < until && !done()) {
        posts.pump();
        loop.run_once(1);
    }
    return static_cast<double>(now_ns() - start) / 1e9;
}

const auto never = [] { return false; };

// Lets every answer arrive: posts that are still on their way would disturb whatever is measured next.
void drain(event_loop& loop, poster& posts, const std::function<bool()>& done) {
    posts.may_send = never;
    run_until(loop, posts, now_ns() + 10'000'000'000, [&] { return posts.in_flight() == 0 && done(); });
}

json measure_posts(options& o) {
    post_settings settings;
    settings.server = server_of(o);
    settings.key = o.required("key");
    settings.connections = o.number("connections", 64);
    settings.users = o.number("users", 1000);
    settings.count = o.number("count", 0);
    const auto times = timing_of(o);
    const int pid = o.number("pid", 0);
    o.refuse_unknown();

    event_loop loop;
    poster posts(loop, settings);
    if (settings.count == 0) {
        run_until(loop, posts, now_ns() + times.warmup_ns, never);
        posts.reset();
    }
    forget_peak(pid);
    const auto done = [&] {
        return settings.count > 0 && posts.sent() >= settings.count && posts.in_flight() == 0;
    };
    const auto until = settings.count > 0 ? INT64_MAX : now_ns() + times.length_ns;
    const double seconds = run_until(loop, posts, until, done);
    json result{{"connections", settings.connections}, {"users", settings.users}, {"seconds", seconds}};
    add_posts(result, posts, seconds);
    add_memory(result, pid);
    drain(loop, posts, [] { return true; });
    return result;
}

json measure_fanout(options& o, int default_sockets, int default_rate) {
    listen_settings listening;
    listening.server = server_of(o);
    listening.token = token_of(o, listening.server);
    listening.topic = o.text("topic", "all");
    listening.sockets = o.number("sockets", default_sockets);
    post_settings posting;
    posting.server = listening.server;
    posting.key = o.required("key");
    posting.connections = o.number("connections", 16);
    posting.users = o.number("users", 1000);
    const int rate = o.number("rate", default_rate);
    const int window = o.number("window", 100);
    const auto times = timing_of(o);
    const int pid = o.number("pid", 0);
    o.refuse_unknown();

    allow_files(static_cast<std::uint64_t>(listening.sockets + posting.connections + 100));
    event_loop loop;
    listener sockets(loop, listening);
    sockets.open();
    poster posts(loop, posting);
    const auto start = now_ns();
    const auto on_their_way = [&] {
        return posts.sent() - posts.errors() - sockets.delivered() / listening.sockets;
    };
    if (rate > 0)
        posts.may_send = [&] { return posts.sent() * 1'000'000'000 < (now_ns() - start) * rate; };
    else
        posts.may_send = [&] { return on_their_way() < window && sockets.closed() == 0; };
    const auto cut = [&] { return sockets.closed() > 0; };

    run_until(loop, posts, start + times.warmup_ns, cut);
    posts.reset();
    sockets.reset();
    forget_peak(pid);
    const auto bytes = sockets.bytes();
    const double seconds = run_until(loop, posts, now_ns() + times.length_ns, cut);
    json result{{"sockets", listening.sockets}, {"seconds", seconds}, {"topic", listening.topic}};
    if (rate > 0)
        result["rate"] = rate;
    else
        result["window"] = window;
    result["deliveries_per_second"] = static_cast<double>(sockets.counted()) / seconds;
    result["megabytes_per_second"] = static_cast<double>(sockets.bytes() - bytes) / seconds / 1e6;
    result["delivery_p50_ms"] = sockets.delay().milliseconds_at(0.50);
    result["delivery_p99_ms"] = sockets.delay().milliseconds_at(0.99);
    add_posts(result, posts, seconds);
    add_memory(result, pid);

    // Every socket must get every message: let the rest arrive, and count what does not.
    drain(loop, posts, [&] { return cut() || on_their_way() <= 0; });
    result["closed_by_server"] = sockets.closed();
    result["missing"] = posts.accepted() * listening.sockets - sockets.delivered();
    return result;
}

json measure_idle(options& o) {
    listen_settings listening;
    listening.server = server_of(o);
    listening.token = token_of(o, listening.server);
    listening.topic = o.text("topic", "queue");
    listening.sockets = o.number("sockets", 10'000);
    const int pid = std::atoi(o.required("pid").c_str());
    const auto settle_ns = o.number("settle", 2) * std::int64_t{1'000'000'000};
    o.refuse_unknown();

    allow_files(static_cast<std::uint64_t>(listening.sockets + 100));
    event_loop loop;
    const auto before = memory_of(pid);
    listener sockets(loop, listening);
    const auto start = now_ns();
    sockets.open();
    const double seconds = static_cast<double>(now_ns() - start) / 1e9;
    for (const auto until = now_ns() + settle_ns; now_ns() < until;) loop.run_once(50);
    const auto after = memory_of(pid);
    return {{"sockets", listening.sockets},
            {"topic", listening.topic},
            {"opened_in_seconds", seconds},
            {"rss_before_mb", static_cast<double>(before.now_kb) / 1024},
            {"rss_after_mb", static_cast<double>(after.now_kb) / 1024},
            {"kb_per_socket", static_cast<double>(after.now_kb - before.now_kb) / listening.sockets},
            {"closed_by_server", sockets.closed()}};
}

int run(int argc, char** argv) {
    const std::string_view measurement = argc > 1 ? argv[1] : "";
    if (measurement.empty() || measurement == "--help" || measurement == "-h") {
        std::fputs(usage.data(), measurement.empty() ? stderr : stdout);
        return measurement.empty() ? 2 : 0;
    }
    options o(argc, argv);
    const bool as_json = !o.text("json").empty();
    json result;
    if (measurement == "post")
        result = measure_posts(o);
    else if (measurement == "fanout")
        result = measure_fanout(o, 200, 0);
    else if (measurement == "live")
        result = measure_fanout(o, 50, 200);
    else if (measurement == "idle")
        result = measure_idle(o);
    else
        throw failure("unknown measurement " + std::string(measurement) + "; see --help");
    result["measurement"] = measurement;
    if (as_json) {
        std::puts(result.dump().c_str());
        return 0;
    }
    for (const auto& [name, value] : result.items())
        std::printf("%-22s %s\n", name.c_str(), value.dump().c_str());
    return 0;
}

} // namespace
} // namespace chat_centre::bench

int main(int argc, char** argv) {
    try {
        return chat_centre::bench::run(argc, argv);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "chat-centre-load: %s\n", e.what());
        return 1;
    }
}
