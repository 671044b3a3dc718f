// The hub where it is easy to be wrong: resumes while events flow, peers that do not read, hostile frames.

#include "fake_centre.hpp"
#include "socket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

using namespace chat_centre;
using namespace chat_centre::test;
using namespace std::chrono_literals;
using event::scope;

namespace {

// Publishes until told to stop.
class publisher {
public:
    publisher(fake_centre& centre, std::chrono::microseconds pause,
              std::function<std::vector<event::entry>(int)> make)
        : thread_([this, &centre, pause, make = std::move(make)] {
              for (int i = 0; !stop_; ++i) {
                  centre.append(make(i));
                  std::this_thread::sleep_for(pause);
              }
          }) {}
    ~publisher() { end(); }
    publisher(const publisher&) = delete;
    publisher& operator=(const publisher&) = delete;
    void end() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

// Reads a client's events so that the cursor of a resume is what a dashboard would keep.
struct dashboard {
    std::int64_t cursor = 0;
    std::vector<std::int64_t> ids;

    void take(const json& frame) {
        if (frame["type"] == "subscribed" || frame["type"] == "heartbeat")
            cursor = std::max<std::int64_t>(cursor, frame["head"]);
        if (frame["type"] != "events") return;
        for (const json& e : frame["events"]) {
            ids.push_back(e["id"]);
            cursor = std::max<std::int64_t>(cursor, e["id"]);
        }
    }
};

} // namespace

TEST_CASE("100 cuts while events flow: none missing, none twice, always in order", "[realtime][threads]") {
    fake_centre centre;
    centre.delay_up_to_us = 2000;
    centre.page_size = 7;
    centre.conversation(1, with_3);
    centre.conversation(2, with_4);
    centre.conversation(3, waiting);
    std::mt19937 random(3);
    publisher flow(centre, 300us, [](int i) {
        std::vector<event::entry> batch;
        for (int k = 0; k <= i % 3; ++k)
            batch.push_back((i + k) % 3 == 0   ? message_event(1, with_3)
                            : (i + k) % 3 == 1 ? message_event(2, with_4)
                                               : message_event(3, waiting));
        return batch;
    });
    dashboard agent; // sees conversations 1 and 3
    dashboard customer;
    for (int round = 0; round < 100; ++round) {
        const bool staff = round % 2 == 0;
        dashboard& d = staff ? agent : customer;
        socket_client c(centre.port(), staff ? "/ws" : "/ws/CONV-2", staff ? "agent-3" : "customer-2");
        const json hello = *c.next();
        if (round % 7 == 0) std::this_thread::sleep_for(5ms);
        json f = {{"type", "subscribe"}, {"since", d.cursor}};
        if (staff) f["topics"] = {"queue", "mine", "conversation:CONV-1"};
        c.send(f);
        const int frames = 1 + static_cast<int>(random() % 40);
        for (int i = 0; i < frames; ++i) {
            const auto got = c.next();
            REQUIRE(got);
            REQUIRE((*got)["type"] != "resync");
            d.take(*got);
        }
        c.cut();
    }
    flow.end();
    // The last time: everything up to the end.
    for (dashboard* d : {&agent, &customer}) {
        const bool staff = d == &agent;
        socket_client c(centre.port(), staff ? "/ws" : "/ws/CONV-2", staff ? "agent-3" : "customer-2");
        json f = {{"type", "subscribe"}, {"since", d->cursor}};
        if (staff) f["topics"] = {"queue", "mine"};
        c.send(f);
        for (bool done = false; !done;) {
            const auto got = c.next();
            REQUIRE(got);
            d->take(*got);
            done = (*got)["type"] == "subscribed";
        }
    }
    std::vector<std::int64_t> for_agent;
    std::vector<std::int64_t> for_customer;
    for (const event::entry& e : centre.log())
        (e.conversation == 2 ? for_customer : for_agent).push_back(e.id);
    CHECK(agent.ids == for_agent);
    CHECK(customer.ids == for_customer);
    CHECK(centre.hub().count().resyncs == 0);
}

TEST_CASE("topics added one by one while events flow", "[realtime][threads]") {
    fake_centre centre;
    centre.delay_up_to_us = 1000;
    for (std::int64_t id = 1; id <= 4; ++id) centre.conversation(id, with_3);
    publisher flow(centre, 300us,
                   [](int i) { return std::vector<event::entry>{message_event(1 + i % 4, with_3)}; });
    std::this_thread::sleep_for(20ms);
    socket_client c(centre.port(), "/ws", "agent-3");
    dashboard d;
    for (const char* topic :
         {"conversation:CONV-2", "conversation:CONV-4", "queue", "conversation:CONV-1", "mine"}) {
        c.send({{"type", "subscribe"}, {"topics", {topic}}, {"since", 0}}); // not waiting: they queue
        if (std::string(topic) == "queue") std::this_thread::sleep_for(10ms);
    }
    for (int subscribed = 0; subscribed < 5;) {
        const auto got = c.next();
        REQUIRE(got);
        d.take(*got);
        subscribed += (*got)["type"] == "subscribed";
    }
    flow.end();
    const auto last = static_cast<std::int64_t>(centre.log().size());
    while (d.ids.empty() || *std::max_element(d.ids.begin(), d.ids.end()) < last) {
        const auto got = c.next();
        REQUIRE(got);
        d.take(*got);
    }
    // Older events of a later topic come later; but all come, and once.
    std::sort(d.ids.begin(), d.ids.end());
    REQUIRE(static_cast<std::int64_t>(d.ids.size()) == last);
    CHECK(std::adjacent_find(d.ids.begin(), d.ids.end()) == d.ids.end());
}

TEST_CASE("a long replay waits for the reader instead of overflowing its queue", "[realtime][threads]") {
    realtime::options o;
    o.queue_bytes = 64 * 1024;
    fake_centre centre(o);
    centre.page_size = 500;
    std::vector<event::entry> many;
    for (int i = 0; i < 5000; ++i) many.push_back(message_event(1, with_3, std::string(1000, 'x')));
    const std::int64_t last = centre.append(many);
    // The hub has handed all of it out, so that the log alone brings it to the slow reader.
    const auto passed = [&] { return socket_client(centre.port(), "/ws", "agent-3").until("hello")["head"]; };
    REQUIRE(eventually([&] { return passed() >= last; }));
    socket_client c(centre.port(), "/ws", "agent-3", 4096);
    c.send({{"type", "subscribe"}, {"topics", {"mine"}}, {"since", 0}});
    std::this_thread::sleep_for(200ms);
    c.event([](const json& e) { return e["id"] == 5000; });
    CHECK(c.events.size() == 5000);
    CHECK(centre.hub().count().slow_closed == 0);
}

TEST_CASE("who does not read is closed with 4408 and harms nobody", "[realtime][threads]") {
    realtime::options o;
    o.sweep = 20ms;
    o.close_grace = 200ms;
    o.queue_bytes = 512 * 1024;
    fake_centre centre(o);
    std::vector<std::unique_ptr<socket_client>> slow;
    for (int i = 0; i < 5; ++i) {
        slow.push_back(std::make_unique<socket_client>(centre.port(), "/ws", "admin-1", 4096));
        slow.back()->subscribe({"all"});
    }
    socket_client healthy(centre.port(), "/ws", "admin-2");
    healthy.subscribe({"all"});
    std::int64_t last = 0;
    // The kernel takes some megabytes before our queue begins to fill.
    for (int i = 0; i < 400 && centre.hub().count().slow_closed < 5; ++i) {
        std::vector<event::entry> batch;
        for (int k = 0; k < 64; ++k) batch.push_back(message_event(1, with_3, std::string(1000, 'y')));
        last = centre.append(batch);
        while (healthy.events.empty() || healthy.events.back()["id"] < last) healthy.until("events");
        healthy.events.erase(healthy.events.begin(), healthy.events.end() - 1);
    }
    CHECK(centre.hub().count().slow_closed == 5);
    CHECK(eventually([&] { return centre.hub().count().open == 1; }));
    healthy.barrier();
}

TEST_CASE("a peer that is silent is closed; one that answers pings is not", "[realtime][threads]") {
    realtime::options o;
    o.sweep = 20ms;
    o.heartbeat = std::chrono::seconds(1);
    o.silence_limit = std::chrono::seconds(2);
    o.close_grace = 100ms;
    fake_centre centre(o);
    socket_client quiet(centre.port(), "/ws", "admin-1"); // nobody reads, so nobody answers
    socket_client alive(centre.port(), "/ws", "admin-2");
    const auto until = std::chrono::steady_clock::now() + 3500ms;
    bool beat = false;
    while (std::chrono::steady_clock::now() < until) {
        if (const auto f = alive.next(100ms)) beat = beat || (*f)["type"] == "heartbeat";
    }
    CHECK(beat);
    CHECK_FALSE(alive.closed);
    CHECK(eventually([&] { return centre.hub().count().open == 1; }));
    alive.barrier();
}

TEST_CASE("bad frames get an error frame and never a close", "[realtime][threads]") {
    realtime::options o;
    o.frames_per_second = 1000;
    fake_centre centre(o);
    socket_client c(centre.port(), "/ws", "admin-1");
    c.next();
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string(50'000, '['),
          std::string(R"({"type":"x"})"), std::string(R"({"type":"subscribe","topics":{}})"),
          R"({"type":"ping","x":")" + std::string(60'000, 'x') + "\n\"}"}) {
        c.send_text(text);
        CHECK(c.until("error")["code"].is_string());
    }
    c.send_binary(R"({"type":"ping"})");
    CHECK(c.until("error")["code"] == "invalid_json");
    c.send_text(R"({"type":"ping","x":")" + std::string(60'000, 'x') + "\"}"); // long, and good
    c.until("pong");

    // What is against RFC 6455 itself is closed, as it says.
    socket_client huge(centre.port(), "/ws", "admin-1");
    huge.send_text(std::string(70'000, ' '));
    CHECK(huge.wait_closed() == 1009);
    socket_client unmasked(centre.port(), "/ws", "admin-1");
    unmasked.send_raw(std::string("\x81\x02{}", 4));
    CHECK(unmasked.wait_closed() == 1002);
    socket_client not_utf8(centre.port(), "/ws", "admin-1");
    not_utf8.send_text("\xc3\x28");
    CHECK(not_utf8.wait_closed() == 1007);
    c.barrier();
}

TEST_CASE("too many frames: an error frame, and the socket goes on", "[realtime][threads]") {
    fake_centre centre;
    socket_client c(centre.port(), "/ws", "admin-1");
    c.next();
    for (int i = 0; i < 500; ++i) c.send_text(R"({"type":"ping"})");
    CHECK(c.until("error")["code"] == "rate_limited");
    std::this_thread::sleep_for(500ms);
    c.barrier();
    CHECK(centre.hub().count().frames > 400);
}

TEST_CASE("random bytes and random frames leave the hub standing", "[realtime][threads]") {
    realtime::options o;
    o.frames_per_second = 1'000'000;
    o.sweep = 20ms;
    o.close_grace = 100ms;
    fake_centre centre(o);
    centre.conversation(12, with_3);
    std::mt19937 random(9);
    const std::vector<std::string> seeds = {
        R"({"type":"subscribe","topics":["queue","conversation:CONV-12"],"since":0,"ref":"r"})",
        R"({"type":"typing","conversation_id":"CONV-12","typing":true})",
        R"({"type":"message","conversation_id":"CONV-12","message":"hi"})",
        R"({"type":"unsubscribe","topics":["queue"]})",
        R"({"type":"auth","token":"agent-3"})",
        R"({"type":"ping"})"};
    for (int round = 0; round < 20; ++round) {
        socket_client c(centre.port(), "/ws", "agent-3");
        for (int i = 0; i < 150; ++i) {
            std::string text = seeds[random() % seeds.size()];
            for (auto n = random() % 3; n > 0; --n)
                text[random() % text.size()] = static_cast<char>(random() % 128);
            c.send_text(text);
        }
        if (round % 2 == 0) {
            std::string noise(200, '\0');
            for (char& b : noise) b = static_cast<char>(random());
            c.send_raw(noise);
        }
        if (round % 3 == 0) c.cut();
    }
    socket_client c(centre.port(), "/ws", "admin-1");
    c.barrier();
    CHECK(eventually([&] { return centre.hub().count().open == 1; }));
}

TEST_CASE("sockets come and go while events flow and rights change", "[realtime][threads]") {
    realtime::options o;
    o.sweep = 10ms;
    o.close_grace = 50ms;
    o.presence_grace = 20ms;
    fake_centre centre(o);
    centre.conversation(1, with_3);
    centre.delay_up_to_us = 500;
    {
        publisher flow(centre, 200us, [](int i) {
            return std::vector<event::entry>{
                i % 5 == 0 ? update_event(1, i % 2 ? with_3 : with_4, i % 2 ? with_4 : with_3)
                           : message_event(1, with_3)};
        });
        std::vector<std::thread> people;
        for (int p = 0; p < 4; ++p) {
            people.emplace_back([&centre, p] {
                for (int i = 0; i < 25; ++i) {
                    socket_client c(centre.port(), "/ws", p % 2 ? "agent-3" : "manager-2");
                    c.send({{"type", "subscribe"},
                            {"topics", {"queue", "mine", "conversation:CONV-1"}},
                            {"since", 0}});
                    c.send({{"type", "viewing"}, {"conversation_id", "CONV-1"}, {"viewing", true}});
                    c.next();
                    if (i % 8 == 0) centre.change(3, staff_member(role::agent, 3, {i % 3 + 7}));
                    (void)centre.hub().viewers(1);
                    (void)centre.hub().online(3);
                    c.cut();
                }
            });
        }
        for (auto& t : people) t.join();
    }
    CHECK(eventually([&] { return centre.hub().count().open == 0; }));
    CHECK(centre.hub().viewers(1).empty());
    CHECK(eventually([&] { return !centre.hub().online(3) && !centre.hub().online(2); }));
}
