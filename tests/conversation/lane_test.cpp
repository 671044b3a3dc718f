// The append lane on a real database: acked is stored, once, in a dense order, whatever else is in the batch.

#include "conversation/builders.hpp"
#include "conversation/store.hpp"
#include "support/database.hpp"

#include <chat_centre/conversation/append_lane.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using namespace chat_centre::tests;

namespace {

constexpr db::query stored_messages{"test.messages", "SELECT count(*) FROM message"};
constexpr db::query stored_conversations{"test.conversations", "SELECT count(*) FROM conversation"};
constexpr db::query stored_contacts{"test.contacts", "SELECT count(*) FROM contact"};
constexpr db::query stored_threads{"test.threads", "SELECT count(*) FROM thread"};
constexpr db::query stored_turns{"test.turns", "SELECT count(*) FROM turn"};
constexpr db::query stored_intents{"test.intents", "SELECT count(*) FROM intent_analysis_log"};

db::settings patient(const database& data) {
    auto s = data.settings();
    s.lock_timeout = s.statement_timeout = std::chrono::milliseconds(0); // a busy machine is no failure
    return s;
}

struct lane_on_database {
    explicit lane_on_database(std::size_t most_waiting = 8192)
        : lane(patient(data), relay, system_clock_source(), most_waiting), reader(db::connect(patient(data))) {
        relay.start();
    }
    ~lane_on_database() {
        lane.stop();
        relay.stop();
    }

    // All of them in one batch: they wait before the lane starts.
    std::vector<std::variant<receipt, error>> together(std::vector<incoming> items) {
        io.restart();
        const auto guard = boost::asio::make_work_guard(io);
        std::vector<std::optional<std::variant<receipt, error>>> answers(items.size());
        std::size_t open = items.size();
        const auto post = [](append_lane& to, incoming m) -> boost::asio::awaitable<receipt> {
            co_return co_await to.append(std::move(m));
        };
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto done = [&, i](const std::exception_ptr& failed, receipt r) {
                try {
                    if (failed) std::rethrow_exception(failed);
                    answers[i] = std::move(r);
                } catch (const error& e) {
                    answers[i] = e;
                }
                if (--open == 0) io.stop();
            };
            boost::asio::co_spawn(io, post(lane, std::move(items[i])), done);
        }
        io.poll();
        lane.start();
        io.run_for(std::chrono::minutes(2));
        REQUIRE(open == 0);
        std::vector<std::variant<receipt, error>> out;
        out.reserve(answers.size());
        for (auto& a : answers) out.push_back(std::move(*a));
        return out;
    }

    std::vector<stored_message> messages(std::int64_t conversation) {
        std::vector<stored_message> out;
        reader->transact([&](db::tx& t) { out = messages_after(t, conversation, 0, 100'000); });
        return out;
    }
    std::int64_t count(const db::query& q) {
        std::int64_t n = 0;
        reader->transact([&](db::tx& t) { n = t.scalar<std::int64_t>(q); });
        return n;
    }
    std::vector<event::entry> events() {
        std::vector<event::entry> out;
        reader->transact([&](db::tx& t) { out = event::read(t, 0, 100'000); });
        return out;
    }

    database data;
    event::relay relay{patient(data)};
    boost::asio::io_context io; // outlives the lane, whose thread posts to it
    append_lane lane;
    std::unique_ptr<db::connection> reader;
};

std::string told(const std::variant<receipt, error>& a) {
    if (const auto* e = std::get_if<error>(&a)) return std::to_string(e->status());
    const auto& r = std::get<receipt>(a);
    return (r.duplicate ? "=" : "") + std::to_string(r.message.seq);
}

} // namespace

TEST_CASE("many writers on few conversations: dense, all of it, once", "[conversation][lane]") {
    lane_on_database db;
    db.lane.start();
    constexpr int threads = 16;
    constexpr int each = 200;
    constexpr int users = 5;
    std::vector<std::vector<receipt>> receipts(threads);
    std::atomic<int> failures{0};
    std::vector<std::thread> writers;
    for (int w = 0; w < threads; ++w)
        writers.emplace_back([&, w] {
            for (int i = 0; i < each; ++i) {
                try {
                    auto m = said("USER-" + std::to_string(i % users),
                                  std::to_string(w) + "." + std::to_string(i));
                    receipts[static_cast<std::size_t>(w)].push_back(db.lane.append_blocking(m));
                    // Every tenth is sent again, as after a lost answer.
                    if (i % 10 == 0 && !db.lane.append_blocking(m).duplicate) ++failures;
                } catch (const std::exception&) {
                    ++failures;
                }
            }
        });
    for (auto& t : writers) t.join();
    REQUIRE(failures == 0);
    CHECK(db.lane.count().stored == threads * each);
    CHECK(db.lane.count().duplicates == threads * each / 10);
    CHECK(db.count(stored_messages) == threads * each);
    CHECK(db.count(stored_conversations) == users);
    CHECK(db.count(stored_contacts) == users);
    CHECK(db.count(stored_threads) == users);

    std::map<std::int64_t, std::map<int, std::string>> acked;
    for (const auto& list : receipts) {
        std::map<std::int64_t, int> last; // one writer's messages keep their order
        for (const auto& r : list) {
            CHECK(acked[r.message.conversation].emplace(r.message.seq, r.message.message_id).second);
            CHECK(r.message.seq > last[r.message.conversation]);
            last[r.message.conversation] = r.message.seq;
        }
    }
    REQUIRE(acked.size() == users);
    for (const auto& [conversation, wanted] : acked) {
        const auto stored = db.messages(conversation);
        REQUIRE(stored.size() == threads * each / users);
        for (std::size_t i = 0; i < stored.size(); ++i) {
            CHECK(stored[i].seq == static_cast<int>(i) + 1);
            CHECK(wanted.at(stored[i].seq) == stored[i].message_id);
            if (i > 0) CHECK(stored[i].received_at >= stored[i - 1].received_at);
        }
        row c;
        db.reader->transact([&, id = conversation](db::tx& t) { c = lock_any(t, id); });
        CHECK(c.last_seq == static_cast<int>(stored.size()));
    }

    // The log has each message once, in the order of its conversation.
    std::map<std::int64_t, int> next;
    std::int64_t id = 0;
    int messages = 0;
    for (const auto& e : db.events()) {
        CHECK(e.id == ++id);
        if (e.type != "message.new") continue;
        ++messages;
        CHECK(json::parse(e.data)["seq"] == ++next[e.conversation]);
    }
    CHECK(messages == threads * each);
}

TEST_CASE("in a batch with one row that cannot be stored only that one fails", "[conversation][lane]") {
    lane_on_database db;
    std::vector<incoming> items;
    for (int i = 0; i < 20; ++i) items.push_back(said("USER-1", "m" + std::to_string(i)));
    SECTION("bytes that are no text") { items[7].text = "broken \xff byte"; }
    SECTION("a sender that is no text") { items[7].sender = "\xc3"; }
    SECTION("a NUL") { items[7].text = std::string("a\0b", 3); }
    items[9] = items[3]; // and a retry among them
    const auto answers = db.together(items);
    std::string all;
    for (const auto& a : answers) all += told(a) + " ";
    CHECK(all == "1 2 3 4 5 6 7 422 8 =4 9 10 11 12 13 14 15 16 17 18 ");
    CHECK(db.lane.count().retried_singly == 1);
    CHECK(db.count(stored_messages) == 18);
    const auto stored = db.messages(std::get<receipt>(answers[0]).message.conversation);
    for (std::size_t i = 0; i < stored.size(); ++i) CHECK(stored[i].seq == static_cast<int>(i) + 1);
}

TEST_CASE("a batch is one transaction", "[conversation][lane]") {
    lane_on_database db;
    std::vector<incoming> items;
    for (int i = 0; i < 100; ++i)
        items.push_back(said("USER-" + std::to_string(i % 7), "m" + std::to_string(i)));
    const auto answers = db.together(items);
    for (const auto& a : answers) CHECK(std::holds_alternative<receipt>(a));
    CHECK(db.lane.count().batches == 1);
    CHECK(db.lane.count().stored == 100);
    CHECK(db.count(stored_conversations) == 7);
}

TEST_CASE("a conversation begun, handed over and answered in one batch is stored as that",
          "[conversation][lane]") {
    lane_on_database db;
    auto ask = said("USER-1", "m1", "talk to a human");
    ask.handover = handover_signal{.reason = "asked"};
    ask.user_name = "John";
    ask.category = "Medical";
    ask.priority = "high";
    const auto answers = db.together({ask, said_by(speaker::staff, "USER-1", "m2"), said("USER-1", "m3")});
    for (const auto& a : answers) REQUIRE(std::holds_alternative<receipt>(a));
    CHECK(db.lane.count().batches == 1);
    const auto& last = std::get<receipt>(answers[2]);
    row c;
    db.reader->transact([&](db::tx& t) { c = lock_any(t, last.message.conversation); });
    CHECK(c.status == "pending");
    CHECK(c.handler == "queue");
    CHECK(c.user_name == "John");
    CHECK(c.category == "Medical");
    CHECK(c.priority == "high");
    CHECK(c.last_seq == 3);
    CHECK(c.version == 3);
    CHECK(c.last_role == "user");
    CHECK(c.handover_reason == "asked");
    CHECK(c.handover_by == "user");
    CHECK(c.waiting_since == last.message.received_at);
    CHECK(c.handover_at == last.message.received_at);
    CHECK(c.first_response_at == last.message.received_at);
    CHECK(c.last_at == last.message.received_at);
    CHECK(db.count(stored_turns) == 1);
    CHECK(db.count(stored_intents) == 1);
}

TEST_CASE("a message comes back as it was sent", "[conversation][lane]") {
    lane_on_database db;
    db.lane.start();
    auto m = said("USER-\"{},\\ 1", "id \"{},\\ '",
                  "text with \"quotes\", {braces}, \\back\\slashes, 'ticks', NULL,\n"
                  "two lines, عربي and 😀");
    m.sender = "O'Brien \\ {x}";
    m.session_id = "s,1";
    m.user_name = "NULL";
    m.client_message_id = "c-1";
    m.metadata = R"({"a":"\"{}\\"})";
    m.at = at("2024-10-21T16:45:00.123456Z");
    const auto r = db.lane.append_blocking(m);
    const auto stored = db.messages(r.message.conversation);
    REQUIRE(stored.size() == 1);
    CHECK(stored[0].text == m.text);
    CHECK(stored[0].sender == m.sender);
    CHECK(stored[0].message_id == m.message_id);
    CHECK(stored[0].client_message_id == "c-1");
    CHECK(stored[0].at == m.at);
    CHECK(to_json(stored[0]) == to_json(r.message)); // the answer is what is stored
    row c;
    db.reader->transact([&](db::tx& t) { c = lock_any(t, r.message.conversation); });
    CHECK(c.user_id == m.user_id);
    CHECK(c.user_name == "NULL");
    CHECK(c.session_id == m.session_id);
}

TEST_CASE("retries and conflicts find what is stored", "[conversation][lane]") {
    lane_on_database db;
    db.lane.start();
    auto m = said("USER-1", "m1");
    m.idempotency_key = "key-1";
    const auto first = db.lane.append_blocking(m);
    CHECK_FALSE(first.duplicate);
    auto again = m;
    again.message_id = "another"; // the key alone finds it
    auto r = db.lane.append_blocking(again);
    CHECK(r.duplicate);
    CHECK(r.message.message_id == "m1");
    CHECK(to_json(r.message) == to_json(first.message));
    again = m;
    again.idempotency_key.clear(); // the id alone, too
    CHECK(db.lane.append_blocking(again).duplicate);
    again.body_hash = 1;
    try {
        (void)db.lane.append_blocking(again);
        FAIL("stored under a used id");
    } catch (const error& e) {
        CHECK(e.status() == 409);
    }
    CHECK(db.count(stored_messages) == 1);
}

TEST_CASE("two servers share one database", "[conversation][lane]") {
    lane_on_database db;
    event::relay other_relay(patient(db.data));
    append_lane other(patient(db.data), other_relay, system_clock_source());
    other_relay.start();
    db.lane.start();
    other.start();
    std::atomic<int> failures{0};
    std::atomic<int> stored{0};
    std::vector<std::thread> writers;
    // The same messages through both: each is stored by one and a replay for the other.
    for (int w = 0; w < 4; ++w)
        writers.emplace_back([&, w] {
            append_lane& mine = w % 2 == 0 ? db.lane : other;
            for (int i = 0; i < 60; ++i) {
                try {
                    const auto r =
                        mine.append_blocking(said("USER-" + std::to_string(i % 3), "m" + std::to_string(i)));
                    if (!r.duplicate) ++stored;
                } catch (const std::exception&) {
                    ++failures;
                }
            }
        });
    for (auto& t : writers) t.join();
    other.stop();
    other_relay.stop();
    CHECK(failures == 0);
    CHECK(stored == 60);
    CHECK(db.count(stored_messages) == 60);
    CHECK(db.count(stored_conversations) == 3);
    std::int64_t id = 0;
    for (const auto& e : db.events()) CHECK(e.id == ++id);
}

TEST_CASE("a lane that remembers a thread notices that another server moved it", "[conversation][lane]") {
    lane_on_database db;
    event::relay other_relay(patient(db.data));
    append_lane other(patient(db.data), other_relay, system_clock_source());
    other_relay.start();
    db.lane.start();
    other.start();
    const auto first = db.lane.append_blocking(said("USER-1", "m1")).message.conversation;
    // Twice: the second time from memory.
    CHECK(db.lane.append_blocking(said("USER-1", "m2")).message.conversation == first);
    CHECK(db.lane.append_blocking(said("USER-1", "m3")).message.conversation == first);
    auto anew = said("USER-1", "m4");
    anew.start_new = true;
    const auto second = other.append_blocking(std::move(anew)).message.conversation;
    REQUIRE(second != first);
    CHECK(db.lane.append_blocking(said("USER-1", "m5")).message.conversation == second);
    CHECK(db.lane.append_blocking(said("USER-1", "m6")).message.conversation == second);
    CHECK(db.messages(first).size() == 3);
    CHECK(db.messages(second).size() == 3);
    other.stop();
    other_relay.stop();
}

TEST_CASE("a closed conversation goes on in one successor", "[conversation][lane]") {
    lane_on_database db;
    db.lane.start();
    const auto first = db.lane.append_blocking(said("USER-1", "m1")).message.conversation;
    db.data.script("UPDATE conversation SET status = 'closed', resolved_at = now()");
    auto named = said("", "m2");
    named.conversation = first;
    const auto next = db.lane.append_blocking(named).message.conversation;
    CHECK(next != first);
    named.message_id = "m3";
    CHECK(db.lane.append_blocking(named).message.conversation == next);
    CHECK(db.lane.append_blocking(said("USER-1", "m4")).message.conversation == next);
    row c;
    db.reader->transact([&](db::tx& t) { c = lock_any(t, next); });
    CHECK(c.previous == first);
    CHECK(c.last_seq == 3);
    CHECK(db.count(stored_contacts) == 1);
}

TEST_CASE("a full lane says so and keeps its word to the rest", "[conversation][lane]") {
    lane_on_database db(3);
    std::vector<incoming> items;
    for (int i = 0; i < 5; ++i) items.push_back(said("USER-1", "m" + std::to_string(i)));
    std::string all;
    for (const auto& a : db.together(items)) all += told(a) + " ";
    CHECK(all == "1 2 3 503 503 ");
    CHECK(db.lane.count().refused == 2);
    CHECK(db.count(stored_messages) == 3);
    db.lane.stop();
    try {
        (void)db.lane.append_blocking(said("USER-1", "late"));
        FAIL("taken after the stop");
    } catch (const error& e) {
        CHECK(e.status() == 503);
        CHECK(e.retry_after());
    }
}
