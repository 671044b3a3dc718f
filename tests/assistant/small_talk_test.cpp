// What no article answers, and whom a refusal is meant for.

#include "assistant/reading.hpp"
#include "assistant/turn.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::assistant;

TEST_CASE("what is said beside the matter is told apart", "[assistant][small-talk]") {
    struct {
        aside what;
        std::vector<const char*> texts;
    } const table[] = {
        {aside::who,
         {"are you a bot or human?", "Who are you?", "hey, am I talking to a real person?",
          "is this a real person or bot", "What is your name?", "are you real?", "هل أنت روبوت أم إنسان؟",
          "من أنت", "مين معي؟"}},
        {aside::introduction, {"My name is John", "Hello, my name is Sarah Johnson.", "مرحبا اسمي محمد"}},
        {aside::help,
         {"help", "Help me please", "I have a question", "can you help me?", "???", "عندي سؤال",
          "ممكن مساعدة"}},
        {aside::no_person, {"I don't need a human", "no human agent, thanks", "لا أريد التحدث مع موظف"}},
        {aside::insult, {"fuck you", "you are so stupid", "أنت غبي"}},
        {aside::unreadable, {"asdfghjk", "sdkfjhsdkf", "hhhhhhhh", "qwerty zxcvb"}},
        {aside::number, {"1", "7", "٣", "42"}},
        {aside::none,
         {"how do I donate?", "help with my scholarship", "my name is John and I need a laptop",
          "is this the price?", "who is the contact person for refunds?", "12345678", "Harare", "rhythm",
          "the price is stupid", "are you open on Friday?", "no need for an agent, how do I donate?",
          "كيف أتبرع؟", "hello", "thank you"}},
    };
    for (const auto& row : table)
        for (const auto* text : row.texts) {
            INFO(text);
            CHECK(static_cast<int>(chat_centre::assistant::read(text).small_talk) ==
                  static_cast<int>(row.what));
        }
}

TEST_CASE("what remains beside a refusal is the question", "[assistant][small-talk]") {
    CHECK(chat_centre::assistant::read("no need for an agent, how do I donate?").query == "how do I donate?");
    CHECK(without_refusals("how do I donate?") == "how do I donate?");
    CHECK(without_refusals("I don't need a human").empty());
}

TEST_CASE("a number beyond what was offered keeps the offer", "[assistant][small-talk]") {
    memory notes;
    notes.offered.push_back({3, "Documents", "en", "education", "Bring your papers."});
    const thresholds limits;
    const std::vector<article_hit> nothing_found;
    const std::vector<own_ticket> none;
    const auto said = chat_centre::assistant::read("7");
    const auto v = decide({limits, notes, said, nothing_found, none});
    CHECK(v.text.find("only number 1") != std::string::npos);
    CHECK(v.offered.size() == 1);
    CHECK_FALSE(v.sure);
}

TEST_CASE("who refuses a bot wants a person, and who asks for its kind does not", "[assistant][handover]") {
    const auto needed = [](const char* text) {
        const auto s = detect_handover(text, conversation::speaker::user);
        return s && s->needed;
    };
    for (const char* text :
         {"I do not want to talk to a bot anymore", "I won't chat with a machine", "لا أريد التحدث مع روبوت",
          "ana 3ayez akallem mowazaf", "aaiz akallem 7ad", "abgha akallem mowazzaf", "parler à un humain",
          "je voudrais parler avec une personne", "quiero hablar con una persona"}) {
        INFO(text);
        CHECK(needed(text));
    }
    for (const char* text : {"ليست حالة طارئة", "stop transferring me to people",
                             "Can a human eat this product?", "is this a real person or bot", "are you a bot?",
                             "I don't need a human", "no need for an agent, how do I donate?"}) {
        INFO(text);
        CHECK_FALSE(needed(text));
    }
}

TEST_CASE("a text that asks for nobody is judged for the log", "[assistant][handover]") {
    const auto no = plain_negative("How do I apply?");
    REQUIRE(no);
    CHECK_FALSE(no->needed);
    CHECK(no->confidence >= 0.5);
    CHECK_FALSE(plain_negative("I want to talk to a human"));
    CHECK_FALSE(plain_negative("How do I apply?", {.enabled = false}));
}
