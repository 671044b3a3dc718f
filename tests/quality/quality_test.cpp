// The arithmetic of reviews, and texts without what names anybody.

#include <chat_centre/quality/anonymise.hpp>
#include <chat_centre/quality/scoring.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre::quality;

TEST_CASE("a total is the weighted share of what could be reached", "[quality]") {
    const std::vector<criterion> card{{"tone", "", "", 1, 5}, {"accuracy", "", "", 3, 10}};
    struct {
        scores given;
        double total;
    } const table[] = {
        {{{"tone", 5}, {"accuracy", 10}}, 100},
        {{{"tone", 0}, {"accuracy", 0}}, 0},
        {{{"tone", 5}, {"accuracy", 0}}, 25},
        {{{"tone", 2.5}, {"accuracy", 5}}, 50},
        {{{"accuracy", 5}}, 50},           // what was not judged does not count
        {{{"tone", 5}, {"gone", 1}}, 100}, // nor what is not on the card
        {{{"tone", 9}, {"accuracy", 10}}, 100},
        {{}, 0},
    };
    for (const auto& t : table) CHECK(total_of(card, t.given) == t.total);
    CHECK(total_of({}, {{"tone", 5}}) == 0);
}

TEST_CASE("how far reviewers are apart", "[quality]") {
    const auto a = agreement_of(
        {{1, 80, {{"tone", 4}}}, {2, 60, {{"tone", 2}, {"accuracy", 3}}}, {3, 70, {{"tone", 3}}}});
    CHECK(a.mean == 70);
    CHECK(a.spread == 20);
    CHECK(a.leaning.at(1) == 10);
    CHECK(a.leaning.at(2) == -10);
    CHECK(a.criterion_spread.at("tone") == 2);
    CHECK(a.criterion_spread.at("accuracy") == 0);
    CHECK(agreement_of({}).mean == 0);
    CHECK(agreement_of({{1, 50, {}}}).spread == 0);
}

TEST_CASE("improvement over the months", "[quality]") {
    CHECK(trend_of({{"2026-01", 60, 3}, {"2026-02", 70, 3}, {"2026-03", 80, 3}}) == 10);
    CHECK(trend_of({{"2026-01", 80, 1}, {"2026-03", 60, 1}}) == -10); // a month without reviews is a gap
    CHECK(trend_of({{"2025-12", 50, 1}, {"2026-01", 55, 1}}) == 5);
    CHECK(trend_of({{"2026-01", 80, 4}}) == 0);
    CHECK(trend_of({}) == 0);
}

TEST_CASE("an example names nobody", "[quality]") {
    const known_names names{{"John Doe", "user_789", "أحمد محمد"}, {"Sarah Johnson"}};
    struct {
        const char* text;
        const char* masked;
    } const table[] = {
        {"Hi John, I'm Sarah from Education team", "Hi [customer], I'm [staff] from Education team"},
        {"John Doe and JOHN and johnny", "[customer] and [customer] and johnny"},
        {"Sarah Johnson's reply", "[staff]'s reply"},
        {"write to john.doe@example.com please", "write to [e-mail] please"},
        {"<John@Example.co.uk>.", "<[e-mail]>."},
        {"call +263 77 123 4567 now", "call [phone] now"},
        {"call (050) 123-4567", "call [phone]"},
        {"رقمي ٠٥٠١٢٣٤٥٦٧", "رقمي [phone]"},
        {"my ID is 63123456", "my ID is [number]"},
        {"order 12345", "order [number]"},
        {"order 1234 of 2026", "order 1234 of 2026"},
        {"see https://example.org/users/john?id=7.", "see [link]."},
        {"my name is Grace Moyo and I need help", "my name is [customer] and I need help"},
        {"My name is grace", "My name is [customer]"},
        {"مرحبا أحمد", "مرحبا [customer]"},
        {"user_789 wrote", "[customer] wrote"},
        {"3 months payslips", "3 months payslips"},
        {"at 10:30, 50% of 200", "at 10:30, 50% of 200"},
        {"", ""},
        {"a@b", "a@b"},
        {"abc12345", "abc12345"}, // inside a word: a code that names a product, say
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(anonymise(t.text, names) == t.masked);
        CHECK(anonymise(t.masked, names) == t.masked); // again changes nothing
    }
    // A short name would mark half the language.
    CHECK(anonymise("Al is all", {{"Al"}, {}}) == "Al is all");
}
