// What feedback does to the order of articles: the rule as a table, and on a small shelf.

#include "knowledge/ranking.hpp"

#include <chat_centre/knowledge/weights.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace chat_centre::knowledge;

namespace {

// `count` customers, or conversations of one colleague, who say the same of article 1.
void say(std::vector<vote>& all, int count, bool helpful, std::int64_t staff = 0, const char* question = "") {
    for (int i = 0; i < count; ++i) {
        const auto n = static_cast<std::int64_t>(all.size()) + 1;
        all.push_back({1, n, std::to_string(n), staff, helpful, question});
    }
}

const learned_weight* find(const std::vector<learned_weight>& all, const std::string& term) {
    for (const auto& w : all)
        if (w.term == term) return &w;
    return nullptr;
}

article_index two_cards(double first, double second, std::vector<std::pair<std::string, double>> words = {}) {
    document a{1,  "card-renewal", "en", "", "", "How do I renew the card?", "Send the card to us.",
               {}, false};
    document b{2,
               "card-renewal-desk",
               "en",
               "",
               "",
               "How do I renew the card at the desk?",
               "Bring it to us.",
               {},
               false};
    a.weight = first;
    b.weight = second;
    a.word_weights = std::move(words);
    std::vector<document> all{a, b};
    for (int i = 3; i < 30; ++i)
        all.push_back({i,
                       "other-" + std::to_string(i),
                       "en",
                       "",
                       "",
                       "Fees of part " + std::to_string(i),
                       "Fees are listed.",
                       {},
                       false});
    return article_index(std::move(all));
}

} // namespace

TEST_CASE("weights of articles", "[knowledge]") {
    struct {
        const char* why;
        int yes, no, staff_yes, staff_no;
        double low, high;
    } const table[] = {
        {"as many say yes as no", 7, 7, 0, 0, -1e-9, 1e-9},
        {"a handful of angry customers hardly matters", 0, 5, 0, 0, -0.25, -0.2},
        {"many who are pleased", 40, 4, 0, 0, 0.59, 0.6},
        {"a colleague counts like three customers", 0, 3, 1, 0, -1e-9, 1e-9},
        {"one colleague counts five times at most", 0, 0, 0, 50, std::log(20.0 / 35) - 1e-9,
         std::log(20.0 / 35) + 1e-9},
        {"a crowd moves it no further than the limit", 0, 5000, 0, 0, -0.6, -0.6},
    };
    for (const auto& t : table) {
        INFO(t.why);
        std::vector<vote> votes;
        say(votes, t.yes, true);
        say(votes, t.no, false);
        say(votes, t.staff_yes, true, 4);
        say(votes, t.staff_no, false, 4);
        const auto all = weights_of(votes);
        REQUIRE(all.size() == 1);
        CHECK(all[0].weight >= t.low);
        CHECK(all[0].weight <= t.high);
    }
    CHECK(weights_of({}).empty());
}

TEST_CASE("one customer has one vote, the newest", "[knowledge]") {
    std::vector<vote> votes;
    for (int i = 0; i < 50; ++i) votes.push_back({1, i, "john", 0, false, "how do I pay"});
    auto all = weights_of(votes);
    REQUIRE(all.size() == 1);
    CHECK(all[0].unhelpful == 1);
    CHECK(std::abs(all[0].weight - std::log(20.0 / 21)) < 1e-9);
    votes.insert(votes.begin(), {1, 60, "john", 0, true, "how do I pay"});
    all = weights_of(votes);
    CHECK(all[0].helpful == 1);
    CHECK(all[0].unhelpful == 0);
    // For another article they have another.
    votes.push_back({2, 60, "john", 0, false, ""});
    CHECK(weights_of(votes).size() == 2);
}

TEST_CASE("words that few used have no weight of their own", "[knowledge]") {
    std::vector<vote> votes;
    say(votes, 20, true, 0, "renew the card");
    say(votes, 4, false, 0, "card at the desk");
    CHECK(find(weights_of(votes), "desk") == nullptr);
    say(votes, 8, false, 0, "card at the desk");
    const auto all = weights_of(votes);
    REQUIRE(find(all, "desk") != nullptr);
    CHECK(find(all, "desk")->weight < -0.2);
    CHECK(find(all, "desk")->unhelpful == 12);
    CHECK(find(all, "the") == nullptr);
    std::vector<vote> strange;
    say(strange, 10, true, 0, "\xff\xfe \xd8 \n\t");
    CHECK(weights_of(strange).front().helpful == 10);
}

TEST_CASE("a weight moves a score within a narrow band and keeps the order", "[knowledge]") {
    double before = -1;
    for (double score = 0; score <= 1; score += 0.01) {
        const auto up = with_weight(score, 100);
        const auto down = with_weight(score, -100);
        CHECK(up - score <= 0.15);
        CHECK(score - down <= 0.15);
        CHECK(up >= score);
        CHECK(up <= 1);
        CHECK(down <= score);
        CHECK(up > before);
        before = up;
    }
    CHECK(with_weight(0, 0.6) == 0);
    CHECK(with_weight(1, -0.6) == 1);
    CHECK(std::abs(with_weight(0.4, 0) - 0.4) < 1e-9);
}

TEST_CASE("of two articles that compete feedback decides", "[knowledge]") {
    const auto best = [](const article_index& i, const char* text, bool learned = true) {
        question q{text, "en", "", 3, false};
        q.learned = learned;
        const auto hits = i.find(q);
        return hits.empty() ? "" : hits.front().slug;
    };
    const auto plain = two_cards(0, 0);
    CHECK(best(plain, "how do I renew my card") == "card-renewal");
    const auto taught = two_cards(-0.6, 0.4);
    CHECK(best(taught, "how do I renew my card") == "card-renewal-desk");
    CHECK(best(taught, "how do I renew my card", false) == "card-renewal");
    // Where only one of them speaks of it, no weight changes that.
    CHECK(best(two_cards(0.6, -0.6), "renewal at the desk") == "card-renewal-desk");
    const auto by_word = two_cards(0, 0, {{read_terms("renew").at(0).text, -0.6}, {"never-seen", 0.6}});
    CHECK(best(by_word, "how do I renew my card") == "card-renewal-desk");
}
