#include <chat_centre/base/text.hpp>

#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;

TEST_CASE("text folded for comparison", "[base][text]") {
    struct {
        const char* text;
        const char* folded;
    } const table[] = {
        {"", " "},
        {"Hello", " hello "},
        {"  Hello,   World!  ", " hello world "},
        {"don't", " dont "},
        {"don\u2019t", " dont "},
        {"\u2018quoted\u2019", " quoted "},
        {"a-b_c/d", " a b c d "},
        {"A1 B2", " a1 b2 "},
        {"...", " "},
        {"\n\t\r", " "},
        {"caf\u00e9", " caf\u00e9 "}, // other letters stay
        {"\u00bfQu\u00e9?", " qu\u00e9 "},
        {"en\u2014dash\u2026", " en dash "},
        {"\u00abfr\u00bb", " fr "},
        {"no\u00a0break", " no break "},
        {"😀 ok", " 😀 ok "},
        // Arabic: vowel marks and tatweel dropped, alef, ya and ta marbuta in one form each, its punctuation a space
        {"أإآٱا", " ااااا "},
        {"مُوَظَّف", " موظف "},
        {"مــوظف", " موظف "},
        {"شكوى", " شكوي "},
        {"خدمة", " خدمه "},
        {"نعم، لا؛ متى؟", " نعم لا متي "},
        {"hello أهلا", " hello اهلا "},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(fold_text(t.text) == t.folded);
        CHECK(fold_text(t.folded) == t.folded); // folding twice changes nothing
    }
}

TEST_CASE("folding bytes that are not UTF-8", "[base][text]") {
    CHECK(fold_text("\xff\xfe talk") == " \u00ff\u00fe talk ");
    CHECK(fold_text("a\xc3") == " a\u00c3 ");
    CHECK(fold_text("\xf0\x9f talk") == " \u00f0\u009f talk ");
    // Whatever comes in, text comes out.
    for (int a = 0; a < 256; ++a)
        for (const int b : {0, 0x20, 0x41, 0x80, 0xbf, 0xc3, 0xff}) {
            const std::string bytes{static_cast<char>(a), static_cast<char>(b), 'x'};
            INFO(a << " " << b);
            CHECK_NOTHROW(json(fold_text(bytes)).dump());
        }
}

TEST_CASE("which language a text is in", "[base][text]") {
    struct {
        const char* text;
        const char* language;
        script letters;
    } const table[] = {
        {"", "", script::none},
        {"12345 +966 ?!", "", script::none},
        {"😀", "", script::none},
        {"Hello", "en", script::latin},
        {"I need help with my scholarship", "en", script::latin},
        {"Où est l'été", "en", script::latin},
        {"أحتاج مساعدة", "ar", script::arabic},
        {"مرحبا", "ar", script::arabic},
        {"ُُُ", "", script::none},                                       // marks alone are no letters
        {"أريد الاستفسار عن الطلب رقم ORD-12", "ar", script::arabic}, // a code does not make it mixed
        {"My name is محمد and I need help with my order please", "en", script::latin},
        {"hello أهلا hello أهلا", "mixed", script::mixed},
        {"Привет", "", script::none},
    };
    for (const auto& t : table) {
        INFO(t.text);
        CHECK(detect_language(t.text) == t.language);
        CHECK(detect_script(t.text) == t.letters);
    }
}
