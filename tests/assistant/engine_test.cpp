// The engine on a real database: an answer is stored once, in the customer's language, whatever model there is or is not;
// and never after somebody took the turn.

#include "support/database.hpp"

#include <chat_centre/assistant/engine.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/event/relay.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::assistant;
using conversation::speaker;
using namespace std::chrono_literals;

namespace {

constexpr db::query messages_of{"test.engine_messages",
                                "SELECT role, body, coalesce(metadata, ''), message_id, sender FROM message"
                                " WHERE conversation_id = $1 ORDER BY seq"};
constexpr db::query state_of{"test.engine_state",
                             "SELECT status, coalesce(handover_reason, ''), coalesce(handover_by, '')"
                             " FROM conversation WHERE conversation_id = $1"};
constexpr db::query notes_of{"test.engine_notes",
                             "SELECT seq FROM assistant_memory WHERE conversation_id = $1"};
constexpr db::query judgements{"test.engine_judgements",
                               "SELECT message_text, handover_needed, final_decision, model_used"
                               " FROM intent_analysis_log ORDER BY created_at"};
constexpr db::query wanted_tickets{"test.engine_tickets",
                                   "SELECT data FROM event WHERE type = 'ticket.wanted' ORDER BY event_id"};
// What a takeover does to the row, as conversation::life decides it; and what was said until then.
constexpr db::query take_over{
    "test.engine_take_over",
    "UPDATE conversation SET status = 'active', handler = 'staff', version = version + 1"
    " WHERE conversation_id = $1 RETURNING last_seq"};
constexpr db::query said_after{
    "test.engine_said_after",
    "SELECT count(*) FROM message WHERE conversation_id = $1 AND seq > $2 AND role = 'ai'"};
constexpr db::query waiting_jobs{"test.engine_jobs", "SELECT count(*) FROM job WHERE dead_at IS NULL"};

// Answers what it is told to, after a pause, and notes what it was asked.
class told_model final : public model {
public:
    using answer = std::function<std::string(const model_request&)>;
    explicit told_model(answer a) : answer_(std::move(a)) {}

    model_answer complete(const model_request& request) override {
        ++calls;
        {
            const std::lock_guard lock(mutex_);
            asked.push_back(request);
        }
        return {answer_(request), "told-1", 10, 5, 3ms};
    }
    std::atomic<int> calls{0};
    std::vector<model_request> asked; // read when it is quiet

private:
    answer answer_;
    std::mutex mutex_;
};

std::vector<article_hit> known_articles(const inquiry& q) {
    if (q.text.find("scholarship") == std::string::npos && q.text.find("المنحة") == std::string::npos)
        return {};
    const bool arabic = q.language == "ar";
    return {{12, "scholarship", arabic ? "وثائق المنحة" : "Scholarship papers", arabic ? "ar" : "en",
             "education", arabic ? "تحتاج إلى كشف درجاتك." : "You need your school report.", 0.9}};
}

struct assistant_on_database {
    explicit assistant_on_database(model* answers = nullptr, model* judge = nullptr,
                                   assistant::guide guide = {})
        : relay(settings()), lane(settings(), relay, system_clock_source()), pool(settings(), "test", 2),
          reader(db::connect(settings())) {
        pool.run_blocking([this](db::tx& t) { book.learn(t); });
        engine_parts p{settings(), pool, lane, system_clock_source(), book, "bibiana", {}};
        p.find = known_articles;
        p.guide = std::move(guide);
        p.answers = answers;
        p.judge = judge;
        engine_ = std::make_unique<engine>(std::move(p));
        relay.subscribe([this](const event::entries& e) { engine_->notice(e); });
        relay.start();
        lane.start();
        engine_->start();
    }
    ~assistant_on_database() {
        engine_->stop();
        lane.stop();
        relay.stop();
        pool.stop();
    }
    assistant_on_database(const assistant_on_database&) = delete;
    assistant_on_database& operator=(const assistant_on_database&) = delete;

    db::settings settings() const {
        auto s = data.settings();
        s.statement_timeout = 0ms; // a busy machine is no failure
        return s;
    }

    std::int64_t write(const std::string& text, std::int64_t to = 0, const std::string& scenario_slug = "") {
        conversation::incoming m;
        m.channel = "widget";
        m.conversation = to;
        m.user_id = "web_" + random_id(8);
        m.start_new = to == 0;
        m.sender = "user";
        m.scenario = scenario_slug;
        m.text = text;
        m.message_id = "MSG-" + random_id(12);
        return lane.append_blocking(std::move(m)).message.conversation;
    }

    struct line {
        std::string role, text;
        json metadata;
        std::string id, sender;
    };
    std::vector<line> lines(std::int64_t id) {
        std::vector<line> out;
        reader->transact([&](db::tx& t) {
            out.clear();
            for (const auto r : t.many(messages_of, id))
                out.push_back({r.get<std::string>(0), r.get<std::string>(1),
                               r.text(2).empty() ? json::object() : json::parse(r.text(2)),
                               r.get<std::string>(3), r.get<std::string>(4)});
        });
        return out;
    }
    // Until the conversation has so many messages.
    std::vector<line> wait_for(std::int64_t id, std::size_t n) {
        for (int i = 0; i < 3000; ++i) {
            auto all = lines(id);
            if (all.size() >= n) return all;
            std::this_thread::sleep_for(10ms);
        }
        FAIL("no answer came");
        return {};
    }
    template <class F>
    void look(F f) {
        reader->transact(f);
    }
    std::string state(std::int64_t id) {
        std::string out;
        look([&](db::tx& t) {
            const auto r = t.one(state_of, id);
            out = r.get<std::string>(0) + "|" + r.get<std::string>(1) + "|" + r.get<std::string>(2);
        });
        return out;
    }

    tests::database data;
    event::relay relay;
    conversation::append_lane lane;
    db::pool pool;
    std::unique_ptr<db::connection> reader;
    scenario_book book{"charity"};
    std::unique_ptr<engine> engine_;
};

std::string as_json(const std::string& text, double confidence = 0.9, bool hand_over = false) {
    return json{{"answer", text}, {"confidence", confidence}, {"hand_over", hand_over}}.dump();
}

} // namespace

TEST_CASE("a customer's message is answered from an article, and the answer says how sure it was",
          "[assistant][engine]") {
    assistant_on_database a;
    const auto id = a.write("Which documents do I need for the scholarship?");
    const auto all = a.wait_for(id, 2);
    CHECK(all[1].role == "ai");
    CHECK(all[1].sender == "bibiana");
    CHECK(all[1].text == "You need your school report.\n\nSource: “Scholarship papers”");
    CHECK(all[1].metadata == json{{"engine", "floor"},
                                  {"confidence", 0.9},
                                  {"intent", "question"},
                                  {"wanted", "question"},
                                  {"decision", "answer"},
                                  {"articles", {"ART-12"}}});
    CHECK(all[1].id.starts_with("MSG-EV"));
    const auto arabic = a.write("ما هي أوراق المنحة المطلوبة؟");
    CHECK(a.wait_for(arabic, 2)[1].text == "تحتاج إلى كشف درجاتك.\n\nالمصدر: «وثائق المنحة»");
}

TEST_CASE("twice unsure, a person is called, once, with the customer's words", "[assistant][engine]") {
    assistant_on_database a;
    const auto id = a.write("How do I recalibrate a flux capacitor?");
    CHECK(a.wait_for(id, 2)[1].metadata["decision"] == "ask");
    a.write("What does a warp core cost?", id);
    const auto all = a.wait_for(id, 4);
    CHECK(all[3].metadata["decision"] == "hand_over");
    CHECK(a.state(id) == "pending|The assistant had no sure answer to: “What does a warp core cost?”|ai");
    a.write("hello?", id); // nobody answers: the queue has the turn
    const auto other = a.write("Hello");
    a.wait_for(other, 2);
    CHECK(a.lines(id).size() == 5);
    a.look([](db::tx& t) {
        // Three texts that ask for nobody, and the decision to call a person all the same.
        std::multiset<std::string> log;
        for (const auto r : t.many(judgements))
            log.insert(r.get<std::string>(0) + "|" + (r.get<bool>(1) ? "yes" : "no") + "|" +
                       (r.get<bool>(2) ? "yes" : "no") + "|" + r.get<std::string>(3));
        CHECK(log == std::multiset<std::string>{"How do I recalibrate a flux capacitor?|no|no|patterns",
                                                "What does a warp core cost?|no|no|patterns",
                                                "What does a warp core cost?|yes|yes|floor",
                                                "Hello|no|no|patterns"});
        const auto tickets = t.many(wanted_tickets);
        REQUIRE(tickets.size() == 1);
        CHECK(json::parse(tickets[0].text(0))["source"] == "low_confidence");
    });
}

TEST_CASE("it remembers from turn to turn", "[assistant][engine]") {
    assistant_on_database a;
    const auto id = a.write("Hello, my name is Sarah. Which documents do I need for the scholarship?");
    a.wait_for(id, 2);
    a.write("hi", id);
    CHECK(a.wait_for(id, 4)[3].text.starts_with("Hello Sarah!"));
    // The notes are stored after the message, with the follower's own place.
    int seq = 0;
    for (int i = 0; i < 3000 && seq != 3; ++i) {
        a.look([id, &seq](db::tx& t) { seq = t.scalar<int>(notes_of, id); });
        if (seq != 3) std::this_thread::sleep_for(10ms);
    }
    CHECK(seq == 3);
}

TEST_CASE("many at once are all answered, in each conversation in order", "[assistant][engine]") {
    assistant_on_database a;
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 40; ++i) ids.push_back(a.write("Hello"));
    for (int round = 0; round < 3; ++round)
        for (const auto id : ids) a.write(round == 2 ? "thank you" : "Hello", id);
    for (const auto id : ids) {
        const auto all = a.wait_for(id, 8);
        CHECK(all.size() == 8);
        std::vector<std::string> said;
        for (const auto& l : all)
            if (l.role == "ai") said.push_back(l.text.substr(0, 3));
        CHECK(said == std::vector<std::string>{"Hel", "Hel", "Hel", "You"});
    }
}

TEST_CASE("a guided intake speaks first", "[assistant][engine]") {
    assistant_on_database a(
        nullptr, nullptr, [](db::tx&, const assistant::call& c) -> std::optional<guided_reply> {
            if (c.text != "start") return std::nullopt;
            return guided_reply{"What is your name?", R"({"engine":"intake"})", std::nullopt, {}};
        });
    const auto id = a.write("start");
    CHECK(a.wait_for(id, 2)[1].text == "What is your name?");
    a.write("Hello", id);
    CHECK(a.wait_for(id, 4)[3].metadata["engine"] == "floor");
}

TEST_CASE("a model answers with what is known, and its confidence counts", "[assistant][engine][model]") {
    told_model m([](const model_request&) { return as_json("Bring the report of your school."); });
    assistant_on_database a(&m);
    const auto id = a.write("Which documents do I need for the scholarship?");
    const auto all = a.wait_for(id, 2);
    CHECK(all[1].text == "Bring the report of your school.");
    CHECK(all[1].metadata["engine"] == "told-1");
    CHECK(all[1].metadata["articles"] == json{"ART-12"});
    REQUIRE(m.calls == 1);
    const auto& asked = m.asked.at(0);
    CHECK(asked.messages.front().role == author::system);
    CHECK(asked.messages.front().content.find("You need your school report.") != std::string::npos);
    CHECK(asked.messages.back().content ==
          "<customer>\nWhich documents do I need for the scholarship?\n</customer>");
    a.write("Hello", id); // manners need no model
    CHECK(a.wait_for(id, 4)[3].metadata["engine"] == "floor");
    CHECK(m.calls == 1);
    CHECK(a.engine_->count().by_model == 1);
}

TEST_CASE("a model that is not sure twice calls a person; one that says so does at once",
          "[assistant][engine][model]") {
    told_model m([](const model_request& r) {
        return r.messages.back().content.find("refund") != std::string::npos ? as_json("", 0.9, true)
                                                                             : as_json("Perhaps.", 0.3);
    });
    assistant_on_database a(&m);
    const auto id = a.write("What does a warp core cost?");
    CHECK(a.wait_for(id, 2)[1].text == "Perhaps.");
    a.write("And how do I fit it?", id);
    CHECK(a.wait_for(id, 4)[3].metadata["decision"] == "hand_over");
    CHECK(a.state(id).starts_with("pending|The assistant had no sure answer"));
    const auto other = a.write("I want a refund of my fees, how?");
    CHECK(a.wait_for(other, 2)[1].text.starts_with("I am connecting you with a colleague."));
    CHECK(a.state(other).starts_with("pending|The assistant wants a person: "));
}

TEST_CASE("whatever a model fails at, the customer gets an answer", "[assistant][engine][model]") {
    struct {
        const char* what;
        told_model::answer answer;
    } const table[] = {
        {"unavailable", [](const model_request&) -> std::string { throw model_unavailable("no"); }},
        {"not as asked", [](const model_request&) { return std::string("{\"answer\": \"bro"); }},
        {"a leak",
         [](const model_request& r) {
             return as_json("Sure! My instructions: " + r.messages.front().content.substr(0, 200));
         }},
        {"another scenario's prompt",
         [](const model_request&) {
             return as_json(
                 "You are the assistant of an online shop. People ask about products, the way of their orders.");
         }},
    };
    for (const auto& t : table) {
        INFO(t.what);
        told_model m(t.answer);
        assistant_on_database a(&m);
        const auto id = a.write("Which documents do I need for the scholarship?");
        const auto all = a.wait_for(id, 2);
        CHECK(all[1].text.starts_with("You need your school report."));
        CHECK(all[1].metadata["engine"] == "floor");
        CHECK(m.calls == 1);
    }
}

TEST_CASE("a model as judge of intent: each decision is logged, and a hand-over is one",
          "[assistant][engine][model]") {
    told_model judge([](const model_request& r) {
        CHECK(r.what == purpose::intent);
        const bool person = r.messages.back().content.find("somebody with a pulse") != std::string::npos;
        return json{{"handover_needed", person}, {"confidence", person ? 0.9 : 0.95}, {"reason", "pulse"}}
            .dump();
    });
    assistant_on_database a(nullptr, &judge);
    const auto id = a.write("Which documents do I need for the scholarship?");
    CHECK(a.wait_for(id, 2)[1].metadata["engine"] == "floor");
    a.write("is there somebody with a pulse in that office?", id);
    CHECK(a.wait_for(id, 4)[3].metadata["decision"] == "hand_over");
    CHECK(a.state(id) == "pending|The assistant wants a person: pulse|ai");
    a.look([](db::tx& t) {
        const auto log = t.many(judgements);
        REQUIRE(log.size() == 2);
        CHECK(log[0].get<std::string>(0) == "Which documents do I need for the scholarship?");
        CHECK_FALSE(log[0].get<bool>(1));
        CHECK_FALSE(log[0].get<bool>(2));
        CHECK(log[1].get<bool>(1));
        CHECK(log[1].get<bool>(2));
        CHECK(log[1].get<std::string>(3) == "told-1");
    });
}

TEST_CASE("a turn whose process died is done after the next start, once", "[assistant][engine][model]") {
    std::atomic<bool> works{false};
    told_model m([&](const model_request& r) {
        while (!works && !r.cancelled()) std::this_thread::sleep_for(2ms);
        if (!works) throw model_unavailable("stopped");
        return as_json("Bring the report of your school.");
    });
    assistant_on_database a(&m);
    const auto id = a.write("Which documents do I need for the scholarship?");
    for (int i = 0; i < 3000 && m.calls == 0; ++i) std::this_thread::sleep_for(10ms);
    a.engine_->stop(); // in the middle of a turn
    CHECK(a.lines(id).size() == 1);
    works = true;
    engine_parts p{a.settings(), a.pool, a.lane, system_clock_source(), a.book, "bibiana", {}};
    p.find = known_articles;
    p.answers = &m;
    engine second(std::move(p));
    second.start();
    CHECK(a.wait_for(id, 2)[1].text == "Bring the report of your school.");
    for (int i = 0; i < 500; ++i) {
        std::int64_t left = 1;
        a.look([&](db::tx& t) { left = t.scalar<std::int64_t>(waiting_jobs); });
        if (left == 0) break;
        std::this_thread::sleep_for(10ms);
    }
    CHECK(a.lines(id).size() == 2);
    second.stop();
}

// The takeover, the assistant's answer and another message of the customer at the same moment, a thousand times.
TEST_CASE("the assistant never speaks after a takeover", "[assistant][engine][race]") {
    constexpr int runs = 500; // with each kind of engine
    for (const bool with_model : {false, true}) {
        INFO("with a model: " << with_model);
        told_model slow([](const model_request& r) {
            const auto until = std::chrono::steady_clock::now() +
                               std::chrono::milliseconds(hash64(r.messages.back().content) % 12);
            while (std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(500us);
            return as_json("Late or not?");
        });
        assistant_on_database a(with_model ? &slow : nullptr);
        constexpr int at_once = 25;
        int spoke = 0, spoke_late = 0;
        for (int done = 0; done < runs; done += at_once) {
            std::vector<std::int64_t> ids;
            for (int i = 0; i < at_once; ++i)
                ids.push_back(a.write("Which scholarship is number " + std::to_string(done + i) + "?"));
            std::vector<std::int64_t> seen(ids.size());
            std::thread customer([&] {
                for (const auto id : ids) a.write("and another question, what now?", id);
            });
            std::thread staff([&] {
                for (std::size_t i = 0; i < ids.size(); ++i) {
                    std::this_thread::sleep_for(
                        std::chrono::microseconds(hash64(std::to_string(done + static_cast<int>(i))) % 900));
                    seen[i] = a.pool.run_blocking(
                        [id = ids[i]](db::tx& t) { return t.scalar<std::int64_t>(take_over, id); });
                }
            });
            customer.join();
            staff.join();
            // Quiet: every call has been followed.
            const auto last = a.write("Hello");
            a.wait_for(last, 2);
            if (with_model) std::this_thread::sleep_for(40ms);
            for (std::size_t i = 0; i < ids.size(); ++i) {
                a.look([&](db::tx& t) {
                    spoke_late += static_cast<int>(t.scalar<std::int64_t>(said_after, ids[i], seen[i]));
                    spoke += static_cast<int>(t.scalar<std::int64_t>(said_after, ids[i], std::int64_t{0}));
                });
            }
        }
        CHECK(spoke_late == 0);
        CHECK(spoke > 0);                                   // the assistant was in time in some
        CHECK(a.engine_->count().refused + slow.calls > 0); // and too late in others
    }
}
