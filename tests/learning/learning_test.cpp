// What is learned from conversations, and how the knowledge is measured.

#include "support/database.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/db/query.hpp>
#include <chat_centre/learning/learning.hpp>
#include <chat_centre/learning/mining.hpp>
#include <chat_centre/learning/training.hpp>
#include <chat_centre/quality/anonymise.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::learning;

namespace {

const std::string good_answer =
    "You can send it by e-mail or bring it to our office on any weekday before noon.";

std::optional<question_and_answer> found(const std::vector<line>& lines,
                                         std::optional<int> rating = std::nullopt) {
    return find_question(lines, rating);
}

anonymiser masks() {
    return [](std::string_view text, const std::vector<std::string>& customer,
              const std::vector<std::string>& staff) { return quality::anonymise(text, {customer, staff}); };
}

} // namespace

TEST_CASE("a question that a colleague answered well may be an article", "[learning]") {
    const line asked{"user", "How can I send my transcript to you?"};
    const line answered{"staff", good_answer};
    const auto one =
        found({{"user", "Hello"}, asked, {"ai", "I do not know."}, answered, {"user", "Thank you!"}}, 5);
    REQUIRE(one);
    CHECK(one->question == asked.text);
    CHECK(one->answer == good_answer);
    CHECK(found({{"user", "كيف أرسل كشف الدرجات إليكم؟"}, answered}));

    struct {
        const char* why;
        std::vector<line> lines;
        std::optional<int> rating;
    } const refused[] = {
        {"rated badly", {asked, answered}, 3},
        {"nobody of staff", {asked, {"ai", good_answer}}, {}},
        {"the customer wrote again before", {asked, {"user", "Hello?"}, answered}, {}},
        {"not pleased", {asked, answered, {"user", "That is terrible, you are useless"}}, {}},
        {"too short an answer", {asked, {"staff", "Yes."}}, {}},
        {"a question back",
         {asked, {"staff", "Could you tell me first which school you went to and which year it was?"}},
         {}},
        {"no question", {{"user", "My transcript is in the attachment"}, answered}, {}},
        {"too short a question", {{"user", "Why?"}, answered}, {}},
        {"a name in the question", {{"user", "How can I send it to [staff] in your team?"}, answered}, {}},
        {"a number in the answer",
         {asked, {"staff", "Please send it to [phone] as a photo, or bring it to us in person."}},
         {}},
        {"nothing", {}, {}},
    };
    for (const auto& r : refused) {
        INFO(r.why);
        CHECK_FALSE(found(r.lines, r.rating));
    }
}

TEST_CASE("the same question in other words is one candidate", "[learning]") {
    const std::vector<std::string> known{"When does the evening course start?",
                                         "How can I send my transcript to you?", "كيف أرسل كشف الدرجات؟"};
    CHECK(same_question("how can I send my transcripts to you", known) == 1);
    CHECK(same_question("كيف ارسل كشف درجات", known) == 2);
    CHECK_FALSE(same_question("What does delivery to Kenya cost?", known));
    CHECK_FALSE(same_question("", known));
    CHECK_FALSE(same_question("anything", {}));
}

TEST_CASE("questions of a file", "[learning]") {
    const auto q =
        read_questions("# a remark\n\nen\thow do I pay\tpayment-methods refund-time\nar\tنكتة\t-\nen\thm\n");
    REQUIRE(q.size() == 3);
    CHECK(q[0].right == std::vector<std::string>{"payment-methods", "refund-time"});
    CHECK(q[1].judged);
    CHECK(q[1].right.empty());
    CHECK_FALSE(q[2].judged);
    CHECK_THROWS(read_questions("no tab\n"));
    CHECK_THROWS(read_questions("en\t\tx\n"));
}

TEST_CASE("answers are counted as they were judged", "[learning]") {
    const std::vector<asked_question> asked{{"en", "a", true, {"x"}, {}},  {"en", "b", true, {"x"}, {}},
                                            {"en", "c", true, {}, {}},     {"en", "d", false, {}, {}},
                                            {"en", "e", false, {}, {"y"}}, {"en", "f", true, {"x"}, {}}};
    const find_answer find = [](const asked_question& q) -> std::optional<found_answer> {
        if (q.text == "f") return std::nullopt;
        if (q.text == "b") return found_answer{"x", 0.5}; // too unsure
        if (q.text == "a") return found_answer{"x", 0.6}; // at the threshold
        return found_answer{"y", 0.9};
    };
    const auto e = evaluate(asked, find, 0.6);
    CHECK(e.questions == 6);
    CHECK(e.answered == 4);
    CHECK(e.judged == 3);
    CHECK(e.correct == 1);
    CHECK(e.silent == 2);
    CHECK(e.outcomes.at("b").empty());
    const auto stricter = evaluate(asked, find, 0.7);
    CHECK(stricter.answered == 3);
    const auto text = report(stricter, e);
    CHECK(text.find("50.0 %") != std::string::npos);
    CHECK(text.find("1 answers changed") != std::string::npos);
    CHECK(text.find("x -> (no answer)") != std::string::npos);
    CHECK(report(e, std::nullopt).find("before") == std::string::npos);
    CHECK(evaluate({}, find, 0.6).precision() == 1);
}

TEST_CASE("what learned weights change is told", "[learning]") {
    const std::vector<asked_question> asked{{"en", "a", true, {"x"}, {}}};
    const auto with = evaluate(asked, [](const auto&) { return found_answer{"x", 0.7}; }, 0.6);
    const auto without = evaluate(asked, [](const auto&) { return found_answer{"y", 0.7}; }, 0.6);
    CHECK(difference(with, without).find("changes 1 answers") != std::string::npos);
    CHECK(difference(with, without).find("y -> x") != std::string::npos);
    CHECK(difference(with, with).find("changes none") != std::string::npos);
}

TEST_CASE("a model is worse from more than one in a hundred on", "[learning]") {
    struct {
        std::size_t texts, in_use, fresh;
        bool worse;
    } const table[] = {{100, 90, 91, false},   {100, 90, 89, false},  {100, 90, 88, true},
                       {600, 500, 494, false}, {600, 500, 493, true}, {5, 5, 4, false},
                       {5, 5, 3, true},        {0, 0, 0, false}};
    for (const auto& r : table) {
        INFO(r.texts << " texts, " << r.in_use << " then, " << r.fresh << " now");
        CHECK(worse({r.texts, r.fresh, 1}, {r.texts, r.in_use, 1}) == r.worse);
    }
}

TEST_CASE("what a model has to reach is kept beside it", "[learning]") {
    const record r{{120, 110, 7777777777777777777U}, 42};
    const auto back = read_record(to_text(r));
    REQUIRE(back);
    CHECK(back->to_reach.texts == 120);
    CHECK(back->to_reach.right == 110);
    CHECK(back->to_reach.fingerprint == r.to_reach.fingerprint);
    CHECK(back->model == 42);
    CHECK_FALSE(read_record(""));
    CHECK_FALSE(read_record(to_text(r) + "x"));
    CHECK_FALSE(read_record(to_text(r).substr(0, 60)));
    CHECK_FALSE(read_record(to_text({{1, 2, 3}, 4})));
    const auto all = analysis::shipped_examples(analysis::task::intent);
    const auto apart = held_out(all);
    CHECK(apart.size() + without_held_out(all).size() == all.size());
    CHECK(apart.size() > all.size() / 20);
    CHECK(apart.size() < all.size() / 5);
}

TEST_CASE("what people did is collected once, and nobody is named in it", "[learning]") {
    const tests::database data;
    data.script(R"(
        INSERT INTO staff (email, name, password_hash, role) VALUES ('a@example.org', 'Sarah Johnson', 'x', 'agent');
        INSERT INTO contact (name, created_at, updated_at) VALUES ('John Doe', now(), now());
        INSERT INTO conversation (contact_id, channel, session_id, user_id, user_name, status, resolved_at, rating, created_at,
                                  updated_at)
        SELECT contact_id, 'widget', 's' || n, 'u' || n, 'John Doe', 'resolved', timestamptz '2026-01-02 10:00+0' + n * interval '1 s', 5,
               now(), now()
        FROM contact, generate_series(1, 2) n;
        INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, staff_id, body, at,
                             received_at, metadata)
        SELECT c.conversation_id, m.seq, 'widget', c.conversation_id || '-' || m.seq, 0, m.role, '', m.staff, m.body,
               now(), now(), m.metadata
        FROM conversation c, (VALUES
            (1, 'user', NULL::bigint, 'How can I send my transcript to you?', NULL),
            (2, 'ai', NULL, 'By e-mail, John Doe.', '{"intent": "question", "articles": ["ART-3", 7, "x"]}'),
            (3, 'staff', 1, 'You can send it by e-mail or bring it to our office on any weekday before noon.', NULL),
            (4, 'user', NULL, 'Thank you, Sarah Johnson', NULL)) AS m (seq, role, staff, body, metadata);
        INSERT INTO message_feedback (conversation_id, seq, given_by, feedback, at)
        VALUES (1, 2, 'customer', 'up', '2026-01-02 09:00+0'), (2, 2, 'customer', 'down', '2026-01-02 09:01+0');
    )");
    db::pool pool(data.settings(), "test", 1);
    const auto now = from_postgres("2026-01-03 00:00:00+00");
    const auto number = [&pool](const char* name, const char* sql) {
        return pool.run_blocking(
            [name, sql](db::tx& t) { return t.scalar<std::int64_t>(db::query{name, sql}); });
    };
    for (int again = 0; again < 2; ++again) {
        CHECK_FALSE(pool.run_blocking([now](db::tx& t) { return collect(t, masks(), now); }));
        CHECK(number("test.n1", "SELECT count(*) FROM training_example") == 3);
        CHECK(
            number("test.n2",
                   "SELECT count(*) FROM training_example WHERE task = 'answer' AND label = 'ART-3' AND good") ==
            1);
        CHECK(number("test.n3", "SELECT count(*) FROM training_example WHERE task = 'answer' AND NOT good") ==
              1);
        CHECK(number("test.n4", "SELECT count(*) FROM faq_candidate WHERE asked = 2 AND rating = 5") == 1);
    }
    const auto examples = pool.run_blocking([](db::tx& t) { return feedback_examples(t, "intent"); });
    REQUIRE(examples.size() == 1);
    CHECK(examples[0].label == "question");
    CHECK(examples[0].text == "How can I send my transcript to you?");
    const auto past = pool.run_blocking([](db::tx& t) { return past_questions(t, 100); });
    REQUIRE(past.size() == 2);
    CHECK((past[0].judged || past[1].judged));

    pool.run_blocking([now](db::tx& t) {
        evaluation e;
        e.threshold = 0.6;
        e.questions = 2;
        e.answered = 1;
        e.outcomes = {{"a \"b\"", "x"}, {"c", ""}};
        CHECK_FALSE(last_run(t, "file"));
        store_run(t, "file", e, now);
        const auto last = last_run(t, "file");
        REQUIRE(last);
        CHECK(last->outcomes == e.outcomes);
        CHECK(last->answered == 1);
        CHECK_FALSE(last_run(t, "other"));
    });
}
