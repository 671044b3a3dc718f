// The generator: the same seed plays the same conversations, and another seed others.

#include "demo/progress.hpp"
#include "demo/traffic.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <stdexcept>
#include <string>

using namespace chat_centre::demo;

namespace {

std::string script_of(std::uint64_t seed, bool with_staff, int talks) {
    traffic from(seed, with_staff);
    std::string out;
    for (int i = 0; i < talks; ++i) {
        const talk t = from.next();
        out += t.id + "|" + t.user_id + "|" + t.name + "|" + t.email + "|" + t.phone + "\n";
        for (const step& s : t.steps) out += s.text + "|" + std::to_string(s.pause.count()) + "\n";
    }
    return out;
}

} // namespace

TEST_CASE("traffic can be repeated", "[demo]") {
    CHECK(script_of(1, true, 50) == script_of(1, true, 50));
    CHECK(script_of(1, true, 50) != script_of(2, true, 50));
    // The generator's own figures, so that another compiler or library cannot change them unnoticed.
    chance c(1);
    CHECK(c.next() == 10451216379200822465U);
    CHECK(c.next() == 13757245211066428519U);
}

TEST_CASE("traffic is a mixture", "[demo]") {
    traffic from(5, true);
    std::set<std::string> ids, channels, languages, priorities, texts;
    std::string last;
    for (int i = 0; i < 300; ++i) {
        const talk t = from.next();
        CHECK(t.id != last);
        last = t.id;
        ids.insert(t.id);
        channels.insert(t.channel);
        languages.insert(t.language);
        priorities.insert(t.priority);
        texts.insert(t.steps.front().text);
        CHECK(t.user_id.starts_with(own_user_prefix));
        CHECK(t.email.ends_with(own_email_suffix));
        CHECK(t.steps.front().pause.count() == 0);
        CHECK((t.channel == "whatsapp") == !t.phone.empty());
    }
    CHECK(ids.size() == english_traffic().size() + arabic_traffic().size());
    CHECK(channels == std::set<std::string>{"elevenlabs", "whatsapp", "widget"});
    CHECK(languages == std::set<std::string>{"ar", "en"});
    CHECK(priorities == std::set<std::string>{"emergency", "high", "low", "normal"});
    CHECK(texts.size() > 60);
}

TEST_CASE("without staff nobody is made to wait for them", "[demo]") {
    traffic from(5, false);
    for (int i = 0; i < 100; ++i)
        for (talk t = from.next(); const step& s : t.steps) CHECK(s.what != act::takes);

    chance c(1);
    for (const dialogue& d : opening_active()) {
        talk t = make_talk(d, c);
        leave_out_staff(t);
        CHECK_FALSE(t.steps.empty());
        for (const step& s : t.steps) CHECK_FALSE(needs_staff(s.what));
    }
}

TEST_CASE("words are chosen and facts put in", "[demo]") {
    chance c(1);
    facts f;
    f.order = 40123;
    f.customer = 7;
    CHECK(expand("", f, c).empty());
    CHECK(expand("plain | text", f, c) == "plain | text");
    CHECK(expand("{order}, {n}", f, c) == "40123, 7");
    CHECK(expand("[only]", f, c) == "only");
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(expand("<[a|{order}|]>", f, c));
    CHECK(seen == std::set<std::string>{"<a>", "<40123>", "<>"});
    CHECK_THROWS_AS(expand("{unknown}", f, c), std::invalid_argument);
    CHECK_THROWS_AS(expand("[open", f, c), std::invalid_argument);
    CHECK_THROWS_AS(expand("{open", f, c), std::invalid_argument);
}

TEST_CASE("facts are in their ranges", "[demo]") {
    chance c(9);
    for (int i = 0; i < 1000; ++i) {
        const facts f = make_facts(c);
        CHECK((f.customer >= 100 && f.customer <= 999)); // three digits end the fictional telephone number
        CHECK((f.order >= 40'000 && f.order <= 59'999));
        CHECK((f.amount >= 15 && f.amount <= 240));
        CHECK((f.minutes >= 10 && f.minutes <= 45));
    }
}

TEST_CASE("the progress line says how far it is", "[demo]") {
    counters c;
    c.conversations = 31;
    for (int i = 0; i < 250; ++i) c.add(act::says);
    c.add(act::takes);
    c.add(act::resolves);
    c.add(act::rates);
    c.add(act::notes);
    CHECK(c.taken == 1);
    CHECK(c.rated == 1);
    CHECK(progress_line(c, 14, std::chrono::seconds{125}, 2.04) ==
          "02:05  250 messages, 2.0/s  31 conversations, 14 open  1 resolved");
    CHECK(progress_line({}, 0, std::chrono::seconds{0}, 0) ==
          "00:00  0 messages, 0.0/s  0 conversations, 0 open  0 resolved");
}
