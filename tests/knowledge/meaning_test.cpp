// Meaning and words become one score; vectors are kept as bytes; an index with vectors.

#include "knowledge/meaning.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace chat_centre::knowledge;

namespace {

std::shared_ptr<const std::vector<float>> axis(std::size_t n, std::size_t of = 16) {
    std::vector<float> v(of);
    v[n] = 1;
    return std::make_shared<const std::vector<float>>(std::move(v));
}

// Eight articles of which each means something else; the third has one section more.
article_index shelf_with_vectors() {
    std::vector<document> all;
    for (std::int64_t i = 0; i < 8; ++i) {
        const auto n = std::to_string(i);
        document d{i + 1, "a" + n,       i == 7 ? "ar" : "en",        i == 6 ? "saas" : "",
                   "",    "Subject" + n, "Text of subject" + n + ".", {},
                   i == 5};
        d.meanings = {nullptr, axis(static_cast<std::size_t>(i))};
        if (i == 2) {
            d.body += std::string("\n\n# More\n\n") + std::string(700, 'x') + "\n\n# Last\n\nThe last part.";
            d.meanings = {axis(2), nullptr, nullptr, axis(12)};
        }
        all.push_back(std::move(d));
    }
    return article_index(std::move(all));
}

std::vector<hit> asked_by_meaning(std::size_t n, const char* text = "zzz", std::size_t of = 16) {
    question q{text, "", "", 3, false, {}, true};
    q.meaning = *axis(n, of);
    return shelf_with_vectors().find(q);
}

} // namespace

TEST_CASE("nearness is measured from what is ordinary", "[knowledge]") {
    struct {
        double cosine, ordinary, low, high;
    } const table[] = {
        {1, 0, 1, 1},     {0, 0, 0, 0},          {-1, 0, 0, 0}, {0.2, 0, 0, 1e-9}, {0.6, 0, 0.49, 0.51},
        {0.7, 0.7, 0, 0}, {0.94, 0.7, 0.7, 0.8}, {1, 1, 0, 0},  {0.75, 0.7, 0, 0},
    };
    for (const auto& t : table) {
        INFO(t.cosine << " among " << t.ordinary);
        CHECK(nearness(t.cosine, t.ordinary) >= t.low);
        CHECK(nearness(t.cosine, t.ordinary) <= t.high);
    }
    CHECK(fused(0.5, 0) == 0.5);
    CHECK(fused(0, 1) == 0.8);
    CHECK(fused(0.5, 0.5) > 0.65);
    CHECK(fused(1, 1) == 1);
}

TEST_CASE("texts that are given a vector", "[knowledge]") {
    document d{1, "a", "en", "", "", "Title", "One.\n\n# Head\n\nTwo.", {"asked so"}, false};
    const auto texts = meant_texts(d);
    REQUIRE(texts.size() == 3);
    CHECK(texts[0].text == "Title\nasked so");
    CHECK(texts[1].text == "Title\nOne.");
    CHECK(texts[2].text == "Title\nHead\nTwo.");
    d.category = "other";
    CHECK(meant_texts(d)[2].hash == texts[2].hash);
    d.body += "!";
    CHECK(meant_texts(d)[2].hash != texts[2].hash);
    CHECK(meant_texts(d)[1].hash == texts[1].hash);
}

TEST_CASE("vectors as bytes", "[knowledge]") {
    const std::vector<float> v{0.0F, 1.0F, -0.25F, 3.14159F};
    const auto bytes = to_bytes(v);
    REQUIRE(bytes.size() == 16);
    std::string hex;
    for (const char c : bytes) {
        constexpr const char* digits = "0123456789abcdef";
        hex.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
        hex.push_back(digits[static_cast<unsigned char>(c) & 15U]);
    }
    CHECK(from_hex(hex) == v);
    CHECK(from_hex("0000803").empty());
    CHECK(from_hex("0000803x").empty());
    CHECK(from_hex("").empty());
}

TEST_CASE("an article is found by its meaning alone", "[knowledge]") {
    const auto found = asked_by_meaning(4);
    REQUIRE(found.size() == 1);
    CHECK(found[0].slug == "a4");
    CHECK(found[0].score > 0.6);
    CHECK(found[0].passage == "Text of subject4.");
    CHECK(asked_by_meaning(12).at(0).slug == "a2");
    CHECK(asked_by_meaning(12).at(0).passage == "The last part.");
    CHECK(asked_by_meaning(5).empty());                 // a draft
    CHECK(asked_by_meaning(15).empty());                // means none of them
    CHECK(asked_by_meaning(4, "zzz", 8).empty());       // of another model
    CHECK(asked_by_meaning(4, "subject1").size() == 2); // one by meaning, one by its word
    question arabic{"zzz", "ar", "", 3, false, *axis(7), true};
    CHECK(shelf_with_vectors().find(arabic).empty()); // one alone: nobody knows what is ordinary
}
