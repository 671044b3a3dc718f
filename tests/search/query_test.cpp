// What somebody typed, turned into what the index is asked.

#include "search/query.hpp"
#include "search/snippet.hpp"

#include <chat_centre/search/indexer.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace chat_centre::search;

namespace {

std::string asked(std::string_view typed) { return to_tsquery(parse(typed), {1, 2, 3, 4}, nullptr); }

term word(std::string w, bool prefix = false) { return {std::move(w), prefix, {}, {}, {}}; }

} // namespace

TEST_CASE("words of a search", "[search]") {
    struct {
        const char* typed;
        const char* query;
    } const table[] = {
        {"", ""},
        {" ?! ", ""},
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
    std::string many;
    for (int i = 0; i < 50; ++i) many += "w" + std::to_string(i) + " ";
    CHECK(parse(many).size() == 10);
    CHECK(parse(std::string(500, 'x'))[0].word.size() == 60);
}

TEST_CASE("kinds and segments are words of the query", "[search]") {
    CHECK(to_tsquery({word("x")}, {2}, nullptr) == "('x') & ('~k2')");
    CHECK(to_tsquery({word("x")}, {1, 2}, nullptr) == "('x') & ('~k1' | '~k2')");
    const span part{16384, 40000};
    CHECK(to_tsquery({word("x")}, {1, 2, 3, 4}, &part) == "('x') & ('~s1' | '~s2')");
    const span all{0, 16384 * 1000};
    CHECK(to_tsquery({word("x")}, {1, 2, 3, 4}, &all) == "('x')");
    term t = word("refunds", true);
    t.forms = {"refund", "refunds"};
    t.typos = {"refuns"};
    CHECK(to_tsquery({t}, {1, 2, 3, 4}, nullptr) == "('refunds':* | 'refund' | 'refuns')");
}

TEST_CASE("steps cover every document once", "[search]") {
    for (const std::int64_t newest : {1, 16383, 16384, 16385, 1'000'000, 50'000'000}) {
        std::int64_t before = newest + 1;
        int step = 0;
        for (; before > 1 && step < 40; ++step) {
            const auto part = next_span(before, step);
            CHECK(part.before == before);
            REQUIRE(part.from < before);
            CHECK(part.from % 16384 == 0);
            before = part.from;
        }
        INFO(newest);
        CHECK(before == 0);
        CHECK(step <= 9);
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
    CHECK(pause_after({5000, 100, 80ms}) == 40ms);     // catching up
    CHECK(pause_after({5000, 40'000, 80ms}) == 720ms); // a tenth of one core
    CHECK(pause_after({0, 40'000, 1ms}) == 500ms);
}
