#include "assistant/wording.hpp"

namespace chat_centre::assistant {

std::string_view spoken_language(std::string_view wanted, std::string_view otherwise) {
    for (const auto l : {wanted.substr(0, 2), otherwise.substr(0, 2)}) {
        if (l == "ar") return "ar";
        if (l == "en") return "en";
    }
    return "en";
}

namespace say {
namespace {

constexpr std::size_t longest_passage = 1600; // bytes

bool in_arabic_letters(std::string_view language) { return language == "ar"; }

std::string pick(std::string_view language, std::string_view en, std::string_view ar) {
    return std::string(in_arabic_letters(language) ? ar : en);
}

// To the end of a sentence, or of a word, when it is too long.
std::string shortened(std::string_view text) {
    if (text.size() <= longest_passage) return std::string(text);
    auto cut = text.substr(0, longest_passage);
    auto end = cut.find_last_of(".!?\n");
    if (end == std::string_view::npos || end < longest_passage / 2) end = cut.find_last_of(" \n");
    if (end == std::string_view::npos) {
        end = longest_passage;
        while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        --end;
    }
    return std::string(text.substr(0, end + 1)) + " …";
}

std::string numbered(const std::vector<std::string>& titles) {
    std::string out;
    for (std::size_t i = 0; i < titles.size(); ++i) out += "\n" + std::to_string(i + 1) + ". " + titles[i];
    return out;
}

std::string way_to_a_person(std::string_view language) {
    return pick(language, "Or write “talk to a person” and a colleague will join you.",
                "أو اكتب «أريد التحدث مع موظف» وسينضم إليك أحد زملائنا.");
}

} // namespace

std::string welcome(std::string_view language, std::string_view company) {
    const std::string name(company);
    return pick(language, "Welcome to " + name + "! How can I help you?",
                "مرحبًا بك في " + name + "! كيف يمكنني مساعدتك؟");
}

std::string hello(std::string_view language, std::string_view name) {
    const std::string to(name);
    if (in_arabic_letters(language))
        return (to.empty() ? "أهلًا بك!" : "أهلًا بك يا " + to + "!") + std::string(" كيف يمكنني مساعدتك؟");
    return (to.empty() ? "Hello!" : "Hello " + to + "!") + std::string(" How can I help you?");
}

std::string you_are_welcome(std::string_view language) {
    return pick(language, "You are welcome. Is there anything else that I can help you with?",
                "على الرحب والسعة. هل هناك شيء آخر يمكنني مساعدتك فيه؟");
}

std::string goodbye(std::string_view language) {
    return pick(language, "Goodbye, and all the best. Write here again whenever you need us.",
                "إلى اللقاء، مع أطيب التمنيات. اكتب لنا هنا متى احتجت إلينا.");
}

std::string passage(std::string_view language, const passage_words& what) {
    std::string out;
    if (what.upset)
        out = pick(language, "I am sorry about the trouble. This is what I know about it:\n\n",
                   "أعتذر عما واجهته. هذا ما أعرفه عن الأمر:\n\n");
    else if (what.again)
        out = pick(language, "Here is what I know about it once more:\n\n",
                   "هذا ما أعرفه عن الأمر مرة أخرى:\n\n");
    else if (what.language != language)
        out = in_arabic_letters(language) ? "لا أجد هذا إلا باللغة الإنجليزية:\n\n"
                                          : "I only have this in Arabic:\n\n";
    out += shortened(what.passage);
    const std::string title(what.title);
    out += pick(language, "\n\nSource: “" + title + "”", "\n\nالمصدر: «" + title + "»");
    if (what.again || what.upset)
        out += pick(language,
                    "\n\nIf that does not help, write “talk to a person” and a colleague will join you.",
                    "\n\nإن لم يفدك هذا فاكتب «أريد التحدث مع موظف» وسينضم إليك أحد زملائنا.");
    return out;
}

std::string which_one(std::string_view language, const std::vector<std::string>& titles) {
    return pick(language, "So that I answer the right thing: which of these do you mean?",
                "لأجيبك عما تقصده: أيّ هذه تعني؟") +
           numbered(titles) +
           pick(language, "\n\nWrite its number, or put it in other words. ",
                "\n\nاكتب رقمه، أو صف ما تريده بكلمات أخرى. ") +
           way_to_a_person(language);
}

std::string these_may_help(std::string_view language, const std::vector<std::string>& titles) {
    return pick(language, "I am not sure that I have the answer. This is the closest that I know of:",
                "لست متأكدًا من أن لدي الجواب. هذا أقرب ما أعرفه:") +
           numbered(titles) +
           pick(language, "\n\nWrite a number to read it, or tell me more. ",
                "\n\nاكتب الرقم لتقرأه، أو أخبرني بالمزيد. ") +
           way_to_a_person(language);
}

std::string tell_me_more(std::string_view language, bool upset) {
    return (upset ? pick(language, "I am sorry about that. ", "أعتذر عن ذلك. ") : std::string()) +
           pick(language,
                "I do not have an answer to that yet. Could you put it in other words, or tell me a little more? ",
                "ليس لدي جواب عن ذلك بعد. هل يمكنك أن تصفه بكلمات أخرى، أو تخبرني بالمزيد؟ ") +
           way_to_a_person(language);
}

std::string noted(std::string_view language) {
    return pick(language, "Thank you, I have noted that. Tell me what you would like to know. ",
                "شكرًا لك، سجّلت ذلك. أخبرني بما تود معرفته. ") +
           way_to_a_person(language);
}

std::string who_i_am(std::string_view language) {
    return pick(language,
                "I am the automated assistant here: a program, not a person. I answer what I know, and people are "
                "here too. What would you like to know? ",
                "أنا المساعد الآلي هنا: برنامج ولست إنسانًا. أجيب عما أعرفه، ومعنا هنا موظفون أيضًا. ماذا تود أن "
                "تعرف؟ ") +
           way_to_a_person(language);
}

std::string nice_to_meet_you(std::string_view language, std::string_view name) {
    const std::string to(name);
    return pick(language, "Nice to meet you, " + to + ". How can I help you?",
                "سررت بمعرفتك يا " + to + ". كيف يمكنني مساعدتك؟");
}

std::string ask_away(std::string_view language) {
    return pick(language, "Of course. What is it about? Tell me in a sentence. ",
                "بكل سرور. ما الأمر؟ أخبرني به في جملة. ") +
           way_to_a_person(language);
}

std::string without_a_person(std::string_view language) {
    return pick(language, "All right, we go on here. What would you like to know?",
                "حسنًا، نتابع هنا. ماذا تود أن تعرف؟");
}

std::string keep_calm(std::string_view language) {
    return pick(language, "I am sorry that you are upset. Tell me what went wrong, and I will try to help. ",
                "يؤسفني انزعاجك. أخبرني بما حدث وسأحاول مساعدتك. ") +
           way_to_a_person(language);
}

std::string not_readable(std::string_view language) {
    return pick(language, "I could not read that. Could you write it again, in a few words? ",
                "لم أستطع قراءة ذلك. هل يمكنك كتابته مرة أخرى بكلمات قليلة؟ ") +
           way_to_a_person(language);
}

std::string no_such_number(std::string_view language, std::size_t most) {
    const std::string n = std::to_string(most);
    if (most == 0)
        return pick(language,
                    "There is nothing to choose by number right now. Tell me in words what you would like to know. ",
                    "لا شيء هنا يُختار بالأرقام الآن. أخبرني بالكلمات بما تود معرفته. ") +
               way_to_a_person(language);
    return pick(language,
                most == 1
                    ? "There is only number 1 to choose. Write 1 to read it, or tell me in words what you need. "
                    : "Please choose a number from 1 to " + n + ", or tell me in words what you need. ",
                most == 1 ? "لا خيار إلا الرقم 1. اكتب 1 لتقرأه، أو أخبرني بالكلمات بما تحتاجه. "
                          : "اختر رقمًا من 1 إلى " + n + " من فضلك، أو أخبرني بالكلمات بما تحتاجه. ") +
           way_to_a_person(language);
}

std::string ticket_status(std::string_view language, const ticket_words& t) {
    struct status_words {
        std::string_view stored, en, ar;
    };
    static constexpr status_words all[] = {
        {"open", "has arrived and waits for a colleague", "وصل وينتظر أحد زملائنا"},
        {"in_progress", "is being worked on", "قيد المعالجة"},
        {"waiting_customer", "waits for an answer from you", "ينتظر ردًا منك"},
        {"on_hold", "is on hold for the moment", "معلّق مؤقتًا"},
        {"resolved", "has been resolved", "تم حله"},
        {"closed", "is closed", "مغلق"},
    };
    std::string en = "has the status " + std::string(t.status), ar = "حالته " + std::string(t.status);
    for (const auto& s : all)
        if (s.stored == t.status) {
            en = s.en;
            ar = s.ar;
        }
    const std::string id(t.id), subject(t.subject), day(t.day);
    return pick(language,
                "Your request " + id + " (“" + subject + "”) " + en + ". It last changed on " + day +
                    ". If you would like to know more, write “talk to a person”.",
                "طلبك " + id + " («" + subject + "») " + ar + ". آخر تغيير عليه كان في " + day +
                    ". إن أردت معرفة المزيد فاكتب «أريد التحدث مع موظف».");
}

std::string which_reference(std::string_view language) {
    return pick(language,
                "I would like to look that up. Which reference does it have? It stands in the mail that you "
                "got, such as TKT_20261120_AB12. ",
                "يسعدني أن أبحث عنه. ما رقمه المرجعي؟ تجده في الرسالة التي وصلتك، مثل TKT_20261120_AB12. ") +
           way_to_a_person(language);
}

std::string connecting(std::string_view language, why reason) {
    std::string_view en, ar;
    switch (reason) {
    case why::asked: return notice(language);
    case why::mood:
        en = "I am sorry that this has been so frustrating. ";
        ar = "أعتذر عما سببه لك هذا من إزعاج. ";
        break;
    case why::repeated:
        en = "You have asked this before, and my answer has not helped. ";
        ar = "سألت عن هذا من قبل ولم يفدك جوابي. ";
        break;
    case why::unsure:
        en = "I do not have a sure answer to that, and I would rather not guess. ";
        ar = "ليس لدي جواب أكيد عن ذلك، ولا أريد أن أخمّن. ";
        break;
    case why::reference:
        en = "I cannot look into that request from here. ";
        ar = "لا أستطيع الاطلاع على هذا الطلب من هنا. ";
        break;
    }
    return pick(language, en, ar) + notice(language);
}

std::string notice(std::string_view language) {
    return pick(language,
                "I am connecting you with a colleague. Please stay here: they will see everything you wrote.",
                "سأوصلك بأحد زملائنا. ابقَ معنا من فضلك، سيرى كل ما كتبته هنا.");
}

std::string notice(std::string_view language, analysis::danger whom) {
    switch (whom) {
    case analysis::danger::life:
        return pick(language,
                    "If a life is in danger, please call your local emergency number now. I am connecting you "
                    "with a colleague at once. Please stay here: they will see everything you wrote.",
                    "إذا كانت هناك حياة في خطر فاتصل برقم الطوارئ الآن من فضلك. سأوصلك بأحد زملائنا فورًا. ابقَ "
                    "معنا من فضلك، سيرى كل ما كتبته هنا.");
    case analysis::danger::self:
        return pick(
            language,
            "I am so glad that you wrote this. You are not alone with it. If you could be in danger now, "
            "please call your local emergency number, or go to somebody you trust and do not stay alone. "
            "I am connecting you with a colleague at once. Please stay here.",
            "يهمنا أنك كتبت لنا هذا، ولست وحدك. إذا كنت في خطر الآن فاتصل برقم الطوارئ من فضلك، أو اذهب "
            "إلى شخص تثق به ولا تبقَ وحدك. سأوصلك بأحد زملائنا فورًا. ابقَ معنا من فضلك.");
    case analysis::danger::none: break;
    }
    return notice(language);
}

} // namespace say
} // namespace chat_centre::assistant
