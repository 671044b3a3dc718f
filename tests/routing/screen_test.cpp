// Which messages reach the rules, with the rules that are shipped.

#include "support/database.hpp"

#include <chat_centre/db/pool.hpp>
#include <chat_centre/routing/routing.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace chat_centre;
using namespace chat_centre::routing;

TEST_CASE("only messages that a rule may be about are heard", "[routing][screen]") {
    const tests::database data;
    db::pool pool(data.settings(), "test", 1);
    message_screen screen({});
    CHECK_FALSE(screen.concerns("I want to complain", "widget")); // nothing learnt yet
    pool.run_blocking([&screen](db::tx& t) { screen.learn(t); });
    const std::pair<const char*, bool> table[] = {
        {"I want to complain", true},
        {"What is the price?", true},
        {"عندي شكوى في الخدمة", true},
        {"بكم السعر؟", true},
        {"Good morning", false},
        {"السلام عليكم", false},
        {"The priceless compliment", false},
        {"", false},
    };
    for (const auto& [text, heard] : table) {
        INFO(text);
        CHECK(screen.concerns(text, "widget") == heard);
    }

    const std::string usual =
        "Good morning, I sent the documents last week and have not heard anything since then.";
    const auto began = std::chrono::steady_clock::now();
    int heard = 0;
    for (int i = 0; i < 10'000; ++i) heard += screen.concerns(usual, "elevenlabs") ? 1 : 0;
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    CHECK(heard == 0);
    WARN("a message that no rule is about costs " << took.count() / 10'000 << " us");

    // A rule about severity asks its judge.
    message_screen judging({.severity = [](std::string_view text) {
        return std::string(text.find("dying") != std::string_view::npos ? "critical" : "low");
    }});
    pool.run_blocking([&judging](db::tx& t) { judging.learn(t); });
    CHECK(judging.concerns("he is dying", "widget"));
    CHECK_FALSE(judging.concerns("he is well", "widget"));
}
