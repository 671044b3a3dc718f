// Handover against labelled messages that nobody saw who wrote its phrases and examples: handover_set.tsv was written
// apart from them, and no sentence of it may become one of theirs.

#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/base/staff_text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::assistant;

namespace {

struct labelled {
    std::string language, kind, text;
    bool wanted = false;
};

// language, needed, kind, text
std::vector<labelled> handover_set() {
    std::ifstream in(CHAT_CENTRE_SOURCE_DIR "/tests/assistant/handover_set.tsv");
    std::vector<labelled> out;
    std::string line;
    std::getline(in, line); // names of the columns
    while (std::getline(in, line)) {
        std::array<std::string, 4> field;
        std::size_t from = 0;
        for (auto& f : field) {
            const auto end = std::min(line.find('\t', from), line.size());
            f = line.substr(from, end - from);
            from = std::min(end + 1, line.size());
        }
        out.push_back({field[0], field[2], field[3], field[1] == "yes"});
    }
    return out;
}

struct tally {
    double right = 0, wrong = 0, missed = 0, left = 0;
    double precision() const { return right + wrong == 0 ? 1 : right / (right + wrong); }
    double recall() const { return right + missed == 0 ? 1 : right / (right + missed); }
};

} // namespace

TEST_CASE("labelled messages are handed over when they ask for it", "[assistant][handover]") {
    const auto set = handover_set();
    REQUIRE(set.size() == 720);
    std::map<std::string, tally> of_language;
    std::map<std::string, tally> of_kind;
    for (const auto& m : set) {
        const auto signal = detect_handover(m.text, conversation::speaker::user);
        const bool got = signal && signal->needed;
        for (auto* t : {&of_language[m.language], &of_kind[m.language + " " + m.kind]})
            (m.wanted ? got ? t->right : t->missed : got ? t->wrong : t->left) += 1;
    }
    for (const auto& [kind, t] : of_kind)
        std::printf(
            "handover, %s: %.0f asked for, %.0f of them found; %.0f not asked for, %.0f of them taken for it\n",
            kind.c_str(), t.right + t.missed, t.right, t.wrong + t.left, t.wrong);
    for (const auto& [language, t] : of_language) {
        std::printf("handover, %s: precision %.3f, recall %.3f\n", language.c_str(), t.precision(),
                    t.recall());
        INFO(language);
        CHECK(t.precision() >= 0.95);
        CHECK(t.recall() >= 0.90);
    }
}

TEST_CASE("everyday questions are left to the assistant", "[assistant][handover]") {
    std::ifstream in(CHAT_CENTRE_SOURCE_DIR "/tests/knowledge/questions.tsv");
    REQUIRE(in.is_open());
    int asked = 0;
    int taken = 0;
    std::string line;
    while (std::getline(in, line)) {
        const auto first = line.find('\t');
        const auto last = line.rfind('\t');
        if (line.empty() || line.front() == '#' || first >= last) continue;
        const auto signal =
            detect_handover(line.substr(first + 1, last - first - 1), conversation::speaker::user);
        ++asked;
        if (signal && signal->needed) ++taken;
    }
    std::printf("handover: %d of %d everyday questions are taken for it\n", taken, asked);
    CHECK(asked >= 300);
    CHECK(taken <= 6); // two of them are emergencies, and rightly so
}

TEST_CASE("what the model decides is told to staff in both languages", "[assistant][handover]") {
    const auto signal = detect_handover("Hello. nothing helped so far, is a living soul around?",
                                        conversation::speaker::user);
    REQUIRE(signal);
    CHECK(signal->needed);
    CHECK(signal->reason == "Asks for a person: “nothing helped so far, is a living soul around”");
    CHECK(in_arabic(signal->reason) == "يطلب التحدث مع شخص: “nothing helped so far, is a living soul around”");
    const auto named =
        detect_handover("I already talked to customer service and it is solved", conversation::speaker::user);
    REQUIRE(named);
    CHECK_FALSE(named->needed);
    CHECK(named->reason == "Named but meant otherwise: “customer service”");
    CHECK(in_arabic(named->reason) == "ذُكر بمعنى آخر: “customer service”");
    // A long sentence is cut between two letters.
    std::string text = "ممكن";
    for (int i = 0; i < 30; ++i) text += " حد يكلمني";
    const auto cut = detect_handover(text, conversation::speaker::user);
    REQUIRE(cut);
    CHECK(cut->reason.size() < 200);
}

TEST_CASE("judging a message takes microseconds", "[assistant][handover]") {
    const auto set = handover_set();
    const auto before = std::chrono::steady_clock::now();
    constexpr int rounds = 20;
    int found = 0;
    for (int i = 0; i < rounds; ++i)
        for (const auto& m : set) found += detect_handover(m.text, conversation::speaker::user) ? 1 : 0;
    const std::chrono::duration<double, std::micro> all = std::chrono::steady_clock::now() - before;
    const double each = all.count() / (rounds * static_cast<double>(set.size()));
    std::printf("handover: %.1f microseconds a message\n", each);
    CHECK(found > 0);
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(each < 200); // a wide margin for a machine that is busy
#endif
    // The longest message that there can be costs no more than ten ordinary ones do in the model.
    const std::string longest(64000, 'a');
    CHECK_FALSE(detect_handover(longest, conversation::speaker::user));
}
