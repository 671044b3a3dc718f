#include "analysis/word_classes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>

namespace chat_centre::analysis {
namespace {

struct word_class {
    std::uint8_t id;        // part of every trained model: never given another meaning
    std::string_view words; // folded; a trailing * leaves the end open
};

constexpr std::array classes{
    // People in general
    word_class{
        1,
        "human* person persons people man woman guy guys lady folks individual being beings smone mortal soul "
        "انسان انسانه انسانا بشر بشري بشريه بشرا ادمي بني ادم شخص شخصا شخصيه ناس الناس راجل رجال ست بنت رجل امراه"},
    word_class{2, "someone somebody smb sb some1 smone sum1 anyone anybody any1 whoever one1 "
                  "حد حدا احد احدا احدكم احدهم واحد واحده مين حدي حدن"},
    // People of the desk
    word_class{
        3,
        "agent agents rep reps representative* operator* supervisor* manager* boss advisor* adviser* specialist* "
        "consultant* technician* employee* colleague* coworker* staff staffer* coordinator* officer* clerk* "
        "director* expert* attendant* personnel caseworker* counselor* counsellor* receptionist* worker* "
        "superior* lead leader* teammate* csr assistant secretary engineer* accountant* "
        "موظف* موضف* مندوب* ممثل* مشرف* مدير* مدرا مسوول* مسيول* مستشار* مختص* اخصاي* متخصص* فني زميل* زملا* عامل* "
        "وكيل منسق* محاسب* مهندس* خبير* رييس* استقبال سكرتير* كادر سوبرفايزر ايجنت"},
    word_class{
        4, "team teams support department desk office service services care helpdesk hotline branch management "
           "administration admin unit crew hq "
           "فريق* قسم* اداره* دعم* خدمه* الخدمه* مكتب* دايره طاقم* كول سنتر ساپورت سابورت سبورت"},
    // Talking
    word_class{
        5,
        "talk* speak* spk chat chatting discuss* communicat* convers* dialog* explain tlk speek word liaise "
        "اتحدث نتحدث تحدث يتحدث التحدث اتكلم نتكلم تتكلم التكلم الكلام كلام اكلم نكلم تكلم* احكي نحكي تحكي حكي "
        "محادثه اتحاكي اسولف سولف دردش* اتفاهم نتفاهم تفاهم* اتناقش اناقش مناقشه اشرح* احاور حديث الحديث التخاطب "
        "اتخاطب اخاطب مخاطبه اتحاور"},
    word_class{
        6,
        "transfer* redirect* forward escalat* pass hand handover switch rout* connect* conect* patch put refer "
        "referr* link hook "
        "حول* تحويل* احول* وصلني وصلوني وصليني توصلني توصلوني توصيلي وصلنا اوصلوني اوصلني صعد* تصعيد* ارفع* "
        "ارفعوا رفع احيل* احال* سلمني سلموني مرر* اربط* ربط دخلوا دخل"},
    word_class{
        7,
        "call calls calling callback phone phoning ring rings ringing dial telephone tel buzz ringback voice "
        "اتصل* اتصال* تتصل* يتصل* نتصل متصل تلفون* تليفون* موبايل* جوال* هاتف* مكالم* دق دقوا دقو دقي يدق* تدق* تدقون "
        "رن رنوا رنو يرن* ترن* رنلي كلمني كلموني كلمنا كلميني كلمونا يكلمني تكلمني تكلموني يكلمنا نكلمك خابر* "
        "يخابر* عاود* معاوده صوتي* صوتيه"},
    word_class{
        8, "contact contacted reach reachable touch respond response reply replies answer answers write "
           "تواصل* اتواصل التواصل يتواصل* تتواصل* نتواصل رد ردوا ردو ردي يرد* ترد* يجاوب* جاوب* يجيب* اجابه رد* راسل* "
           "مراسله يراسل*"},
    // Wishing and fetching
    word_class{
        9,
        "want wants wanna wana need needs ned require request* demand* insist* wish prefer* rather like love "
        "gotta must wud would hope looking seeking ask asking desire "
        "اريد* اود ارغب* نريد* نود ابي* ابغ* بغيت نبي نبغ* تبي عايز* عاوز* بدي بدنا بدو ودي ودنا احتاج* نحتاج* محتاج* "
        "حاب حابه حابب* اطلب* طالب اتمن* ارجو* نرجو* افضل يلزمني لازمني لازم اصر مصر حبيت"},
    word_class{
        10,
        "get gimme give have bring send assign find let lemme allow grab fetch summon provide show make "
        "اعطني عطني عطوني اعطوني اعطي* هات* جيب* ابعت* ابعث* ارسل* شوفل* دبر* خل خلي* خلو* خلوا* دع* دعوني اسمح* "
        "نادي* ناد* احضر* وفر* عين* كلف*"},
    word_class{11, "real actual live living genuine proper flesh breathing alive true authentic "
                   "حقيقي* حقيقه فعلي* فعلا حي طبيعي واقعي* عاقل عقل فاهم* بيفهم يفهم* يفهمني حقيقيا"},
    word_class{
        12,
        "bot bots robot* chatbot* machine* computer* automat* ai software program* script* canned template* "
        "algorithm* autoreply autoresponder prerecorded gpt siri android artificial virtual "
        "بوت* البوت روبوت* الروبوت ربوت* ريبوت اله الات الاله اليه اليا الي الالي الاليه برنامج كمبيوتر حاسوب ذكاء اصطناعي "
        "مبرمج* جاهزه مكرره تلقايي* ماكينه مكنه شات"},
    word_class{
        13,
        "not no dont doesnt didnt isnt arent never without none cant cannot wont nope neither nor "
        "لا ليس ليست لست لم لن ما مش مو مب مهو موش بدون بلا دون ماني مالي ولا مابي مابغي معاد محد ماحد مفيش مافي"},
    word_class{
        14,
        "stop enough tired sick fed hate refuse* quit useless stupid dumb annoying done pointless hopeless "
        "fedup rubbish garbage nonsense cut quit "
        "وقف* اوقف* كفايه كفي يكفي بس بسكم زهقت مليت مللت تعبت طفشت قرفت غبي* فاشل سخيف* ارفض كرهت طفح خلاص "
        "مستفز* تافه*"},
    word_class{15, "help helping assist* aid rescue save "
                   "ساعد* يساعد* تساعد* مساعد* اساعد* الحق* يلحق* لحق* انجد* اسعف* اغيث* معونه فزعه"},
    word_class{
        16,
        "urgent* emergency immediate* asap now quick* right instantly hurry straightaway pronto urgently fast "
        "عاجل* مستعجل* ضروري* فورا فوري* حالا الان الحين هلق هلا دلوقتي دلوقت بسرعه سريعا طاري* طوارق استعجال هالحين "
        "توا اسرع"},
    word_class{17, "me us myself "
                   "لي معي معاي معايا معنا علي عليي عليا علينا بي فيني بيا الي لنا معانا ني"},
    word_class{18, "my our mine "
                   "مديري مشرفي زميلي موظفي اختي اخوي صديقي زوجي زوجتي ابني بتاعي حقي تبعي مالي شركتي شركتنا"},
    word_class{19, "you your ur u yours yall yous "
                   "عندكم عندكو عندكن منكم منكو لديكم انتم انتو انت عندك فيكم حضرتك حضرتكم لديك معكم عندكوا"},
    word_class{
        20,
        "told said was were yesterday spoke talked called helped already earlier previously before last "
        "promised advised contacted phoned rang ago answered wrote sent fixed solved resolved explained met "
        "قال قالت قالي قالوا قالولي كان كانت امس امبارح سبق كلمت تكلمت حكيت تواصلت اتصلت رديت ساعدني ساعدتني حل حلت "
        "انحلت حلها وعدني وعدوني خدمني شرحت الماضي فات قبل"},
    word_class{21, "how which when does did what why whats hows whens where wheres "
                   "كيف متي كم ما ماهي ماهو هل ليش ليه شو وش ايش ازاي امتي ايمت وين فين اي قديش بكام شلون"},
    word_class{
        22,
        "plan plans dashboard app api feature* role* setting* workspace license* ticket* permission* seat* "
        "profile field page website panel console plugin widget subscription package workflow inbox "
        "باقه الباقه لوحه تطبيق التطبيق صلاحي* تذكره التذكره موقعي موقع* حساب* رخصه اعدادات نظام* النظام خانه ملف* بروفايل "
        "اشتراك* داشبورد"},
    word_class{
        23, "thanks thank thx great kind nice good friendly lovely helpful polite rude legend awesome amazing "
            "شكرا شكر* ممتاز* لطيف* محترم* رايع* كويس* طيب كفو متعاون* خلوق ودود* يعطيه"},
    word_class{
        24,
        "please pls plz kindly plse plss "
        "لوسمحت سمحت سمحتوا سمحتو سمحتم فضلك فضلكم رجاء رجاءا تكفي تكفون بليز ارجوك* يرجي خليك يخليك يخليكم"},
    word_class{25, "can could may possible possibly able chance way "
                   "ممكن يمكن* امكان بامكان* استطيع اقدر تقدر تقدرون نقدر بقدر يقدر قادر فيكم مجال ينفع يصير"},
    word_class{26, "is are there here available online around "
                   "هنا هون هناك يوجد موجود* متاح* متوفر فيه في متواجد*"},
    word_class{27, "hire hiring job jobs work works working internship career vacancy train training become "
                   "وظيفه وظايف اشتغل تشتغل بتشتغل يشتغل شغل تدريب توظيف اعمل العمل دوام تداوم بتداوم"},
    word_class{28, "sign signs signature signed form approval approved approve authorised "
                   "توقيع* يوقع* وقع* توقع استماره الاستماره موافقه وافق يوافق"},
    word_class{29, "many number numbers price fee fees cost discount hours times "
                   "عدد رقم سعر السعر رسوم خصم ساعات اوقات كام"},
    word_class{
        30,
        "travel estate insurance cleaning cleaner resources rights hair sales tax bank delivery courier driver "
        "سفر عقار* تامين شحن توصيل سايق السايق بنك البنك شعر موارد حقوق"},
    word_class{31, "directly direct personally private privately confidential complicated complex "
                   "مباشره مباشر شخصيا خاص خاصه معقد* حساس* طويل"},
    word_class{32, "understand* understood brain sense mind think listen* "
                   "تفهم بتفهم فهمت فهمان مافهم* افهم* استوعب*"},
    word_class{33, "back again tomorrow today afternoon morning evening tonight later noon "
                   "بكره بكرا غدا اليوم النهارده الليله الصبح العصر المسا الظهر بعدين"},
    word_class{
        34,
        "look looks handle take takes step join joins check review follow sort deal fix read solve care "
        "intervene attend "
        "يشوف* تشوف* شوف* يتابع* تابع* يتصرف* تصرف* يحل* حلوا يدخل* تدخل* يتدخل* يراجع* راجع* يتولي* تولي يستلم* ينضم* "
        "يعالج* يهتم* ينظر*"},
    // What people write to a desk about
    word_class{
        35,
        "buy buying order* purchas* add cancel* swap exchang* basket cart upgrade* subscri* membership reserve "
        "quotation quote deliver* return "
        "طلبي اشتري شرا* اضف* اضاف* زيد* بدل* ابدل* الغ* سله ترقيه اوردر* ارجع*"},
    word_class{36, "book booking appointment* slot reschedul* postpone* visit* table room schedul* meeting "
                   "حجز* احجز* موعد* ميعاد* اجل* تاجيل زيار* كشف غرفه طاوله مقعد"},
    word_class{
        37,
        "broken broke break missing wrong crash* error* fail* freez* froze damaged torn tore late lost "
        "disappear* stolen stole steal lock* reject* denied unfair overcharg* twice slow hack* "
        "مكسور* مكسر* كسر* انكسر* ناقص* غلط خطا خرب* عطل* معطل* تعطل* يعلق تعلق معلق* ضاع* اختف* متاخر* تاخر* اتاخر* "
        "سرق* مرتين رفض* ظلم فشل* يتوقف بطي* مقفول تهكر* مخترق*"},
    word_class{
        38,
        "status track* arriv* receiv* pending shipped ship shipment* progress decision accepted update* news "
        "parcel* box courier courier* tracking application case file papers "
        "وصل* تتبع قرار خبر جديد انقبل* مرحله حاله شحنه* شحنت* طرد* متابعه معامل* اوراق* مستندات*"},
    word_class{39, "money invoice* bill* refund* payment* paid pay* charge* card cards cheque* receipt* "
                   "فلوس* فاتور* مبلغ* دفع* بطاق* استرداد ضريب* شيك* مصاري"},
    word_class{
        40,
        "doctor* clinic* hospital* fever nurse* medicine* pain blood bleed* breath* tablets pills surgery "
        "surgeon treatment ill dentist vaccin* "
        "دكتور* طبيب* طبي* عياد* مستشف* حرار* سخون* دواء* دوا الم نزيف ينزف حبوب عملي* علاج* جراح* تنفس يتنفس"},
    word_class{
        41, "school* course* scholarship* bursar* student* teacher* exam* class classes lesson* grant* grade "
            "مدرس* منح* دوره كورس* طالب طلاب معلم* امتحان* دراس*"},
    word_class{42, "hello hi hey hiya greetings morning "
                   "مرحب* سلام السلام اهلا* اهلين صباح مسا هاي"},
    word_class{43, "bye goodbye cya "
                   "وداعا باي سلامه امان"},
    word_class{44, "donat* volunteer* charit* village* project* orphan* needy community "
                   "تبرع* اتبرع متطوع* تطوع* اتطوع قري* بير ابار مشروع* مشاريع ايتام محتاجين"},
    word_class{
        45,
        "yell* shout* thief thieves furious worst terrible awful disappoint* angry court lawyer sue complain* "
        "وقح* صرخ* حرامي* اسوا سيي* زفت مستا* غاضب* محكم* محامي* شكو* اشتكي"},
    word_class{46,
               "happy wonderful fantastic best perfect beautiful enjoy* glad excellent adore* loves impressed "
               "احب يحب* فرح* سعيد* احسن اطيب جميل* مبسوط*"},
};

class class_table {
public:
    class_table() {
        for (const auto& [id, words] : classes)
            for (std::size_t from = 0; from < words.size();) {
                const auto end = std::min(words.find(' ', from), words.size());
                auto word = words.substr(from, end - from);
                const bool open = word.ends_with('*');
                if (open) word.remove_suffix(1);
                if (!word.empty()) (open ? beginnings_ : words_).try_emplace(word, id);
                from = end + 1;
            }
    }

    std::uint8_t find(std::string_view word) const {
        if (const auto it = words_.find(word); it != words_.end()) return it->second;
        const bool arabic = static_cast<unsigned char>(word.front()) >= 0x80;
        for (std::size_t length = std::min(word.size(), longest); length >= shortest; length -= arabic ? 2 : 1)
            if (const auto it = beginnings_.find(word.substr(0, length)); it != beginnings_.end())
                return it->second;
        return 0;
    }

private:
    static constexpr std::size_t shortest = 3; // bytes
    static constexpr std::size_t longest = 16;
    std::unordered_map<std::string_view, std::uint8_t> words_, beginnings_;
};

// What Arabic writes together with the word that follows.
constexpr std::array<std::string_view, 9> attached{"وال", "بال", "فال", "لل", "ال", "و", "ف", "ب", "ل"};

} // namespace

std::uint8_t class_of(std::string_view word) {
    static const class_table table;
    if (word.empty()) return 0;
    if (const auto id = table.find(word); id != 0) return id;
    if (static_cast<unsigned char>(word.front()) < 0x80) return 0;
    constexpr std::size_t shortest_rest = 4; // two letters
    for (const auto p : attached)
        if (word.starts_with(p) && word.size() >= p.size() + shortest_rest)
            if (const auto id = table.find(word.substr(p.size())); id != 0) return id;
    return 0;
}

} // namespace chat_centre::analysis
