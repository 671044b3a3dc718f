// Which texts ask for a person: the documents' phrases, how people put it besides, and what must not be taken for it.

#include <chat_centre/assistant/handover.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace chat_centre;
using namespace chat_centre::assistant;
using conversation::speaker;

namespace {

// "yes", "urgent", "no" (a phrase was there, but declined) or "-" (nothing in it).
std::string judged(const char* text, speaker role = speaker::user, const handover_settings& s = {}) {
    const auto signal = detect_handover(text, role, s);
    if (!signal) return "-";
    CHECK(signal->confidence >= 0);
    CHECK(signal->confidence <= 1);
    CHECK_FALSE(signal->reason.empty());
    CHECK(signal->needed == (signal->confidence >= s.threshold));
    if (!signal->needed) return "no";
    return signal->urgent ? "urgent" : "yes";
}

} // namespace

TEST_CASE("the documented phrases hand over", "[assistant][handover]") {
    for (const char* text :
         {// direct
          "I need to speak with a human", "Can I talk to customer service?", "I want to speak with an agent",
          "Connect me to a human please", "I want to speak with a human", "Connect me to an agent",
          // support
          "I have a problem with my delivery", "My order is late, I need help", "I need to report an issue",
          // high_confidence_triggers
          "speak to human", "speak to a human", "talk to human", "talk to a human", "connect to human",
          "connect to a human", "connect me to human", "i want to speak with human", "human agent",
          "customer service", "live agent", "real person"}) {
        INFO(text);
        CHECK(judged(text) == "yes");
    }
    for (const char* text : {"I need urgent help with my order", "This is urgent, can someone help me?",
                             "I need immediate assistance"}) {
        INFO(text);
        CHECK(judged(text) == "urgent");
    }
}

TEST_CASE("however it is written", "[assistant][handover]") {
    for (const char* text : {"SPEAK TO A HUMAN",
                             "  speak   to\n a human!!! ",
                             "Please, please: speak to a human.",
                             "speak to a human",
                             "(Real person?)",
                             "I'd like to talk to a real person...",
                             "¡talk to a human!",
                             "talk to a human, now",
                             "I’d like to speak with a representative",
                             "Can I speak to your manager",
                             "Is there a live person here?",
                             "I want a person",
                             "I need a person please",
                             "Get me a person now",
                             "can i have someone to talk to? i want to talk to one of your staff",
                             "Could I chat with a member of your team?",
                             "put me through to an operator",
                             "Please pass me on to a colleague",
                             "I'd like a human",
                             "I would like an agent please",
                             "I prefer a human being",
                             "just give me a real human",
                             "is it possible to be connected to a support agent",
                             "let me speak to your boss",
                             "I want to speak with somebody about my application",
                             "need agent",
                             "human please, I want a human not a bot",
                             "I need a person to talk to",
                             "Can you transfer me to the sales team?",
                             "escalate this to your supervisor",
                             "I wanna talk to a real person"}) {
        INFO(text);
        CHECK(judged(text) == "yes");
    }
    CHECK(judged("It’s an emergency") == "urgent");
    CHECK(judged("It's an emergency") == "urgent");
}

TEST_CASE("Arabic phrases hand over", "[assistant][handover]") {
    for (const char* text : {"أريد التحدث مع موظف",
                             "اريد التحدث مع موظف",
                             "أُرِيدُ التَّحَدُّثَ مَعَ مُوَظَّفٍ",
                             "ممكن أكلم موظف؟",
                             "أريد أن أتحدث مع شخص",
                             "أريد خدمة العملاء",
                             "حولني إلى موظف",
                             "هل يوجد شخص حقيقي هنا؟",
                             "أريد المدير",
                             "أريد التحدث إلى موظف من فضلك",
                             "عايز أكلم حد من الموظفين",
                             "ابغى اكلم موظف",
                             "بدي احكي مع شخص",
                             "وصلني بموظف لو سمحت",
                             "أحتاج إلى إنسان يساعدني",
                             "هل يمكنني التواصل مع أحد موظفيكم؟",
                             "ممكن تحولني لموظف",
                             "اريد ان اتحدث مع المسؤول",
                             "أريد شخصا حقيقيا",
                             "عندي مشكلة في التوصيل",
                             "طلبي متأخر",
                             "أريد تقديم شكوى",
                             "مرحبا، أريد التحدث مع شخص."}) {
        INFO(text);
        CHECK(judged(text) == "yes");
    }
    for (const char* text : {"أحتاج مساعدة عاجلة", "الأمر عاجل جدا", "هذه حالة طارئة"}) {
        INFO(text);
        CHECK(judged(text) == "urgent");
    }
}

TEST_CASE("negated, it is only logged", "[assistant][handover]") {
    for (const char* text :
         {"I don't need a human", "I don’t need a human", "I dont need a human", "I do not want a human",
          "I don't want to talk to a human", "I do not want to speak with a human", "no human agent, thanks",
          "please never transfer me", "Can you solve it without a real person?", "I don't think I need a human",
          "this is not an emergency, but it's not a problem with my order either", "rather than a human agent",
          "لا أريد التحدث مع موظف", "لست بحاجة إلى خدمة العملاء", "بدون خدمة العملاء"}) {
        INFO(text);
        const auto got = judged(text);
        CHECK((got == "no" || got == "-"));
    }
    CHECK(judged("I don't need a human") == "no");
}

TEST_CASE("a no to something else is not a no to a person", "[assistant][handover]") {
    for (const char* text :
         {"No, I want to talk to a human", "No. Connect me to a human", "No! I need a human",
          "This is not working, I need a human", "It doesn't work. Talk to a human please",
          "it is not working i need a human", "I'm not happy, connect me to an agent",
          "I don't want a bot, I want a human", "I do not want to talk to a bot, connect me to a human",
          "That did not help. I want to speak with an agent", "You did not answer me\nI want a human",
          "I don't need a human. Actually, wait: I want to talk to a human", "لا، أريد التحدث مع موظف",
          "لا. أريد موظف", "هذا لم ينفع، أريد التحدث مع موظف"}) {
        INFO(text);
        CHECK(judged(text) == "yes");
    }
}

TEST_CASE("plain questions do not hand over", "[assistant][handover]") {
    for (const char* text : {"I need help",
                             "This is unacceptable, I want to complain",
                             "I wish to complain",
                             "What are your opening hours?",
                             "Hello",
                             "",
                             "   ",
                             "?!",
                             "I need help with my scholarship",
                             "Where is my order?",
                             "How do I apply?",
                             "Thank you, goodbye",
                             "human rights",
                             "Do you speak English?",
                             "My agent number is 12",
                             "Which documents do you need from a person over 18?",
                             "I was in person at the office",
                             "the realperson website",
                             "I need an agent number",
                             "I need staff housing",
                             "Who is the contact person for refunds?",
                             "How do I transfer the agent fee?",
                             "I like the manager",
                             "My manager wants to know when it arrives",
                             "I am a human resources manager",
                             "The person at the desk was kind",
                             "Do you have agents in Lagos?",
                             "I want to become an agent",
                             "I need the employee handbook",
                             "How many people speak Arabic in your team?",
                             "أنا موظف في شركة",
                             "الموظف كان لطيفا",
                             "superhuman agents",
                             "Is the customer services page down",
                             "ما هي ساعات العمل؟",
                             "أحتاج مساعدة",
                             "مرحبا",
                             "شكرا",
                             "كيف أقدم على المنحة؟",
                             "12345",
                             "😀"}) {
        INFO(text);
        CHECK(judged(text) == "-");
    }
}

TEST_CASE("the assistant's own words hand over", "[assistant][handover]") {
    for (const char* text :
         {"Let me connect you with our team", "I'll connect you to a colleague", "I will transfer you now",
          "I am connecting you with a colleague", "سأحولك إلى موظف", "سيتم تحويلك إلى موظف"}) {
        INFO(text);
        CHECK(judged(text, speaker::ai) == "yes");
        CHECK(judged(text, speaker::user) != "yes");
    }
    for (const char* text : {"Would you like to talk to a human?", "How can I help you?",
                             "I can't connect you, but I will not give up"}) {
        INFO(text);
        CHECK(judged(text, speaker::ai) == "-");
    }
    CHECK(judged("I want to talk to a human", speaker::staff) == "-");
    CHECK(judged("I want to talk to a human", speaker::system) == "-");
}

TEST_CASE("the threshold means at least", "[assistant][handover]") {
    CHECK(judged("I need a human", speaker::user, {.threshold = 0.95}) == "yes");
    CHECK(judged("I need a human", speaker::user, {.threshold = 0.96}) == "no");
    CHECK(judged("call me back", speaker::user, {.threshold = 0.75}) == "yes");
    CHECK(judged("call me back", speaker::user, {.threshold = 0.8}) == "no");
    CHECK(judged("I need a human", speaker::user, {.enabled = false}) == "-");
}

TEST_CASE("hostile text is judged like any other", "[assistant][handover]") {
    std::string long_text;
    while (long_text.size() < 64000) long_text += "no not never don't ";
    CHECK(judged((long_text + ". I need a human").c_str()) == "yes");
    CHECK(judged("\xff\xfe talk to a human \xc3") == "yes");
    CHECK(judged("\xd8") == "-");
}
