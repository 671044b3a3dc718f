// How well texts are read that are neither among the words nor among the examples: held_out.tsv was written apart from
// both. Where a model helps the words out, it must do better than they do alone.

#include "support/database.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/models.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/routing/subjects.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::analysis;

namespace {

struct held_out_text {
    std::string language, intent, mood, severity, category, text;
};

std::vector<held_out_text> held_out_texts() {
    std::ifstream in(CHAT_CENTRE_SOURCE_DIR "/tests/analysis/held_out.tsv");
    std::vector<held_out_text> out;
    std::string all;
    std::getline(in, all); // names of the columns
    while (std::getline(in, all)) {
        std::array<std::string, 6> field;
        std::size_t from = 0;
        for (auto& f : field) {
            const auto end = std::min(all.find('\t', from), all.size());
            f = all.substr(from, end - from);
            from = std::min(end + 1, all.size());
        }
        out.push_back({field[0], field[1], field[2], field[3], field[4], field[5]});
    }
    return out;
}

using shares = std::map<std::string, double>; // "en mood" -> right

shares right_shares(const std::vector<held_out_text>& texts, const subject_finder& subjects) {
    shares right;
    std::map<std::string, double> count;
    for (const auto& t : texts) {
        count[t.language] += 1;
        const auto add = [&](const char* what, bool is) { right[t.language + " " + what] += is ? 1 : 0; };
        add("intent", intent_of(t.text).label == t.intent);
        add("mood", mood_of(t.text).label == t.mood);
        add("severity", to_string(urgency_of(t.text).level) == t.severity);
        add("category", subjects.find(t.text).category == t.category);
    }
    for (auto& [what, n] : right) n /= count[what.substr(0, 2)];
    return right;
}

} // namespace

TEST_CASE("texts held out are read better with the models than without", "[analysis][models]") {
    const auto texts = held_out_texts();
    REQUIRE(texts.size() > 150);
    const tests::database data;
    db::pool pool(data.settings(), "test", 1);
    const subject_finder subjects = pool.run_blocking([](db::tx& t) { return routing::subjects(t); });

    std::map<task, std::string> built_in;
    for (const auto t : every_task) {
        built_in[t] = model_of(t).text();
        install(t, {});
    }
    const shares words = right_shares(texts, subjects);
    for (const auto& [t, text] : built_in) install(t, *linear_model::parse(text));
    const shares both = right_shares(texts, subjects);

    for (const auto& [what, share] : both)
        std::printf("held out, %s: %.1f %% by words, %.1f %% with models\n", what.c_str(),
                    words.at(what) * 100, share * 100);
    for (const char* what : {"en mood", "ar mood", "en category", "ar category", "en intent", "ar intent"})
        CHECK(both.at(what) > words.at(what));
    for (const char* what : {"en mood", "ar mood", "en intent", "ar intent"}) CHECK(both.at(what) >= 0.7);
    CHECK(both.at("en severity") == words.at("en severity")); // stays with the words
}

TEST_CASE("what a model decided is said so", "[analysis][models]") {
    const auto m = mood_of("my parcel was meant to be here last week");
    CHECK(m.label == "negative");
    CHECK(m.because == "reads badly on the whole");
    CHECK(intent_of("").label == "other");
    CHECK(intent_of("Hello").label == "greeting");
    CHECK(intent_of("Where is my order?").label == "status_check");
    CHECK(intent_of("أريد حجز موعد").label == "booking");
}
