// The texts that are shipped. Arabic without gendered forms of address where the language allows it.

#include <chat_centre/intake/prompts.hpp>

#include <array>

namespace chat_centre::intake {
namespace {

constexpr std::array texts{
    prompt{"reception", "welcome", "The first words of a call", "",
           "Welcome to {company}. I will ask a few questions, so that the right colleague can help you.",
           "مرحبًا بك في {company}. سأطرح بعض الأسئلة ليتمكن الزميل المناسب من مساعدتك."},
    prompt{"reception", "welcome_back", "When somebody goes on after a pause", "", "Welcome back, {name}.",
           "مرحبًا بعودتك، {name}."},
    prompt{"reception", "ask_name", "Asks for the name", "", "What is your name?", "ما اسمك الكريم؟"},
    prompt{"reception", "ask_phone", "Asks for the telephone number", "",
           "Thank you, {name}. What is your telephone number?", "شكرًا، {name}. ما رقم هاتفك؟"},
    prompt{"reception", "ask_email", "Asks for the e-mail address, which may be skipped", "",
           "What is your e-mail address? You can also say “skip”.",
           "ما بريدك الإلكتروني؟ يمكنك أيضًا أن تكتب «تخطي»."},
    prompt{
        "reception", "ask_service_type", "Asks what the call is about", "",
        "How can we help you? 1 for sales, 2 for a complaint, 3 for something else, or tell me in your own words.",
        "كيف يمكننا مساعدتك؟ 1 للمبيعات، 2 لشكوى، 3 لأمر آخر، أو اشرح بكلماتك."},
    prompt{"reception", "confirm_data", "Reads back what was collected", "",
           "Please check:\nName: {name}\nPhone: {phone}\nE-mail: {email}\nService: {service_type}\nPress 1 if this is "
           "correct, or 2 to change something.",
           "يرجى التأكد:\nالاسم: {name}\nالهاتف: {phone}\nالبريد الإلكتروني: {email}\nالخدمة: {service_type}\n"
           "اضغط 1 إذا كان صحيحًا، أو 2 لتعديل شيء."},
    prompt{"reception", "which_field", "Asks what is wrong", "",
           "What should I change: name, phone, e-mail or service?",
           "ماذا أعدّل: الاسم أم الهاتف أم البريد أم الخدمة؟"},
    prompt{"reception", "invalid_name", "No name was found in the answer", "",
           "Sorry, I did not catch your name. Please tell me only your name.",
           "عذرًا، لم أفهم الاسم. اكتب اسمك فقط من فضلك."},
    prompt{"reception", "invalid_phone", "No telephone number was found in the answer", "",
           "Sorry, that does not look like a telephone number. Please give it with the country code, such as +966 50 "
           "123 4567.",
           "عذرًا، لا يبدو هذا رقم هاتف صحيحًا. اكتبه مع رمز الدولة من فضلك، مثل +966501234567."},
    prompt{
        "reception", "invalid_email", "No e-mail address was found in the answer", "",
        "Sorry, that does not look like an e-mail address. An example: name@example.com. You can also say “skip”.",
        "عذرًا، لا يبدو هذا بريدًا إلكترونيًا صحيحًا. مثال: name@example.com. يمكنك أيضًا أن تكتب «تخطي»."},
    prompt{"reception", "invalid_service_type", "Nothing was understood of what the call is about", "",
           "Sorry, I did not understand. Please tell me in a few words what you need.",
           "عذرًا، لم أفهم. اشرح في كلمات قليلة ما تحتاجه من فضلك."},
    prompt{"reception", "invalid_confirmation", "Neither yes nor no", "",
           "Please press 1 if everything is correct, or 2 to change something.",
           "اضغط 1 من فضلك إذا كان كل شيء صحيحًا، أو 2 لتعديل شيء."},
    prompt{"reception", "required", "Something that cannot be skipped was", "field",
           "I need this to be able to help you. You can also say “agent”, and a colleague takes over.",
           "أحتاج هذه المعلومة لأتمكن من مساعدتك. يمكنك أيضًا أن تكتب «موظف» ليتولى أحد الزملاء الأمر."},
    prompt{"reception", "language_changed", "After a change of language", "",
           "Of course, we go on in English.", "بالتأكيد، نكمل بالعربية."},
    prompt{"reception", "still_there", "Nobody answered for a while", "", "Are you still there?",
           "هل ما زلت معنا؟"},
    prompt{"reception", "paused", "Nobody answered for long", "",
           "I have kept everything you told me. Write whenever you like, and we go on here.",
           "احتفظت بكل ما ذكرته. اكتب متى شئت ونكمل من هنا."},
    prompt{"reception", "routing", "Says which department it goes to", "",
           "Thank you, {name}. This is a matter for {department}.",
           "شكرًا، {name}. هذا الأمر يخص {department}."},
    prompt{"reception", "passing_on", "Before a person takes over", "",
           "I am passing you on to a colleague now.", "سأحوّل المحادثة الآن إلى أحد الزملاء."},
    prompt{"reception", "already_waiting", "While a person is on the way", "",
           "A colleague is on the way. I have added your message.", "أحد الزملاء في الطريق إليك. أضفت رسالتك."},
    prompt{
        "reception", "too_many_retries", "When the questions lead nowhere", "",
        "Let us do this more simply: a colleague from reception takes over and keeps everything you told me.",
        "لنجعل الأمر أسهل: سيتولى زميل من الاستقبال المحادثة، وكل ما ذكرته محفوظ."},
    prompt{"reception", "answer", "An answer from the knowledge base", "answer",
           "{answer}\n\nIs there anything else?", "{answer}\n\nهل من شيء آخر؟"},
    prompt{"reception", "no_answer", "The knowledge base has no answer", "",
           "I would rather have a colleague answer that.", "من الأفضل أن يجيب أحد الزملاء عن ذلك."},
    prompt{"reception", "ask_more", "After an answer", "", "What else can I do for you?", "بماذا أخدمك أيضًا؟"},
    prompt{"reception", "goodbye", "The last words", "", "Thank you for contacting {company}. Goodbye.",
           "شكرًا لتواصلك مع {company}. مع السلامة."},
    prompt{"sales", "inquiry", "Asks what a customer of sales wants to know", "",
           "What would you like to know about our products, prices or orders?",
           "ماذا تود أن تعرف عن منتجاتنا أو أسعارنا أو الطلبات؟"},
    prompt{
        "sales", "answer", "An answer from the knowledge base", "answer",
        "{answer}\n\nWould you like to know more, or shall a colleague from sales make you an offer? Say “agent”.",
        "{answer}\n\nهل تود معرفة المزيد، أم تفضّل عرضًا من زميل في المبيعات؟ اكتب «موظف»."},
    prompt{"sales", "no_answer", "The knowledge base has no answer", "",
           "A colleague from sales can answer that best, prices and orders included.",
           "زميل من المبيعات هو الأقدر على الإجابة، بما في ذلك الأسعار والطلبات."},
    prompt{"sales", "passing_on", "Before a person takes over", "",
           "I am passing you on to a colleague from sales now.", "سأحوّل المحادثة الآن إلى زميل من المبيعات."},
    prompt{"complaints", "ask_complaint", "Asks for the complaint", "",
           "I am sorry to hear that. Please tell me what happened, and since when.",
           "نأسف لذلك. اشرح لنا ما حدث، ومنذ متى، من فضلك."},
    prompt{"complaints", "tell_more", "The complaint was too short", "",
           "Please tell me in a sentence what happened, or say “skip”.",
           "اشرح ما حدث في جملة من فضلك، أو اكتب «تخطي»."},
    prompt{"complaints", "recorded", "The complaint is recorded", "severity priority",
           "Thank you for telling us. I have recorded your complaint and open a ticket for it.",
           "شكرًا لإخبارنا. سجّلت شكواك وأفتح لها تذكرة."},
    prompt{"complaints", "critical", "Somebody is in danger, or nothing works", "severity priority",
           "This is urgent. I am calling a colleague at once. If a life is in danger, please call your local "
           "emergency number now.",
           "هذا أمر عاجل. أستدعي أحد الزملاء فورًا. إذا كانت هناك حياة في خطر فاتصل برقم الطوارئ الآن."},
    prompt{"complaints", "passing_on", "Before a person takes over", "",
           "I am passing you on to a colleague from complaints now.",
           "سأحوّل المحادثة الآن إلى زميل من قسم الشكاوى."},
    prompt{"complaints", "ticket_opened", "Once the ticket is open", "ticket severity priority",
           "Your ticket is {ticket}. A colleague from {department} will join you here; we keep you informed until it is "
           "settled.",
           "رقم تذكرتك {ticket}. سينضم إليك هنا زميل من {department}، وسنبقيك على اطلاع حتى يُحل الأمر."},
};

} // namespace

std::span<const prompt> all_prompts() { return texts; }

} // namespace chat_centre::intake
