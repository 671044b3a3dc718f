#include "builders.hpp"
#include "realtime/shared_frames.hpp"

#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::realtime;
using namespace chat_centre::test;

namespace {

std::vector<event::entry> events_of(int n) {
    std::vector<event::entry> out;
    for (int i = 0; i < n; ++i) {
        out.push_back(message_event(12, {}, "text " + std::to_string(i)));
        out.back().id = i + 1;
        out.back().public_data = R"({"public":true})";
    }
    return out;
}

} // namespace

TEST_CASE("sockets with the same events share one frame", "[realtime]") {
    const auto events = events_of(2);
    shared_frames frames;
    frames.next_event(events[0]);
    auto a = frames.add(shared_frames::root, rendition::staff);
    auto b = frames.add(shared_frames::root, rendition::staff);
    auto c = frames.add(shared_frames::root, rendition::customer);
    CHECK(a == b);
    CHECK(a != c);
    frames.next_event(events[1]);
    b = frames.add(b, rendition::staff);
    const frame shared = frames.encoded(a);
    CHECK(frames.encoded(a) == shared);
    CHECK(frames.count(b) == 2);
    CHECK(json::parse(*frames.encoded(b))["events"].size() == 2);
    CHECK(json::parse(*frames.encoded(c))["events"][0]["data"]["public"] == true);

    frames.reset();
    CHECK(json::parse(*shared)["events"][0]["id"] == 1); // what was handed out lives on
    frames.next_event(events[1]);
    CHECK(json::parse(*frames.encoded(
              frames.add(shared_frames::root, rendition::stub)))["events"][0]["data"]["visible"] == false);
}

TEST_CASE("random subsets: the right events, and as many frames as there are different subsets", "[realtime]") {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        const auto events = events_of(1 + static_cast<int>(random() % 12));
        const std::size_t sockets = 1 + random() % 60;
        const unsigned habits = 1 + random() % 5; // sockets with the same habit get the same
        std::vector<shared_frames::node_id> at(sockets, shared_frames::root);
        std::vector<std::string> expected(sockets);
        shared_frames frames;
        for (std::size_t i = 0; i < events.size(); ++i) {
            frames.next_event(events[i]);
            for (std::size_t s = 0; s < sockets; ++s) {
                const unsigned choice =
                    (static_cast<unsigned>(i) * 7 + static_cast<unsigned>(s) % habits * 3) % 4;
                const auto r = static_cast<rendition>(choice);
                if (r == rendition::hidden) continue;
                at[s] = frames.add(at[s], r);
                expected[s] += (expected[s].empty() ? "" : ",") + render(events[i], r);
            }
        }
        std::map<std::string, const std::string*> seen;
        for (std::size_t s = 0; s < sockets; ++s) {
            if (expected[s].empty()) {
                CHECK(at[s] == shared_frames::root);
                continue;
            }
            const frame f = frames.encoded(at[s]);
            CHECK(*f == R"({"type":"events","events":[)" + expected[s] + "]}");
            const auto [it, fresh] = seen.try_emplace(*f, f.get());
            CHECK(it->second == f.get()); // the same bytes are the same object
        }
    }
}
