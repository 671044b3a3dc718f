#include <chat_centre/base/staff_text.hpp>

#include <catch2/catch_test_macros.hpp>

using chat_centre::in_arabic;

TEST_CASE("what the server says to staff has its Arabic", "[base][staff_text]") {
    struct {
        const char* en;
        const char* ar;
    } const table[] = {
        {"The customer asked for a person.", "طلب العميل التحدث مع موظف."},
        {"The customer said: “speak to human”", "قال العميل: “speak to human”"},
        {"The customer said: “اريد موظف”", "قال العميل: “اريد موظف”"},
        {"This is critical: “chest pain”", "هذا حرج: “chest pain”"},
        {"very angry: speaks badly: “worst”", "غاضب جدًا: كلام سلبي: “worst”"},
        {"speaks well: “great”; speaks badly: “late”", "كلام طيب: “great”؛ كلام سلبي: “late”"},
        {"“late”; may wait: “no rush”", "“late”؛ يمكن أن ينتظر: “no rush”"},
        {"Sarah Johnson asked for a person.", "طلب Sarah Johnson موظفًا."},
        {"critical severity", "خطورة حرجة"},
        {"The customer is upset: speaks badly: “worst”", "العميل مستاء: كلام سلبي: “worst”"},
        {"The assistant had no sure answer to: “why?”", "لم يكن لدى المساعد جواب أكيد عن: “why?”"},
        {"“fever”", "“fever”"},
        {"He called; he is angry", "He called; he is angry"}, // a person's own words
        {"يسأل عن المنحة", "يسأل عن المنحة"},
        {"", ""},
    };
    for (const auto& t : table) {
        INFO(t.en);
        CHECK(in_arabic(t.en) == t.ar);
    }
}
