// Everyday conversations in Arabic, written as in english_dialogues.cpp.

#include "demo/dialogue.hpp"

namespace chat_centre::demo {
namespace {

// The assistant alone -----------------------------------------------------------------------------------------------

constexpr line price[] = {
    says("[السلام عليكم|مرحبا]، ما هو سعر [الاشتراك الشهري|الباقة السنوية|حقيبة الظهر]؟"),
    answers("أهلاً بك! السعر {amount} ريال شامل الضريبة."),
    says("[وهل التوصيل مجاني؟|كم يستغرق التوصيل؟]"),
    answers("التوصيل مجاني ويستغرق [يومين|ثلاثة أيام] داخل المدينة."),
    says("[شكراً لك|ممتاز، شكراً|تمام]"),
    resolves("answered_by_assistant", "تم توضيح السعر والتوصيل"),
};
constexpr line tracking[] = {
    says("أين [وصل طلبي|وصلت شحنتي] رقم {order}؟"),
    answers("الطلب {order} خرج من المستودع [اليوم|أمس]، وموعد الوصول غداً قبل الظهر."),
    says("[شكراً|جزاك الله خيراً|ممتاز]"),
    resolves("answered_by_assistant", "تم توضيح موعد وصول الطلب {order}"),
};
constexpr line working_hours[] = {
    says("[ما هي أوقات العمل؟|هل تعملون يوم الجمعة؟|متى تفتحون؟]"),
    answers("نعمل من التاسعة صباحاً حتى السادسة مساءً، والمساعد الآلي معك في كل وقت."),
    says("[شكراً لكم|تمام، شكراً]"),
    resolves("answered_by_assistant", "أوقات العمل"),
};

// With staff --------------------------------------------------------------------------------------------------------

constexpr line late_delivery[] = {
    says("[السلام عليكم|مرحبا]، [لم أستقبل طلبي بعد|طلبي {order} لم يصل] [منذ أسبوع|منذ ثلاثة أيام]"),
    answers("نعتذر منك. هل يمكنك تأكيد رقم الطلب والعنوان؟"),
    says("رقم الطلب {order}، عندي مشكلة في التسليم كل مرة"),
    routes("complaints"),
    takes(desk::arabic),
    replies("أهلاً بك، أنا من قسم الشكاوى. أرى أن المندوب لم يجد العنوان، سأتصل به الآن."),
    holds(),
    notes("المندوب سيعيد المحاولة اليوم قبل الساعة 6 مساءً."),
    resumes(),
    replies("المندوب في الطريق إليك ويصل خلال {minutes} دقيقة."),
    says("[وصل الآن، شكراً لكم|شكراً على المتابعة|بارك الله فيك]"),
    resolves("solved", "تم تسليم الطلب {order}"),
};
constexpr line damaged[] = {
    says("وصلني [الجهاز مكسوراً|الطلب ناقصاً|المنتج بلون آخر] في الطلب {order}"),
    says("[أريد التحدث مع موظف|أريد أن أتكلم مع شخص حقيقي|حولني إلى خدمة العملاء لو سمحت]"),
    routes("complaints"),
    takes(desk::arabic),
    replies("نعتذر جداً عن ذلك. هل تفضل [الاستبدال|إرجاع المبلغ] أم قسيمة شراء؟"),
    says("[الاستبدال من فضلك|أفضل إرجاع المبلغ]"),
    replies("تم، سيصلك المندوب غداً ويأخذ القديم. رقم الشكوى {invoice}."),
    says("[شكراً لتعاونكم|ممتاز]"),
    resolves("replaced", "استبدال الطلب {order}"),
    rates(5, "[خدمة ممتازة|شكراً لكم|]"),
};
constexpr line appointment[] = {
    says("أريد حجز موعد [عند طبيب العيون|للفحص الدوري|لتطعيم طفلي]"),
    asks(),
    routes("reception"),
    takes(desk::arabic),
    replies("أهلاً بك. المتاح [يوم الثلاثاء الساعة 10|يوم الأربعاء الساعة 4]، هل يناسبك؟"),
    says("[نعم، يناسبني|نعم من فضلك]"),
    replies("تم الحجز، وسيصلك تذكير قبل الموعد بيوم."),
    resolves("booked", "تم حجز الموعد"),
    rates(5, "[سريع وواضح|]"),
};
constexpr line invoice[] = {
    says("[وصلتني فاتورتان|تم الخصم مرتين] لنفس الشهر، رقم الفاتورة {invoice}"),
    answers("أعتذر عن ذلك. ما آخر أربعة أرقام من البطاقة؟"),
    says("4242، والمبلغ {amount} ريال"),
    answers("شكراً لك. سأحولك إلى قسم الفواتير."),
    routes("billing"),
    takes(desk::support),
    replies("Hello, I have found both charges. My Arabic-speaking colleague joins you in a moment."),
    passes(desk::arabic,
           "Two charges for invoice {invoice}; the second one can go back. The customer writes Arabic."),
    replies("أهلاً بك، سنعيد المبلغ الثاني إلى بطاقتك خلال ثلاثة أيام عمل."),
    says("[شكراً لكم|تمام، بانتظاركم]"),
    resolves("refunded", "إعادة المبلغ الثاني للفاتورة {invoice}"),
};
constexpr line scholarship[] = {
    says("[أريد التقديم على المنحة|كيف أقدم على المنحة الدراسية؟]"),
    answers("المطلوب: الهوية وكشف الدرجات وكشف الحساب البنكي. هل هي جاهزة؟"),
    says("[ليس عندي كشف حساب|كشف الدرجات يصدر الشهر القادم]، ما البديل؟"),
    answers("دعني أوصلك بمختص شؤون التعليم."),
    routes("scholarship"),
    takes(desk::arabic),
    replies("أهلاً بك، نقبل خطاباً من جهة العمل أو قسائم الراتب لآخر ثلاثة أشهر."),
    says("[سأحضر الخطاب غداً|عندي قسائم الراتب]"),
    replies("ممتاز، أرسلها إلى documents@bgfzim.org ثم اكتب لنا هنا."),
    resolves("awaiting_documents", "تم ذكر المستندات البديلة"),
};

constexpr dialogue in_arabic[] = {
    {"price", "elevenlabs", "ar", "عميل {n}", "", "", "استفسار عن المنتجات", "low", price},
    {"tracking", "whatsapp", "ar", "عميل {n}", "", "", "متابعة الطلب", "normal", tracking},
    {"working-hours", "whatsapp", "ar", "زائر {n}", "", "", "استفسار عام", "low", working_hours},
    {"late-delivery", "whatsapp", "ar", "عميل {n}", "", "", "مشكلة في التسليم", "high", late_delivery},
    {"damaged", "widget", "ar", "عميل {n}", "", "", "شكوى في الخدمة", "high", damaged},
    {"appointment-ar", "widget", "ar", "مراجع {n}", "", "", "حجز موعد", "normal", appointment},
    {"invoice", "elevenlabs", "ar", "مشترك {n}", "", "", "الفواتير", "normal", invoice},
    {"scholarship-ar", "elevenlabs", "ar", "متقدم {n}", "", "", "المنح الدراسية", "normal", scholarship},
};

} // namespace

std::span<const dialogue> arabic_traffic() { return in_arabic; }

} // namespace chat_centre::demo
