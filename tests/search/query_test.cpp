// What somebody typed, turned into what the index is asked.

#include "search/query.hpp"
#include "search/snippet.hpp"

#include <chat_centre/search/indexer.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace chat_centre::search;

namespace {

std::string asked(std::string_view typed) { return ask(parse(typed), {2}, {}).messages.value_or("nothing"); }

term word(std::string w, bool prefix = false) {
    term t;
    t.word = std::move(w);
    t.prefix = prefix;
    return t;
}

} // namespace

TEST_CASE("words of a search", "[search]") {
    struct {
        const char* typed;
        const char* query;
    } const table[] = {
        {"Refund", "('refund':*)"},
        {"refund my ORDER", "('refund') & ('my') & ('order':*)"},
        {"order order", "('order':*)"},
        {"a", "('a')"}, // every word begins with some letter
        {"don't", "('dont':*)"},
        {"CONV-12", "('conv') & ('12':*)"},
        {"sarah.johnson@example.org", "('sarah') & ('johnson') & ('example') & ('org':*)"},
        {"المَدْرَسَةُ", "('المدرسه':*)"},
        {"إلى الأسعار", "('الي') & ('الاسعار':*)"},
        {"+263 77 123 4567", "('263771234567':* | '771234567' | ('263' & '77' & '123' & '4567'))"},
        {"0771234567", "('0771234567':* | '771234567')"},
        {"12345", "('12345':*)"},
        {"' | !(x)", "('x')"},
        {"a:* & b", "('a') & ('b')"},
    };
    for (const auto& t : table) {
        INFO(t.typed);
        CHECK(asked(t.typed) == t.query);
    }
    CHECK(parse("").empty());
    CHECK(parse(" ?! ").empty());
    std::string many;
    for (int i = 0; i < 50; ++i) many += "w" + std::to_string(i) + " ";
    CHECK(parse(many).size() == 10);
    CHECK(parse(std::string(500, 'x'))[0].word.size() == 60);
}

TEST_CASE("the Arabic article is a part of the word", "[search]") {
    const auto has = [](const char* word, const char* other) {
        const auto all = with_and_without_article(word);
        return std::find(all.begin(), all.end(), other) != all.end();
    };
    CHECK(has("منحه", "المنحه"));
    CHECK(has("المنحه", "منحه"));
    CHECK(has("دراسيه", "الدراسيه"));
    CHECK(has("للمنحه", "المنحه"));
    CHECK_FALSE(has("منحه", "منحه"));
    CHECK(with_and_without_article("الي").empty()); // a word of its own
    CHECK(with_and_without_article("refund").empty());
    CHECK(with_and_without_article("").empty());
}

TEST_CASE("messages and things are asked by words of their own", "[search]") {
    const std::vector<term> x{word("x")};
    struct {
        std::vector<int> kinds;
        std::vector<std::string> filters;
        std::optional<std::string> messages, things;
    } const table[] = {
        {{1, 2, 3, 4, 5}, {}, "('x')", "('=x')"},
        {{2}, {}, "('x')", std::nullopt},
        {{2}, {"billing"}, "('x')", std::nullopt}, // a message does not hold its conversation's category
        {{1, 2}, {"billing"}, "('x')", "('=x') & '=billing' & ('~k1')"},
        {{1, 3, 4, 5}, {}, std::nullopt, "('=x')"},
        {{3, 4}, {}, std::nullopt, "('=x') & ('~k3' | '~k4')"},
    };
    for (const auto& t : table) {
        const auto asked = ask(x, t.kinds, t.filters);
        CHECK(asked.messages == t.messages);
        CHECK(asked.things == t.things);
        CHECK_FALSE(asked.also);
    }
    CHECK(marks_of({16384, 40000}) == "'~s1' | '~s2'");
    CHECK(marks_of({0, 16384}) == "'~s0'");
    CHECK_FALSE(marks_of({0, 16384 * 65}));
}

TEST_CASE("an unfinished word", "[search]") {
    term t = word("refunds", true);
    t.forms = {"refund", "refunds"};
    t.typos = {"refuns"};
    CHECK(ask({t}, {2}, {}).messages == "('refunds':* | 'refund' | 'refuns')");
    t.longer = {"refunds", "refundsa"}; // the vocabulary has these: no other lists are read
    CHECK(ask({t}, {2}, {}).messages == "('refunds' | 'refundsa' | 'refund' | 'refuns')");
    // One that very many words share is read in the documents, if that is asked for; the other words choose them.
    t = word("re", true);
    t.longer = {"read", "refund"};
    t.broad = true;
    CHECK(ask({t}, {2}, {}).messages == "('re' | 'read' | 'refund')");
    auto read = ask({word("x"), t}, {1, 2}, {"vip"}, true);
    CHECK(read.messages == "('x')");
    CHECK(read.things == "('=x') & '=vip' & ('~k1')");
    CHECK(read.also == "(('re':*) | ('=re':*))");
    read = ask({t}, {1, 2, 3, 4, 5}, {}, true); // no other words: all documents of these kinds
    CHECK(read.messages == "'~k2'");
    CHECK(read.things == "('~k1' | '~k3' | '~k4' | '~k5')");
    CHECK_FALSE(ask({word("x")}, {2}, {}, true).also);
}

TEST_CASE("steps cover every document once", "[search]") {
    for (const std::int64_t newest : {1, 16383, 16384, 16385, 1'000'000, 50'000'000}) {
        INFO(newest);
        std::int64_t before = newest + 1;
        progress p;
        p.left = 5000;
        int step = 0;
        for (; before > 0 && step < 40; ++step) {
            const auto part = next_span(before, p);
            CHECK(part.before == before);
            REQUIRE(part.from < before);
            CHECK(part.from % 16384 == 0);
            p.segments = segments_in(part);
            before = part.from;
        }
        CHECK(before == 0);
        CHECK(step <= 2);
    }
}

TEST_CASE("a step is as long as what may still be judged", "[search]") {
    struct {
        progress p;
        std::int64_t segments;
        bool read;
    } const table[] = {
        {{0, 0, 5000}, 1, true},       // the first
        {{1, 0, 5000}, 1000, false},   // nothing found: all at once
        {{1, 31, 4969}, 160, false},   // that would be too many
        {{1, 100, 4900}, 16, false},   // 49 would do, too: the page may be full before
        {{1, 2000, 3000}, 1, true},    // common
        {{16, 1600, 3300}, 33, false}, // likely to hold 3,300
        {{16, 320, 4000}, 200, false}, {{16, 4999, 1}, 1, false},
    };
    for (const auto& t : table) {
        INFO(t.p.segments << " " << t.p.judged << " " << t.p.left);
        CHECK(segments_in(next_span(1000 * 16384, t.p)) == t.segments);
        CHECK(worth_reading(t.p) == t.read);
    }
}

TEST_CASE("distance counts letters, not bytes", "[search]") {
    CHECK(distance("refund", "refund", 2) == 0);
    CHECK(distance("refund", "refnud", 2) == 1); // swapped
    CHECK(distance("refund", "refunds", 2) == 1);
    CHECK(distance("refund", "rfnd", 2) == 2);
    CHECK(distance("refund", "invoice", 2) == 3); // no further than asked
    CHECK(distance("مدرسه", "مدرصه", 2) == 1);
    CHECK(distance("مدرسه", "مدسره", 2) == 1);
    CHECK(is_typo_of("scholarshp", "scholarship"));
    CHECK(is_typo_of("سكولارشب", "سكولارشيب"));
    CHECK_FALSE(is_typo_of("cat", "car")); // too short to tell
    CHECK_FALSE(is_typo_of("paper", "parcel"));
}

TEST_CASE("snippets", "[search]") {
    struct {
        const char* text;
        std::vector<term> terms;
        const char* snippet;
        double score;
    } const table[] = {
        {"I want a refund.", {word("refund")}, "I want a [[refund]].", 1.0},
        {"Refunds and REFUND", {word("refund", true)}, "[[Refunds]] and [[REFUND]]", 1.0},
        {"Refunds only", {word("refund", true)}, "[[Refunds]] only", 0.8},
        {"one two", {word("two"), word("three")}, "one [[two]]", 0.5},
        {"line\none", {word("one")}, "line [[one]]", 1.0},
        {"إلى المَدْرَسَةِ غدًا", {word("المدرسه")}, "إلى [[المَدْرَسَةِ]] غدًا", 1.0},
        {"nothing here", {word("x")}, "nothing here", 0.0},
        {"", {word("x")}, "", 0.0},
    };
    for (const auto& t : table) {
        const auto s = make_snippet(t.text, t.terms);
        CHECK(s.text == t.snippet);
        CHECK(s.score == t.score);
    }
    std::string longer;
    for (int i = 0; i < 100; ++i) longer += "كلمة ";
    const auto s = make_snippet(longer + "هنا " + longer, {word("هنا")});
    CHECK(s.text.find("[[هنا]]") != std::string::npos);
    CHECK(s.text.size() < 300);
    CHECK(s.text.starts_with("…"));
    CHECK(s.text.ends_with("…"));
    CHECK(nlohmann::json(s.text).dump().size() > s.text.size()); // cut between characters: still UTF-8
}

TEST_CASE("the index stands back in a flood", "[search]") {
    using namespace std::chrono_literals;
    CHECK(pause_after({0, 10, 5ms}) == 200ms);
    CHECK(pause_after({5000, 100, 80ms}) == 160ms);    // catching up beside others
    CHECK(pause_after({5000, 0, 80ms}) == 40ms);       // and alone
    CHECK(pause_after({5000, 40'000, 80ms}) == 720ms); // a tenth of one core
    CHECK(pause_after({0, 40'000, 1ms}) == 500ms);
}
