// The linear models: made of their examples and of nothing else, safe to load, and told alike what is alike.

#include <chat_centre/analysis/models.hpp>
#include <chat_centre/base/text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::analysis;

namespace {

const std::vector<example> fruit{{"apple", "red and round"}, {"apple", "green and round"},
                                 {"apple", "round, red"},    {"pear", "yellow and long"},
                                 {"pear", "green and long"}, {"pear", "long, yellow"}};

linear_model small() { return train("fruit", {"apple", "pear"}, fruit, {.bits = 10}); }

} // namespace

TEST_CASE("the models that are built in are what their examples make", "[analysis][models]") {
    for (const auto t : every_task) {
        INFO(to_string(t));
        const auto& built_in = model_of(t);
        REQUIRE_FALSE(built_in.empty());
        const auto examples = examples_in(CHAT_CENTRE_SOURCE_DIR "/src/analysis/examples", t);
        CHECK(shipped_examples(t).size() == examples.size());
        const auto again = train(std::string(to_string(t)), labels_of(t), examples, settings_for(t));
        // Failing? An example changed: chat-centre assistant train --examples src/analysis/examples
        //                                                           --out src/analysis/models
        CHECK(again.fingerprint() == built_in.fingerprint());
        CHECK(again.difference(built_in) <= 1);
    }
}

TEST_CASE("training is the same each time, and its file says all of it", "[analysis][models]") {
    const auto a = small();
    const auto b = small();
    CHECK(a.text() == b.text());
    const auto read = linear_model::parse(a.text());
    REQUIRE(read);
    CHECK(read->difference(a) == 0);
    CHECK(read->text() == a.text());
    CHECK(read->examples() == fruit.size());
    CHECK(a.best("red, round").label == "apple");
    CHECK(a.best("yellow long").label == "pear");
    CHECK(a.best("yellow long").probability > 0.5);
    CHECK(linear_model().best("anything").label.empty());
}

TEST_CASE("three labels have probabilities that sum up to one", "[analysis][models]") {
    auto examples = fruit;
    examples.push_back({"plum", "blue and small"});
    examples.push_back({"plum", "small, blue"});
    const auto m = train("fruit", {"apple", "pear", "plum"}, examples, {.bits = 10});
    const auto p = m.judge_folded(fold_text("small and blue"));
    CHECK(std::abs(p[0] + p[1] + p[2] - 1) < 1e-9);
    CHECK(m.best("small and blue").label == "plum");
    CHECK(linear_model::parse(m.text()));
}

TEST_CASE("a file that is no model is refused", "[analysis][models]") {
    const std::string good = small().text();
    const auto with = [&good](const std::string& from, const std::string& to) {
        std::string s = good;
        s.replace(s.find(from), from.size(), to);
        return s;
    };
    CHECK(linear_model::parse(good));
    for (const std::string& bad :
         {std::string{}, std::string("chat-centre linear model 1\n"), good.substr(0, good.size() / 2),
          good + "AAAA", with("model 1", "model 2"), with("features 1", "features 999"),
          with("labels apple pear", "labels apple"), with("buckets 10", "buckets 40"),
          with("buckets 10", "buckets 11"), with("buckets 10", "buckets -1"), with("step ", "step nan"),
          with("step ", "step x"), with("bias ", "bias 1 "), with("weights\n", "weights\n*")}) {
        INFO(bad.substr(0, 200));
        CHECK_FALSE(linear_model::parse(bad));
    }
}

TEST_CASE("what is written otherwise is judged alike", "[analysis][models]") {
    const auto& m = model_of(task::intent);
    const auto same = [&m](const char* a, const char* b) {
        INFO(a << " | " << b);
        CHECK(m.judge_folded(fold_text(a)) == m.judge_folded(fold_text(b)));
    };
    same("Where is my ORDER 12345", "where is my order 7");
    same("pleeeease help", "pleeeeeeeease help");
    same("أين طلبي رقم ١٢", "اين طلبي رقم 7");
    same("مُتَأَخِّر", "متأخر");
    same("شكـــرا", "شكرا");
    same("المسؤول", "المسوول");
    same("يرجى الرد", "يرجي الرد");
    // Any bytes will do, and a text of any length.
    for (const std::string& text :
         {std::string("\xff\xd8"), std::string(), std::string(200000, 'x'), std::string("   ")})
        CHECK(m.best(text).probability > 0);
}

TEST_CASE("examples are read line by line", "[analysis][models]") {
    const auto read = read_examples("# a remark\nyes\tcall me\r\n\nno\thello\n");
    REQUIRE(read.size() == 2);
    CHECK(read[0].label == "yes");
    CHECK(read[0].text == "call me");
    CHECK_THROWS(read_examples("yes call me\n"));
    CHECK_THROWS(read_examples("\ttext\n"));
    CHECK_THROWS(read_examples("yes\t\n"));
    CHECK_THROWS(train("fruit", {"apple", "pear"}, std::vector<example>{{"plum", "blue"}}));
}

TEST_CASE("a trained file takes the place of the one that is built in, when it fits", "[analysis][models]") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "chat-centre-models-test";
    fs::remove_all(folder);
    fs::create_directories(folder);
    CHECK(install_from(folder).empty());
    std::ofstream(folder / "intent.model") << "no model";
    std::ofstream(folder / "sentiment.model") << small().text(); // of another task
    CHECK(install_from(folder).empty());
    const std::string built_in = model_of(task::sentiment).text();
    auto own = shipped_examples(task::sentiment);
    own.push_back({"positive", "zorb zorb"});
    own.push_back({"positive", "zorb indeed"});
    std::ofstream(folder / "sentiment.model") << train("sentiment", labels_of(task::sentiment), own).text();
    CHECK(install_from(folder) == std::vector{task::sentiment});
    CHECK(model_of(task::sentiment).examples() == own.size());
    CHECK_THROWS(install(task::handover, small()));
    install(task::sentiment, *linear_model::parse(built_in));
    fs::remove_all(folder);
}
