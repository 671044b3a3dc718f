// Everyday conversations in English. [a|b] is one of both; {order} and the like stay the same within a conversation.

#include "demo/dialogue.hpp"

namespace chat_centre::demo {
namespace {

// The assistant alone -----------------------------------------------------------------------------------------------

constexpr line password_reset[] = {
    says("[Hi|Hello], I [forgot|lost] my password and the reset mail does not arrive"),
    answers("Please look in your spam folder for a mail from accounts. Shall I send it again?"),
    says("[Yes please|Please do|Yes, send it again]"),
    answers("Sent. The link works for {minutes} minutes."),
    says("[Got it, thank you!|That worked, thanks|Found it in spam, thanks]"),
    resolves("answered_by_assistant", "Reset mail sent again"),
};
constexpr line api_help[] = {
    says("[Your API answers 401|I get 401 from the API|Every API call says 401] although my key is new"),
    answers("Is the key sent as Authorization: Bearer, with nothing else in the header?"),
    says("[Ah, I had quotes around it|I see, there was a space too much|No, I sent it as a query parameter]"),
    answers("That is it. With the plain key in the header the call answers 200."),
    says("[Works now|200, great|Perfect], thank you"),
    resolves("answered_by_assistant", "Explained the Authorization header"),
};
constexpr line product_question[] = {
    says("[Is|Do you know if] the [travel|school|day] backpack [waterproof|big enough for a 15 inch laptop]?"),
    answers("It is: there is a padded 16 inch sleeve, and the cover keeps rain out."),
    says("How long does delivery take?"),
    answers("[Two|Three] working days, and {amount} USD is the price with delivery."),
    says("[Nice, I will order it|Thanks, I'll think about it|Good, thank you]"),
    resolves("answered_by_assistant", "Product and delivery explained"),
};
constexpr line deadline[] = {
    says("When is the deadline for the [secondary school|university|nursing] scholarship?"),
    answers("Applications close on the 30th. Do you have your ID, transcripts and bank statements ready?"),
    says("[Yes, all three|Two of them, the bank statements come next week|Yes, I will upload them today]"),
    answers("Very good. You can upload each of them in the portal, and change them until the 30th."),
    resolves("answered_by_assistant", "Deadline and documents named"),
};
constexpr line opening_hours[] = {
    says("[Are you open on Saturday?|What are your opening hours?|Until when are you open today?]"),
    answers("We are here from 9 to 18 on working days, and the assistant answers at any hour."),
    says("[Thanks|OK, thank you|Great]"),
    resolves("answered_by_assistant", "Opening hours"),
};

// With staff --------------------------------------------------------------------------------------------------------

constexpr line delivery[] = {
    says("[My parcel {order}|Order {order}] was [due yesterday|promised for this morning] and nothing came"),
    answers("I am sorry. The carrier says that it is in the delivery van. Shall I ask where?"),
    says("[I have a problem with my delivery every time|My order is late, I need help]"),
    routes("status-check"),
    takes(desk::orders),
    replies(
        "[Hello|Good day], I have the driver's list here: you are stop {minutes}, it comes [within the hour|this afternoon]."),
    says("[Can they leave it at the neighbour's?|I have to leave at four. Can somebody else take it?]"),
    replies("Yes, I have noted it for the driver. I will write here when it is handed over."),
    holds(),
    notes("Driver informed: leave it with the neighbour. Check the handover at the end of the tour."),
    resumes(),
    replies("It was handed over a moment ago."),
    says("[Thank you so much!|Great service, thanks|Got it, thank you]"),
    resolves("solved", "Parcel {order} delivered to the neighbour"),
};
constexpr line refund[] = {
    says("I sent order {order} back [two weeks|ten days] ago and still wait for my money"),
    says("[I want to speak with a human|I want to speak with an agent|Can I talk to a person please]"),
    routes("sales"),
    takes(desk::orders),
    replies(
        "Hello! I see the parcel in our returns since Monday. The refund of {amount} USD was stuck; I release it now."),
    says("[How long does it take?|When will it be on my account?]"),
    replies("Two to three bank days. You get a mail with the confirmation."),
    says("[OK, thank you|Thanks for sorting it out|Perfect]"),
    resolves("refunded", "Refund of {amount} USD released"),
    rates(5, "[Very helpful|Solved at once|]"),
};
constexpr line double_charge[] = {
    says("[There are two charges|I was charged twice] of {amount} USD for invoice {invoice}"),
    says("[Can I talk to customer service?|Connect me to a human please]"),
    routes("billing"),
    takes(desk::support),
    replies("Hello, thank you for telling us. I compare both charges with the invoice."),
    notes("Second charge came from a retry of the card form. Same order number, one subscription."),
    passes(desk::manager, "Double charge confirmed, needs a refund above my limit."),
    replies("Good day, I am the duty manager. The second charge goes back to your card today."),
    says("[Thank you, that was quick|Great, thanks|Good, please send me a note when it is done]"),
    resolves("refunded", "Second charge of invoice {invoice} refunded"),
    rates(4, "[Good|Had to explain it twice|]"),
};
constexpr line login_problem[] = {
    says("[Nobody in our office can sign in|We all get logged out every few minutes] since this morning"),
    answers("I am sorry. Do you use single sign-on?"),
    says("Yes. I need immediate assistance, {minutes} people cannot work"),
    routes("tech-support"),
    takes(desk::support),
    replies(
        "Hello, I see it in the log: your certificate ran out last night. I extend it by a day while your admin renews it."),
    says("[We are in again!|Works again, you saved our day]"),
    notes("Grace day for the certificate set. Remind their admin tomorrow."),
    replies("Good. I have sent your admin the steps for the new certificate."),
    resolves("workaround", "Certificate extended by a day, steps sent"),
};
constexpr line eye_test[] = {
    says("I [would like|want] to [book|make] an appointment for [a check-up|an eye test|a vaccination]"),
    answers("Gladly. Mornings or afternoons?"),
    says("[Mornings|Afternoons], but I need a wheelchair ramp. Connect me to an agent please"),
    routes("medical"),
    takes(desk::medical),
    replies(
        "Hello! The clinic has a ramp at the side entrance. [Tuesday|Thursday] at {minutes} past nine is free: shall I book it?"),
    says("[Yes please|Yes, that works]"),
    replies("It is booked. Ring at the side entrance and somebody comes out."),
    resolves("booked", "Appointment booked, ramp at the side entrance"),
};
constexpr line high_fever[] = {
    says("My [daughter|son|wife] has [a fever of 39|a rash all over|trouble breathing] since [last night|this morning]"),
    answers("I am sorry to hear that. Is the person awake and able to drink?"),
    says("This is urgent, can someone help me?"),
    routes("goodsam"),
    takes(desk::medical),
    replies(
        "I am a colleague of the medical desk and stay with you. How old is the patient, and any known allergies?"),
    says("{minutes} years, no allergies"),
    replies(
        "Please go to the clinic on duty now; I have told them that you come. Bring the medicine that was given."),
    notes("Clinic on duty informed, they expect the patient."),
    says("[We are on our way, thank you|Thank you, leaving now]"),
    resolves("referred", "Referred to the clinic on duty"),
};
constexpr line bank_statements[] = {
    says("[I don't know which documents to submit|Which documents do you need for the scholarship?]"),
    answers("The required documents are: ID, transcripts, bank statements. Do you have all of these?"),
    says("[I have no bank account|My bank closed, there are no statements], what can I send instead?"),
    answers("Let me connect you with our education specialist who can help with this specific issue"),
    routes("scholarship"),
    takes(desk::education),
    replies(
        "Hi, I'm Sarah from Education team. We can accept payslips of the last 3 months or a letter of the employer."),
    says("[I can get the letter by tomorrow|I have payslips|My father runs a shop, is a registration fine?]"),
    replies("That is fine. Please send it to documents@bgfzim.org and reply to this chat once sent."),
    says("[Thank you!|Great, will do|Thanks, I will]"),
    resolves("awaiting_documents", "Alternative documents named"),
};
constexpr line community_project[] = {
    says("Our [school|village|youth club] would like to apply for [a garden|a borehole|solar lamps]"),
    asks(),
    routes("community"),
    takes(desk::orders),
    replies("Wonderful. Who would look after it, and have you asked a builder for a quote?"),
    says("[The parents do|A committee of five], and the quote says {amount} USD"),
    passes(desk::education, "The applicants are pupils, please check the age rule."),
    replies("Hello, I'm Sarah. Pupils may apply when a teacher signs. Could one sign for you?"),
    says("[Yes, our head teacher|I will ask tomorrow]"),
    resolves("awaiting_documents", "Form needs a teacher's signature"),
    rates(5, "[Nice to talk to people|]"),
};

constexpr dialogue in_english[] = {
    {"password-reset", "elevenlabs", "en", "Account owner {n}", "", "", "Account setup", "low", password_reset},
    {"api-help", "elevenlabs", "en", "Developer {n}", "", "", "API help", "normal", api_help},
    {"product-question", "whatsapp", "en", "Shop customer {n}", "", "", "Product inquiry", "low",
     product_question},
    {"deadline", "elevenlabs", "en", "Applicant {n}", "", "", "education_scholarship", "normal", deadline},
    {"opening-hours", "whatsapp", "en", "Visitor {n}", "", "", "Service inquiry", "low", opening_hours},
    {"delivery", "whatsapp", "en", "Shop customer {n}", "", "", "Order tracking", "normal", delivery},
    {"refund", "widget", "en", "Shop customer {n}", "", "", "Returns & refunds", "high", refund},
    {"double-charge", "widget", "en", "Account owner {n}", "", "", "SaaS billing", "high", double_charge},
    {"login-problem", "elevenlabs", "en", "Office {n}", "", "", "Technical support", "high", login_problem},
    {"eye-test", "whatsapp", "en", "Patient {n}", "", "", "Appointment", "normal", eye_test},
    {"high-fever", "elevenlabs", "en", "Patient {n}", "", "", "GoodSam Medical", "emergency", high_fever},
    {"bank-statements", "elevenlabs", "en", "Applicant {n}", "", "", "Scholarship docs", "normal",
     bank_statements},
    {"community-project", "widget", "en", "Applicant {n}", "", "", "Community Project", "normal",
     community_project},
};

} // namespace

std::span<const dialogue> english_traffic() { return in_english; }

} // namespace chat_centre::demo
