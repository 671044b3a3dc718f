// The people and words of documents 000 to 004. Names that are not in them do not occur: other customers are numbers.

#include "demo/dialogue.hpp"

namespace chat_centre::demo {
namespace {

constexpr line bob[] = {
    says("My son has had a high fever since last night"),
    answers("I am sorry to hear that, Bob. How high is it, and has he been given anything?"),
    says("39.6, paracetamol twice. This is urgent, can someone help me?"),
    answers("Let me connect you with the GoodSam medical team right away."),
    routes("goodsam"),
    takes(desk::admin),
    replies("Hello Bob, I am with you now. Is he drinking, and is he awake and answering you?"),
    says("He drinks a little"),
    says("Fever not going down"),
};
constexpr line sarah[] = {
    says("I sent my scholarship application three weeks ago"),
    answers("Thank you, Sarah. It was received on the 2nd and is with the committee."),
    says("I want to speak with a human, the school needs an answer this week"),
    routes("scholarship"),
    takes(desk::admin),
    replies("Hi Sarah, I see your application. All your documents are complete."),
    says("When will I hear back?"),
};
constexpr line mark[] = {
    says("Our village wants to apply for the community water project"),
    answers("Good to hear, Mark. Do you have the list of families and the quote for the pump?"),
    says("Yes, both. But who pays for the transport?"),
    answers("That depends on the project. Let me connect you with the community team."),
    routes("community"),
    takes(desk::admin),
    replies("Hello Mark, transport can be part of the budget when the quote names it."),
    says("Need clarification on funding"),
};
constexpr line lisa[] = {
    says("How do I change the school on my application?"),
    answers("You can change it until the 15th under My application."),
    says("The button is grey. Can I talk to customer service?"),
    routes("education"),
    takes(desk::admin),
    replies("Hi Lisa, I have unlocked it for you: please reload the page and try again."),
    says("Thank you for helping!"),
};
constexpr line john[] = {
    answers("Hi John, tell me about your issue"),
    says("I applied for scholarship but confused"),
    answers("What specifically is confusing?"),
    says("I don't understand the requirements"),
    answers("Let me connect you with specialist"),
    takes(desk::education),
    replies("Hi John, I'm Sarah from Education team"),
    says("Great! Can you explain the requirements?"),
    replies(
        "Of course. The requirements are: your ID, your transcripts, and bank statements of the last 3 months."),
};
constexpr line alice[] = {
    says("My mother's operation is on Thursday and the clinic asks for the letter of guarantee"),
    answers("I can look that up, Alice. Which clinic is it?"),
    says("The district clinic. Connect me to a human please"),
    routes("medical"),
    takes(desk::medical),
    replies("Hello Alice, the letter is being signed. I am calling the clinic now, please stay with me."),
    holds(),
    notes("Clinic confirmed the date by phone. Letter 2 of 2 still lacks a signature."),
};
constexpr line ahmed[] = {
    says("السلام عليكم، عندي مشكلة في التسليم"),
    answers("وعليكم السلام أحمد، ما رقم الطلب من فضلك؟"),
    says("الطلب {order}، لم أستقبل طلبي بعد"),
    routes("complaints"),
    takes(desk::arabic),
    replies("أهلاً أستاذ أحمد، نعتذر عن التأخير. الطلب عند المندوب، سأتصل به الآن."),
    notes("المندوب لم يجد العنوان. طلبت منه الاتصال بالعميل قبل الساعة 6."),
    says("شكراً، أنا في البيت حتى المساء"),
};
constexpr line billing[] = {
    says("We were billed twice for the Team plan this month"),
    says("Can I talk to customer service?"),
    routes("billing"),
    takes(desk::support),
    replies("Hello, I see two charges of {amount} USD on the same day. Which card do they stand on?"),
    says("Both on the card ending in 4242"),
};

constexpr line james[] = {
    says("Hello, my school fees letter has the wrong term on it"),
    answers("I am sorry, James. Which term should it be?"),
    says("Term 2. The bursar wants it corrected by Friday"),
    answers("I will connect you with Education Support, who can issue a new letter."),
    routes("education"),
};
constexpr line grace[] = {
    says("I need the next refill of my medicine and the pharmacy says there is no approval"),
    answers("Thank you, Grace. Do you have the prescription number?"),
    says("It is RX-{order}. I need to speak with a human"),
    routes("medical"),
};

constexpr line john_documents[] = {
    says("I need help with my scholarship application"),
    answers("Hi! I can help with that. Tell me more"),
    says("I don't know which documents to submit"),
    answers("The required documents are: ID, transcripts, bank statements. Do you have all of these?"),
    says("I have ID and transcripts but not bank statements"),
    answers("Let me connect you with our education specialist who can help with this specific issue"),
    routes("education"),
    takes(desk::education),
    replies(
        "Hi John, I see you're missing bank statements. That's fine - we can accept:\n- Last 3 months payslips\n"
        "- Employer letter confirming income\n- Business registration papers\n\nWhich do you have available?"),
    says("I can get the employer letter by tomorrow"),
    replies(
        "Perfect! Please send it to documents@bgfzim.org and reply to this chat once sent. I'll review immediately."),
    says("Great, will do! Thank you so much"),
    notes("Customer satisfied, follow-up in 7 days"),
    resolves("awaiting_documents", "Provided alternative documents list"),
};
constexpr line order_tracking[] = {
    says("I need urgent help with my order {order}"),
    routes("status-check"),
    takes(desk::orders),
    replies("Hello! Order {order} left our warehouse this morning and arrives tomorrow before noon."),
    says("Perfect, that is in time for the party"),
    resolves("solved", "Told the delivery day"),
    rates(5, "Quick and friendly"),
};
constexpr line eye_appointment[] = {
    says("I would like to book an appointment for an eye test"),
    says("Can I talk to a person? I have a question about the price"),
    routes("reception"),
    takes(desk::manager),
    replies("Of course. The test costs {amount} USD; Tuesday 10:30 or Wednesday 14:00 are free."),
    says("Tuesday 10:30 please"),
    replies("Booked: Tuesday 10:30. You get a reminder the day before."),
    resolves("booked", "Appointment on Tuesday 10:30"),
    rates(5),
};
constexpr line account_setup[] = {
    says("I cannot invite my team, the page says that the seat limit is reached"),
    asks(),
    routes("account"),
    takes(desk::support),
    replies("Hello, the trial has 3 seats. I have raised it to 10 until the end of the month."),
    says("Works now, thanks a lot!"),
    resolves("solved", "Seat limit raised to 10 for the trial"),
    rates(5, "Solved in one minute"),
};
constexpr line price_question[] = {
    says("ما هو سعر المنتج؟"),
    says("أريد التحدث مع موظف لو سمحت"),
    routes("sales"),
    takes(desk::arabic),
    replies("أهلاً بك! السعر {amount} ريال شامل الضريبة، والتوصيل مجاني داخل المدينة."),
    says("ممتاز، سأطلب اليوم"),
    resolves("solved", "تم توضيح السعر والتوصيل"),
    rates(4, "خدمة جيدة"),
};

constexpr dialogue active[] = {
    {"bob", "elevenlabs", "en", "Bob", "bob@example.com", "", "GoodSam Medical", "emergency", bob, 8},
    {"sarah", "elevenlabs", "en", "Sarah", "sarah@example.com", "", "Scholarship", "high", sarah, 4},
    {"mark", "elevenlabs", "en", "Mark", "mark@example.com", "", "Community Project", "normal", mark, 3},
    {"lisa", "elevenlabs", "en", "Lisa", "lisa@example.com", "", "Education", "normal", lisa, 3},
    {"john", "elevenlabs", "en", "John", "john@example.com", "+263123456", "Education Support", "normal",
     john, 3},
    {"alice", "whatsapp", "en", "Alice", "alice@example.com", "", "Medical", "high", alice, 5},
    {"ahmed", "whatsapp", "ar", "أحمد محمد", "ahmed@example.com", "+966501234567", "مشكلة في التسليم", "high",
     ahmed, 6},
    {"billing", "widget", "en", "Account owner {n}", "", "", "SaaS billing", "normal", billing, 0},
};
constexpr dialogue waiting[] = {
    {"james", "elevenlabs", "en", "James", "james@example.com", "", "Education Support", "normal", james, 12},
    {"grace", "whatsapp", "en", "Grace", "grace@example.com", "", "Medical Assistance", "normal", grace, 5},
};
constexpr dialogue resolved[] = {
    {"john-doe", "elevenlabs", "en", "John Doe", "john@example.com", "+263123456", "education_scholarship",
     "normal", john_documents, 13},
    {"order-tracking", "widget", "en", "Shop customer {n}", "", "", "Order tracking", "normal",
     order_tracking, 0},
    {"appointment", "widget", "en", "Visitor {n}", "", "", "Appointment", "normal", eye_appointment, 0},
    {"account-setup", "widget", "en", "Account owner {n}", "", "", "Account setup", "normal", account_setup, 0},
    {"price-question", "widget", "ar", "عميل {n}", "", "", "مبيعات", "normal", price_question, 0},
};

} // namespace

std::span<const dialogue> opening_active() { return active; }
std::span<const dialogue> opening_waiting() { return waiting; }
std::span<const dialogue> opening_resolved() { return resolved; }

} // namespace chat_centre::demo
