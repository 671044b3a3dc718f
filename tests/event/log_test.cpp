// The log's promise: ids dense and in commit order, whatever rolls back and however many write at once.

#include "event/builders.hpp"
#include "support/database.hpp"

#include <chat_centre/base/json.hpp>
#include <chat_centre/event/event.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::event;
using tests::event_of;

namespace {

constexpr db::query synchronous_commit{"test.synchronous_commit", "SHOW synchronous_commit"};

std::vector<entry> all(db::connection& c) {
    std::vector<entry> out;
    c.transact([&out](db::tx& t) { out = read(t, 0, 100'000); });
    return out;
}

} // namespace

TEST_CASE("an event comes back as it was written", "[event][log]") {
    const tests::database data;
    const auto c = db::connect(data.settings());
    entry full = event_of("conversation.update", R"({"text":"ع \"x\" \\ , {}"})");
    full.conversation = 7;
    full.who = audience::conversation_public;
    full.now = {3, 4, true};
    full.before = scope{0, 4, false};
    full.public_data = R"({"status":"pending"})";
    std::vector<entry> batch{full, event_of("settings.changed")};
    c->transact([&batch](db::tx& t) { CHECK(append(t, batch) == 1); });
    CHECK(batch[0].id == 1);
    CHECK(batch[1].id == 2);

    const auto got = all(*c);
    REQUIRE(got.size() == 2);
    CHECK(got[0].id == 1);
    CHECK(got[0].type == full.type);
    CHECK(got[0].at == full.at);
    CHECK(got[0].conversation == 7);
    CHECK(got[0].who == full.who);
    CHECK(got[0].now == full.now);
    CHECK(got[0].before == full.before);
    CHECK(got[0].data == full.data);
    CHECK(got[0].public_data == full.public_data);
    CHECK(got[1].who == audience::internal);
    CHECK_FALSE(got[1].before);

    c->transact([](db::tx& t) {
        CHECK(head(t) == 2);
        CHECK(oldest(t) == 1);
        CHECK(read(t, 1, 10).size() == 1);
        CHECK(read(t, 0, 1).size() == 1);
        CHECK(read(t, 2, 10).empty());
        CHECK(read_internal(t, 0, {"settings.changed"}, 10).size() == 1);
        CHECK(read_internal(t, 0, {"conversation.update"}, 10).empty()); // not internal
        std::vector<entry> none;
        CHECK(append(t, none) == 0);
    });
    const auto j = json::parse(to_json(got[0], got[0].data));
    CHECK(j["id"] == 1);
    CHECK(j["at"] == "2026-11-20T10:00:00.123Z");
    CHECK(j["conversation_id"] == "CONV-7");
    CHECK(j["data"]["text"] == "ع \"x\" \\ , {}");
    CHECK(json::parse(to_json(got[1], ""))["conversation_id"].is_null());
}

TEST_CASE("a commit with events waits for the disk, in sessions that otherwise do not", "[event][log]") {
    const tests::database data;
    auto settings = data.settings();
    settings.synchronous_commit = false; // as followers have it
    const auto c = db::connect(settings);
    const auto waits = [](db::tx& t) { return t.scalar<std::string>(synchronous_commit) == "on"; };
    c->transact([&](db::tx& t) {
        CHECK_FALSE(waits(t));
        std::vector<entry> batch{event_of("settings.changed")};
        append(t, batch);
        CHECK(waits(t));
    });
    c->transact([&](db::tx& t) { CHECK_FALSE(waits(t)); });
}

TEST_CASE("what rolls back leaves no hole", "[event][log]") {
    const tests::database data;
    const auto c = db::connect(data.settings());
    for (int i = 0; i < 20; ++i) {
        try {
            c->transact([i](db::tx& t) {
                std::vector<entry> batch(static_cast<std::size_t>(i % 3 + 1), event_of(std::to_string(i)));
                append(t, batch);
                if (i % 2 == 0) throw std::runtime_error("changed my mind");
            });
        } catch (const std::runtime_error&) {
            CHECK(i % 2 == 0);
        }
    }
    const auto got = all(*c);
    CHECK(got.size() == 20);
    for (std::size_t i = 0; i < got.size(); ++i) {
        CHECK(got[i].id == static_cast<std::int64_t>(i) + 1);
        CHECK(std::stoi(got[i].type) % 2 == 1);
    }
}

TEST_CASE("a reader that follows the ids misses nothing while others write", "[event][log]") {
    const tests::database data;
    constexpr int writers = 4;
    constexpr int rounds = 40;
    std::atomic<int> writing{writers};
    std::atomic<bool> failed{false};
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
        threads.emplace_back([&, w] {
            try {
                auto settings = data.settings();
                settings.lock_timeout = std::chrono::milliseconds(0); // a busy machine is no failure
                settings.statement_timeout = std::chrono::milliseconds(0);
                const auto c = db::connect(settings);
                for (int i = 0; i < rounds; ++i) {
                    try {
                        c->transact([&](db::tx& t) {
                            std::vector<entry> batch(static_cast<std::size_t>(i % 3 + 1),
                                                     event_of(std::to_string(w), std::to_string(i)));
                            append(t, batch);
                            if (i % 5 == 4) throw std::invalid_argument("rolled back");
                        });
                    } catch (const std::invalid_argument&) { // NOLINT(bugprone-empty-catch): on purpose
                    }
                }
            } catch (...) {
                failed = true;
            }
            --writing;
        });

    const auto c = db::connect(data.settings());
    std::vector<entry> seen;
    for (bool last = false; !last;) {
        last = writing == 0; // read once more after the end
        c->transact([&seen](db::tx& t) {
            for (auto& e : read(t, seen.empty() ? 0 : seen.back().id, 50)) seen.push_back(std::move(e));
        });
        if (last) {
            const auto before = seen.size();
            c->transact([&seen](db::tx& t) {
                for (auto& e : read(t, seen.empty() ? 0 : seen.back().id, 50)) seen.push_back(std::move(e));
            });
            last = seen.size() == before;
        }
    }
    for (auto& t : threads) t.join();
    REQUIRE_FALSE(failed);

    // Dense: a reader that goes on from the last id saw every one of them.
    std::vector<int> last_round(writers, -1);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        CHECK(seen[i].id == static_cast<std::int64_t>(i) + 1);
        const auto w = static_cast<std::size_t>(std::stoi(seen[i].type));
        const int round = std::stoi(seen[i].data);
        CHECK(round >= last_round[w]); // each writer's own order is kept
        CHECK(round % 5 != 4);
        last_round[w] = round;
    }
    std::size_t expected = 0;
    for (int i = 0; i < rounds; ++i)
        if (i % 5 != 4) expected += static_cast<std::size_t>(i % 3 + 1);
    CHECK(seen.size() == expected * writers);
}
