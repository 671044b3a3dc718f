// What the retrieval is worth: questions as customers ask them, against the articles that are shipped.
// questions.tsv was written before the ranking was tuned, and none of it is in the articles.

#include "knowledge/front_matter.hpp"
#include "knowledge/ranking.hpp"
#include "knowledge/shipped.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace chat_centre::knowledge;

namespace {

constexpr double worth_saying = 0.6;

struct tally {
    int answerable = 0, unanswerable = 0;
    int among_three = 0;          // the right article is one of the first three
    int said = 0, said_right = 0; // from worth_saying on
    int said_wrongly = 0;         // where no article answers
};

double share(int part, int all) { return all == 0 ? 0 : static_cast<double>(part) / all; }

article_index shipped_index() {
    std::vector<document> all;
    for (const auto& s : shipped_articles()) {
        const auto a = read_markdown(s.path, s.content);
        INFO(s.path << ": " << (a.wrong.empty() ? "" : a.wrong.front()));
        REQUIRE(a.wrong.empty());
        all.push_back({static_cast<std::int64_t>(all.size()) + 1, a.made.slug, a.made.language,
                       a.made.text.scenario.value_or(""), a.made.text.category, a.made.text.title,
                       a.made.text.body, a.made.text.questions, false});
    }
    return article_index(std::move(all));
}

} // namespace

TEST_CASE("every shipped article exists in both languages", "[knowledge]") {
    std::vector<std::string> english;
    std::vector<std::string> arabic;
    for (const auto& s : shipped_articles()) {
        const auto a = read_markdown(s.path, s.content);
        (a.made.language == "ar" ? arabic : english).push_back(*a.made.text.scenario + "/" + a.made.slug);
    }
    std::sort(english.begin(), english.end());
    std::sort(arabic.begin(), arabic.end());
    CHECK(english.size() >= 45);
    CHECK(english == arabic);
}

TEST_CASE("labelled questions find their articles", "[knowledge]") {
    const auto index = shipped_index();
    std::ifstream in(CHAT_CENTRE_SOURCE_DIR "/tests/knowledge/questions.tsv");
    REQUIRE(in.is_open());
    tally counts[2];
    std::string line;
    while (std::getline(in, line)) {
        if (line.empty() || line.front() == '#') continue;
        const auto first = line.find('\t');
        const auto last = line.rfind('\t');
        REQUIRE(first < last);
        const auto language = line.substr(0, first);
        const auto text = line.substr(first + 1, last - first - 1);
        const auto wanted = " " + line.substr(last + 1) + " ";
        const auto hits = index.find({text, language, "", 3, false});
        const auto right = [&](const hit& h) { return wanted.find(" " + h.slug + " ") != std::string::npos; };
        auto& t = counts[language == "ar" ? 1 : 0];
        const bool said = !hits.empty() && hits.front().score >= worth_saying;
        if (wanted == " - ") {
            ++t.unanswerable;
            if (said) ++t.said_wrongly;
            continue;
        }
        ++t.answerable;
        if (std::any_of(hits.begin(), hits.end(), right)) ++t.among_three;
        if (said) ++t.said;
        if (said && right(hits.front())) ++t.said_right;
    }
    for (int i = 0; i < 2; ++i) {
        const auto& t = counts[i];
        std::ostringstream out;
        out << (i == 0 ? "English" : "Arabic") << ": recall at 3 " << share(t.among_three, t.answerable)
            << " of " << t.answerable << "; at 0.6 answered " << share(t.said, t.answerable)
            << ", of what was said right " << share(t.said_right, t.said + t.said_wrongly)
            << ", said where nothing answers " << t.said_wrongly << " of " << t.unanswerable;
        std::cout << out.str() << '\n';
        INFO(out.str());
        CHECK(t.answerable >= 100);
        CHECK(t.unanswerable >= 30);
        CHECK(share(t.among_three, t.answerable) >= 0.90);
        CHECK(share(t.said_right, t.said + t.said_wrongly) >= 0.88);
        CHECK(share(t.said, t.answerable) >= 0.40);
        CHECK(share(t.said_wrongly, t.unanswerable) <= 0.10);
    }
}
