// What the assistant reads in a text: language, intent, references, names, choices.

#include "assistant/reading.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre::assistant;

TEST_CASE("intents in English and Arabic", "[assistant][reading]") {
    struct {
        const char* text;
        const char* intent;
    } const table[] = {
        {"Hello", "greeting"},
        {"Hi there!", "greeting"},
        {"Good morning", "greeting"},
        {"hello bibiana, how are you?", "greeting"},
        {"السلام عليكم ورحمة الله وبركاته", "greeting"},
        {"مرحبا", "greeting"},
        {"صباح الخير", "greeting"},
        {"Thank you for helping!", "thanks"},
        {"thanks a lot", "thanks"},
        {"Ok thank you so much, that is very helpful", "thanks"},
        {"شكرا جزيلا", "thanks"},
        {"شكرًا لك على مساعدتك", "thanks"},
        {"bye", "goodbye"},
        {"That's all, thanks, have a nice day", "goodbye"},
        {"مع السلامة", "goodbye"},
        {"Thanks, but it did not help", "complaint"},
        {"Which documents do I need for the scholarship?", "question"},
        {"Hi, how do I apply for medical assistance", "question"},
        {"Is the delivery free?", "question"},
        {"i want to apply for a scholarship", "question"},
        {"tell me about the community project", "question"},
        {"ما هي الأوراق المطلوبة للمنحة؟", "question"},
        {"كيف أقدم على المساعدة الطبية", "question"},
        {"هل التوصيل مجاني", "question"},
        {"This is unacceptable", "complaint"},
        {"the app is not working and nobody cares", "complaint"},
        {"الخدمة سيئة جدا", "complaint"},
        {"Where is my order?", "status_check"},
        {"what is the status of my application", "status_check"},
        {"any news about TKT_20261120_AB12?", "status_check"},
        {"TKT-20261120-AB12", "status_check"},
        {"ORD-12345", "status_check"},
        {"ما حالة طلبي؟", "status_check"},
        {"أين طلبي", "status_check"},
        {"How do I check the status of my application?", "question"},
        {"I want to speak with a human", "human"},
        {"أريد التحدث مع موظف", "human"},
        {"I live in Harare", "other"},
        {"The human body needs water", "other"},
        {"asdf", "other"},
        {"", "other"},
        {"!!!", "other"},
        {"👍", "other"},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(to_string(chat_centre::assistant::read(t.text).what) == t.intent);
    }
}

TEST_CASE("a person is not asked for when detection is off", "[assistant][reading]") {
    reading_context c;
    c.person.enabled = false;
    CHECK(chat_centre::assistant::read("I want to speak with a human", c).what != intent::human);
}

TEST_CASE("the language to answer in", "[assistant][reading]") {
    struct {
        const char *text, *conversation, *before, *fallback, *expected;
    } const table[] = {
        {"How do I apply?", "", "", "en", "en"},
        {"كيف أقدم؟", "", "", "en", "ar"},
        {"كيف أقدم؟", "en", "en", "en", "ar"},
        {"OK", "ar", "", "en", "ar"}, // one Latin word does not change an Arabic conversation
        {"OK", "", "ar", "en", "ar"},
        {"OK", "", "", "ar", "en"},
        {"Please answer me in English", "ar", "ar", "ar", "en"},
        {"123", "", "", "ar", "ar"},
        {"123", "ar-EG", "", "en", "ar"},
        {"", "", "", "en", "en"},
        {"Ndinoda rubatsiro", "sn", "", "en", "en"},
    };
    for (const auto& t : table) {
        INFO(t.text << " / " << t.conversation << " / " << t.before);
        CHECK(chat_centre::assistant::read(t.text, {t.conversation, t.before, t.fallback, {}}).language ==
              t.expected);
    }
}

TEST_CASE("what is looked up leaves the greeting out", "[assistant][reading]") {
    CHECK(chat_centre::assistant::read("Hello! Good morning, how do I apply?").query == "how do I apply?");
    CHECK(chat_centre::assistant::read("Hi, how are you? Which documents do I need").query ==
          "Which documents do I need");
    CHECK(chat_centre::assistant::read("السلام عليكم كيف أقدم على المنحة").query == "كيف أقدم على المنحة");
    CHECK(chat_centre::assistant::read("how are scholarships paid?").query == "how are scholarships paid?");
    CHECK(chat_centre::assistant::read("hello").query == "hello");
    CHECK(chat_centre::assistant::read("Which documents do I need for the scholarship?").content ==
          std::vector<std::string>{"documents", "scholarship"});
}

TEST_CASE("references, names and choices", "[assistant][reading]") {
    struct {
        const char *text, *reference;
    } const references[] = {
        {"where is TKT_20261120_AB12", "TKT_20261120_AB12"},
        {"tkt-20261120-ab12 please", "TKT_20261120_AB12"},
        {"order #12345", "12345"},
        {"my order ORD-9981.", "ORD-9981"},
        {"it costs 2500 dollars", ""},
        {"in 2026", ""},
        {"covid-19", ""},
        {"A-1234", ""},
        {"رقم الطلب ORD-9981", "ORD-9981"},
    };
    for (const auto& t : references) {
        INFO(t.text);
        CHECK(chat_centre::assistant::read(t.text).reference == t.reference);
    }
    CHECK(chat_centre::assistant::read("Hello, my name is Sarah Johnson.").name == "Sarah Johnson");
    CHECK(chat_centre::assistant::read("my name is John and I need help").name == "John");
    CHECK(chat_centre::assistant::read("اسمي محمد").name == "محمد");
    CHECK(chat_centre::assistant::read("what is my name?").name.empty());
    struct {
        const char* text;
        int choice;
    } const choices[] = {
        {"2", 2}, {"the second one please", 2}, {"number 3", 3},          {"1.", 1},  {"الثاني", 2},
        {"٢", 2}, {"first and second", 0},      {"I have 2 children", 0}, {"one", 1}, {"hello", 0},
        {"", 0}};
    for (const auto& t : choices) {
        INFO(t.text);
        CHECK(chat_centre::assistant::read(t.text).choice == t.choice);
    }
    CHECK(chat_centre::assistant::read("yes please").yes);
    CHECK(chat_centre::assistant::read("نعم").yes);
    CHECK_FALSE(chat_centre::assistant::read("yes I want to apply").yes);
    CHECK(chat_centre::assistant::read("and for medical?").leans_back);
    CHECK(chat_centre::assistant::read("what about refunds").leans_back);
    CHECK(chat_centre::assistant::read("ماذا عن المساعدة الطبية؟").leans_back);
    CHECK_FALSE(chat_centre::assistant::read("Which documents do I need?").leans_back);
}

TEST_CASE("odd texts are read without harm", "[assistant][reading]") {
    for (const std::string& text :
         {std::string("\xff\xfe\x80 how?"), std::string(16000, 'a'), std::string(16000, '#'),
          std::string("my name is"), std::string("اسمي"), std::string("TKT_"), std::string("\xd9")}) {
        const auto r = chat_centre::assistant::read(text);
        CHECK((r.language == "en" || r.language == "ar"));
    }
}
