#include "intake/commands.hpp"

#include "intake/extract.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::intake {
namespace {

using namespace std::string_view_literals;

// As fold_text leaves them: lower case, no punctuation; Arabic alef without hamza, ha for ta marbuta.
struct wording {
    command means;
    std::string_view text;
};
constexpr std::array wordings{
    wording{command::english, "english"sv},
    wording{command::english, "in english"sv},
    wording{command::english, "en"sv},
    wording{command::english, "speak english"sv},
    wording{command::english, "switch to english"sv},
    wording{command::english, "english language"sv},
    wording{command::english, "الانجليزيه"sv},
    wording{command::english, "انجليزي"sv},
    wording{command::english, "بالانجليزي"sv},
    wording{command::english, "بالانجليزيه"sv},
    wording{command::english, "باللغه الانجليزيه"sv},
    wording{command::arabic, "arabic"sv},
    wording{command::arabic, "in arabic"sv},
    wording{command::arabic, "ar"sv},
    wording{command::arabic, "speak arabic"sv},
    wording{command::arabic, "switch to arabic"sv},
    wording{command::arabic, "arabic language"sv},
    wording{command::arabic, "عربي"sv},
    wording{command::arabic, "بالعربي"sv},
    wording{command::arabic, "العربيه"sv},
    wording{command::arabic, "بالعربيه"sv},
    wording{command::arabic, "باللغه العربيه"sv},
    wording{command::person, "0"sv},
    wording{command::person, "agent"sv},
    wording{command::person, "an agent"sv},
    wording{command::person, "operator"sv},
    wording{command::person, "human"sv},
    wording{command::person, "a human"sv},
    wording{command::person, "person"sv},
    wording{command::person, "a person"sv},
    wording{command::person, "representative"sv},
    wording{command::person, "talk to a person"sv},
    wording{command::person, "talk to agent"sv},
    wording{command::person, "transfer me"sv},
    wording{command::person, "موظف"sv},
    wording{command::person, "موظفه"sv},
    wording{command::person, "اريد موظف"sv},
    wording{command::person, "اريد التحدث مع موظف"sv},
    wording{command::person, "ابغي موظف"sv},
    wording{command::person, "انسان"sv},
    wording{command::person, "شخص"sv},
    wording{command::person, "خدمه العملاء"sv},
    wording{command::person, "حولني"sv},
    wording{command::skip, "skip"sv},
    wording{command::skip, "skip it"sv},
    wording{command::skip, "skip this"sv},
    wording{command::skip, "next"sv},
    wording{command::skip, "none"sv},
    wording{command::skip, "pass"sv},
    wording{command::skip, "no email"sv},
    wording{command::skip, "i have no email"sv},
    wording{command::skip, "i dont have one"sv},
    wording{command::skip, "i dont have it"sv},
    wording{command::skip, "i dont have an email"sv},
    wording{command::skip, "i dont have email"sv},
    wording{command::skip, "i do not have one"sv},
    wording{command::skip, "dont have one"sv},
    wording{command::skip, "rather not say"sv},
    wording{command::skip, "id rather not"sv},
    wording{command::skip, "تخطي"sv},
    wording{command::skip, "تخط"sv},
    wording{command::skip, "تجاوز"sv},
    wording{command::skip, "التالي"sv},
    wording{command::skip, "لا يوجد"sv},
    wording{command::skip, "ما عندي"sv},
    wording{command::skip, "ليس لدي"sv},
    wording{command::skip, "ليس لدي بريد"sv},
    wording{command::skip, "ما عندي ايميل"sv},
    wording{command::skip, "بدون"sv},
    wording{command::repeat, "repeat"sv},
    wording{command::repeat, "again"sv},
    wording{command::repeat, "say that again"sv},
    wording{command::repeat, "what"sv},
    wording{command::repeat, "pardon"sv},
    wording{command::repeat, "sorry"sv},
    wording{command::repeat, "اعد"sv},
    wording{command::repeat, "كرر"sv},
    wording{command::repeat, "مره اخري"sv},
    wording{command::repeat, "ماذا"sv},
    wording{command::restart, "start over"sv},
    wording{command::restart, "restart"sv},
    wording{command::restart, "start again"sv},
    wording{command::restart, "from the beginning"sv},
    wording{command::restart, "ابدا من جديد"sv},
    wording{command::restart, "من جديد"sv},
    wording{command::restart, "من البدايه"sv},
    wording{command::bye, "bye"sv},
    wording{command::bye, "bye bye"sv},
    wording{command::bye, "goodbye"sv},
    wording{command::bye, "good bye"sv},
    wording{command::bye, "hang up"sv},
    wording{command::bye, "end call"sv},
    wording{command::bye, "end the call"sv},
    wording{command::bye, "مع السلامه"sv},
    wording{command::bye, "وداعا"sv},
    wording{command::bye, "انهاء"sv},
    wording{command::bye, "انهاء المكالمه"sv},
    wording{command::greeting, "hi"sv},
    wording{command::greeting, "hello"sv},
    wording{command::greeting, "hello there"sv},
    wording{command::greeting, "hey"sv},
    wording{command::greeting, "good morning"sv},
    wording{command::greeting, "good afternoon"sv},
    wording{command::greeting, "good evening"sv},
    wording{command::greeting, "start"sv},
    wording{command::greeting, "مرحبا"sv},
    wording{command::greeting, "اهلا"sv},
    wording{command::greeting, "اهلا وسهلا"sv},
    wording{command::greeting, "هلا"sv},
    wording{command::greeting, "السلام عليكم"sv},
    wording{command::greeting, "السلام عليكم ورحمه الله"sv},
    wording{command::greeting, "السلام عليكم ورحمه الله وبركاته"sv},
    wording{command::greeting, "صباح الخير"sv},
    wording{command::greeting, "مساء الخير"sv},
    wording{command::yes, "1"sv},
    wording{command::yes, "y"sv},
    wording{command::yes, "yes"sv},
    wording{command::yes, "yes it is"sv},
    wording{command::yes, "yes correct"sv},
    wording{command::yes, "yes thats right"sv},
    wording{command::yes, "yeah"sv},
    wording{command::yes, "yep"sv},
    wording{command::yes, "sure"sv},
    wording{command::yes, "ok"sv},
    wording{command::yes, "okay"sv},
    wording{command::yes, "correct"sv},
    wording{command::yes, "right"sv},
    wording{command::yes, "thats right"sv},
    wording{command::yes, "that is right"sv},
    wording{command::yes, "thats correct"sv},
    wording{command::yes, "that is correct"sv},
    wording{command::yes, "all correct"sv},
    wording{command::yes, "confirm"sv},
    wording{command::yes, "i confirm"sv},
    wording{command::yes, "confirmed"sv},
    wording{command::yes, "نعم"sv},
    wording{command::yes, "نعم صحيح"sv},
    wording{command::yes, "اي نعم"sv},
    wording{command::yes, "ايوه"sv},
    wording{command::yes, "ايوا"sv},
    wording{command::yes, "اجل"sv},
    wording{command::yes, "صح"sv},
    wording{command::yes, "صحيح"sv},
    wording{command::yes, "صحيحه"sv},
    wording{command::yes, "تمام"sv},
    wording{command::yes, "موافق"sv},
    wording{command::yes, "اوكد"sv},
    wording{command::yes, "تاكيد"sv},
    wording{command::no, "2"sv},
    wording{command::no, "n"sv},
    wording{command::no, "no"sv},
    wording{command::no, "nope"sv},
    wording{command::no, "not correct"sv},
    wording{command::no, "no its wrong"sv},
    wording{command::no, "incorrect"sv},
    wording{command::no, "wrong"sv},
    wording{command::no, "thats wrong"sv},
    wording{command::no, "change"sv},
    wording{command::no, "correct it"sv},
    wording{command::no, "لا"sv},
    wording{command::no, "كلا"sv},
    wording{command::no, "خطا"sv},
    wording{command::no, "غلط"sv},
    wording{command::no, "غير صحيح"sv},
    wording{command::no, "ليس صحيحا"sv},
    wording{command::no, "تعديل"sv},
    wording{command::thanks, "thanks"sv},
    wording{command::thanks, "thank you"sv},
    wording{command::thanks, "thank you very much"sv},
    wording{command::thanks, "no thanks"sv},
    wording{command::thanks, "no thank you"sv},
    wording{command::thanks, "thats all"sv},
    wording{command::thanks, "that is all"sv},
    wording{command::thanks, "no thats all"sv},
    wording{command::thanks, "nothing else"sv},
    wording{command::thanks, "شكرا"sv},
    wording{command::thanks, "شكرا لك"sv},
    wording{command::thanks, "شكرا جزيلا"sv},
    wording{command::thanks, "لا شكرا"sv},
    wording{command::thanks, "هذا كل شيء"sv},
    wording{command::thanks, "لا شيء"sv},
};

struct field_word {
    std::string_view field, text; // text with spaces around whole words
};
constexpr std::array field_words{
    field_word{"name", " name "sv},       field_word{"name", " الاسم "sv},
    field_word{"name", " اسمي "sv},       field_word{"name", " اسم "sv},
    field_word{"phone", " phone "sv},     field_word{"phone", " number "sv},
    field_word{"phone", " telephone "sv}, field_word{"phone", " mobile "sv},
    field_word{"phone", " الهاتف "sv},    field_word{"phone", " الجوال "sv},
    field_word{"phone", " الرقم "sv},     field_word{"phone", " رقم "sv},
    field_word{"phone", " رقمي "sv},      field_word{"phone", " هاتفي "sv},
    field_word{"phone", " هاتف "sv},      field_word{"phone", " جوال "sv},
    field_word{"email", " email "sv},     field_word{"email", " e mail "sv},
    field_word{"email", " mail "sv},      field_word{"email", " البريد "sv},
    field_word{"email", " الايميل "sv},   field_word{"email", " ايميل "sv},
    field_word{"email", " ايميلي "sv},    field_word{"email", " بريد "sv},
    field_word{"email", " بريدي "sv},     field_word{"service", " service "sv},
    field_word{"service", " request "sv}, field_word{"service", " reason "sv},
    field_word{"service", " الخدمه "sv},  field_word{"service", " خدمه "sv},
    field_word{"service", " الطلب "sv},   field_word{"service", " طلبي "sv},
    field_word{"service", " السبب "sv},
};

// Politeness around a command changes nothing of it.
constexpr std::array polite{" please "sv, " pls "sv,      " من فضلك "sv, " لو سمحت "sv,  " رجاء "sv,
                            " can we "sv, " could we "sv, " i want "sv,  " i prefer "sv, " lets "sv};

std::string plain(std::string_view text) {
    std::string folded = fold_text(ascii_digits(text));
    for (const auto word : polite)
        for (auto at = folded.find(word); at != std::string::npos; at = folded.find(word))
            folded.replace(at, word.size(), " ");
    const auto first = folded.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return folded.substr(first, folded.find_last_not_of(' ') - first + 1);
}

} // namespace

command read_command(std::string_view text) {
    if (text.size() > 120) return command::none;
    const std::string said = plain(text);
    const auto it =
        std::find_if(wordings.begin(), wordings.end(), [&said](const wording& w) { return w.text == said; });
    return it == wordings.end() ? command::none : it->means;
}

std::string field_named(std::string_view text) {
    if (text.size() > 400) return {};
    const std::string folded = fold_text(text);
    std::string found;
    for (const auto& w : field_words) {
        if (folded.find(w.text) == std::string::npos || found == w.field) continue;
        if (!found.empty()) return {};
        found = w.field;
    }
    return found;
}

} // namespace chat_centre::intake
