#include <chat_centre/base/staff_text.hpp>

#include <array>
#include <optional>

namespace chat_centre {
namespace {

struct pair {
    std::string_view en, ar;
};

constexpr std::array whole{
    pair{"The customer asked for a person.", "طلب العميل التحدث مع موظف."},
    pair{"The assistant could not be reached.", "تعذّر الوصول إلى المساعد."},
    pair{"The customer wrote again.", "كتب العميل من جديد."},
    pair{"A macro was undone.", "أُلغي تنفيذ ماكرو."},
    pair{"A colleague answered on the phone.", "رد أحد الزملاء من الهاتف."},
    pair{"This channel has no gateway: the reply is kept, but has not been sent to the customer.",
         "لا توجد بوابة إرسال لهذه القناة: حُفظ الرد لكنه لم يُرسل إلى العميل."},
    pair{"The assistant was switched off.", "أُوقف المساعد."},
    pair{"The assistant was switched on.", "شُغّل المساعد."},
    pair{"Resolved and quiet for seven days.", "حُلّت ولم يُكتب فيها شيء منذ سبعة أيام."},
    pair{"Not answered in time.", "لم يُرد عليها في الوقت المحدد."},
    pair{"Not resolved in time.", "لم تُحل في الوقت المحدد."},
    pair{"critical severity", "خطورة حرجة"}, // these two are in the rules as shipped
    pair{"a complaint", "شكوى"},
    pair{"Nothing in the text asks for a person.", "لا شيء في النص يطلب التحدث مع موظف."},
    pair{"The guided intake is complete.", "اكتملت الأسئلة التمهيدية."},
    pair{"The guided intake did not get on.", "لم تتقدم الأسئلة التمهيدية."},
    pair{"Nobody could answer but a person.", "لا يستطيع الإجابة إلا موظف."},
    pair{"A complaint, taken by the guided intake.", "شكوى سُجلت في الأسئلة التمهيدية."},
    pair{"Critical, said in the guided intake.", "أمر حرج ذُكر في الأسئلة التمهيدية."},
    pair{"no category's words", "لا كلمات من أي تصنيف"},
    pair{"reads well on the whole", "النص في مجمله طيب"},
    pair{"reads badly on the whole", "النص في مجمله سلبي"},
    pair{"reads so on the whole", "يُفهم ذلك من مجمل النص"},
    // Set-up of ElevenLabs: why something did not come in, or did not leave.
    pair{"no webhook secret is set", "لم يُضبط سر الخطاف"},
    pair{"the header ElevenLabs-Signature is missing", "الترويسة ElevenLabs-Signature غير موجودة"},
    pair{"the header is not t=<seconds>,v0=<hash>", "الترويسة ليست بالصيغة t=<seconds>,v0=<hash>"},
    pair{"the time is not a number of seconds", "الوقت ليس عددًا من الثواني"},
    pair{"it was signed too long ago", "مضى على التوقيع وقت طويل"},
    pair{"it was signed in the future", "وقت التوقيع في المستقبل"},
    pair{"the hash does not match the body under any secret", "التوقيع لا يطابق المحتوى بأي سر من الأسرار"},
    pair{"without X-EL-Conversation-Id", "بدون X-EL-Conversation-Id"},
    pair{"there is none in the answer", "لا يوجد في الجواب"},
    pair{"the answer is not JSON", "الجواب ليس بصيغة JSON"},
    pair{"The conversation at ElevenLabs was over before this could be sent.",
         "انتهت المحادثة في ElevenLabs قبل أن تُرسل هذه الرسالة."},
    pair{"Take over now, say who you are, and answer the last message first.",
         "تولَّ المحادثة الآن، وعرّف بنفسك، وأجب أولًا عن آخر رسالة."},
    pair{"Take over, say who you are, and answer the last message.",
         "تولَّ المحادثة، وعرّف بنفسك، وأجب عن آخر رسالة."},
};

// What follows is a quotation, or another of these.
constexpr std::array beginnings{
    pair{"ElevenLabs gave no signed URL: answered ", "لم يعطِ ElevenLabs عنوانًا موقّعًا، وأجاب برمز "},
    pair{"ElevenLabs gave no signed URL: ", "لم يعطِ ElevenLabs عنوانًا موقّعًا: "},
    pair{"ElevenLabs answered ", "أجاب ElevenLabs برمز "},
    pair{"ElevenLabs could not be reached: ", "تعذّر الوصول إلى ElevenLabs: "},
    pair{"ElevenLabs closed the connection: ", "أغلق ElevenLabs الاتصال: "},
    pair{"Take over, say who you are, and answer: ", "تولَّ المحادثة، وعرّف بنفسك، وأجب عن: "},
    pair{"Take over now, say who you are, and answer: ", "تولَّ المحادثة الآن، وعرّف بنفسك، وأجب عن: "},
    pair{"The customer said: ", "قال العميل: "},
    pair{"The assistant said: ", "قال المساعد: "},
    pair{"Asks for a person: ", "يطلب التحدث مع شخص: "},
    pair{"Named but meant otherwise: ", "ذُكر بمعنى آخر: "},
    pair{"Named but negated: ", "ذُكر منفيًا: "},
    pair{"This is critical: ", "هذا حرج: "},
    pair{"Emergency: ", "حالة طارئة: "},
    pair{"very angry: ", "غاضب جدًا: "},
    pair{"speaks well: ", "كلام طيب: "},
    pair{"speaks badly: ", "كلام سلبي: "},
    pair{"may wait: ", "يمكن أن ينتظر: "},
    pair{"The customer is upset: ", "العميل مستاء: "},
    pair{"The customer asks about: ", "يسأل العميل عن: "},
    pair{"The customer asked again: ", "كرر العميل سؤاله: "},
    pair{"The assistant had no sure answer to: ", "لم يكن لدى المساعد جواب أكيد عن: "},
    pair{"The assistant wants a person: ", "يرى المساعد أن الأمر يحتاج إلى موظف: "},
};

constexpr std::string_view asked = " asked for a person."; // after a name

// nullopt: the server did not make it.
std::optional<std::string> translated(std::string_view text) {
    for (const auto& p : whole)
        if (text == p.en) return std::string(p.ar);
    for (const auto& p : beginnings) {
        if (!text.starts_with(p.en)) continue;
        const auto rest = text.substr(p.en.size());
        return std::string(p.ar) + translated(rest).value_or(std::string(rest));
    }
    if (text.ends_with(asked) && text.size() > asked.size())
        return "طلب " + std::string(text.substr(0, text.size() - asked.size())) + " موظفًا.";
    return std::nullopt;
}

} // namespace

std::string in_arabic(std::string_view english) {
    // Several reasons may stand in a row: “late”; may wait: “no rush”.
    std::string out;
    bool ours = false;
    for (std::string_view rest = english;;) {
        const auto end = rest.find("; ");
        const auto part = rest.substr(0, end);
        const auto arabic = translated(part);
        ours = ours || arabic;
        out += arabic.value_or(std::string(part));
        if (end == std::string_view::npos) return ours ? out : std::string(english);
        out += "؛ ";
        rest.remove_prefix(end + 2);
    }
}

} // namespace chat_centre
