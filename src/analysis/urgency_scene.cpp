#include "analysis/urgency_scene.hpp"

#include "analysis/urgency_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace chat_centre::analysis {
namespace {

// What a word around an emergency can be.
enum mark : int {
    writer = 1, // "I"
    somebody,   // somebody whom it may happen to
    provider,   // somebody who works for somebody
    asking,     // begins a question without a mark
    topic,      // what is offered, paid for or learnt
    past,       // so long ago that nobody waits for an ambulance
    over,       // it ended, well or not
    supposed,   // "in case of"
    present,    // "now"
    ranking,    // names the rank of a matter
    alarm,      // stands beside a cry for help
    fever,
    lasting,   // a fever that does not go down
    weather,   // another temperature
    silent,    // does not respond
    by_letter, // but to letters
    charged,
    twice,
};

// Words of one kind in a list, separated by commas, as terms.
struct kind_of_words {
    mark what;
    std::string_view words;
};

constexpr std::array around{
    kind_of_words{writer, "i,im,ive,me,my,we,us,our,انا,نحن,عندي,معي,لدي"},
    kind_of_words{
        somebody,
        "he,she,hes,shes,him,her,they,son,daughter,child*,kid,kids,baby,infant,toddler,newborn,mother,mom,mum,mama,"
        "father,dad,wife,husband,brother,sister,grand*,uncle,aunt,cousin,nephew,niece,friend,neighbour*,neighbor*,boy,"
        "girl,man,woman,lady,patient,someone,somebody,person,people,student,ابني,ابنتي,ابنه,ابنتها,بنتي,ولدي,ولد,"
        "طفل*,رضيع*,امي,والدتي,ابي,ابويا,والدي,زوجي,زوجتي,مراتي,جوزي,اخي,اخويا,اختي,جدي,جدتي,عمي,عمتي,خالي,خالتي,"
        "صديق*,جار*,شخص,رجل,امراه,مريض*,هو,هي"},
    kind_of_words{provider,
                  "agent*,support,manager*,seller*,driver*,courier*,doctor*,nurse*,teacher*,company,team,"
                  "colleague*,employee*,landlord,bank,bot,website,site,app,page,server*,system*,staff,"
                  "موظف*,دعم,مدير*,بائع*,سائق*,مندوب*,طبيب*,دكتور*,شركه,بنك,موقع,تطبيق,نظام"},
    kind_of_words{asking,
                  "do,does,did,is,are,can,could,would,will,should,what,whats,which,how,where,when,who,why,"
                  "هل,ماذا,كيف,اين,وين,فين,متي,كم,لماذا,ليش,ما هي,ما هو,ما هل,ايش,شو"},
    kind_of_words{
        topic,
        "fund*,funded,funding,cover*,pay,pays,paid,cost*,price*,fee,fees,bill*,invoice*,course*,class*,training*,"
        "prevent*,awareness,program*,rehab*,insurance*,insured,policy,policies,scholarship*,grant*,donat*,volunteer*,"
        "certificate*,research*,workshop*,seminar*,brochure*,leaflet*,article*,information,info,service*,department,"
        "number,numbers,hotline,contact*,kit,kits,plan,plans,treat,treats,treatment*,recogni*,detect*,avoid*,learn*,"
        "teach*,study,studies,symptom*,sign,signs,definition,counts,mean,means,driver,drivers,job,jobs,equipment,survivor*,"
        "support group*,charity,charities,clinic hours,room,rooms,team,teams,loan*,ward*,doctor*,"
        "تمويل*,تمول*,تغطي*,تغطون*,يغطي*,دفع,تدفع*,تكلف*,سعر,اسعار,رسوم,فاتور*,دوره,دورات,تدريب*,وقايه,توعيه,برنامج*,"
        "برامج,تاهيل,تامين,منحه,منح,تبرع*,تطوع*,شهاده,ابحاث,بحث,خدمه,خدمات,قسم,رقم,ارقام,معلومات,علاج,تعالج*,اعراض,"
        "علامات,تعريف,معني,وظيفه,وظائف,سائق,معدات"},
    kind_of_words{
        past, "year ago,years ago,month ago,months ago,weeks ago,long ago,last year,last month,last summer,"
              "last winter,in the past,used to,when i was a,when he was a,when she was a,as a child,previously,"
              "history of,back in,years before,years back,قبل سنه,قبل سنوات,قبل سنين,قبل سنتين,قبل عام,"
              "قبل عامين,قبل اعوام,قبل شهر,قبل شهرين,قبل اشهر,قبل شهور,منذ سنه,منذ سنوات,منذ سنين,منذ سنتين,"
              "منذ عام,منذ عامين,منذ اعوام,من سنه,من سنتين,من سنين,من زمان,عام ماضي,سنه ماضيه,سنه فائته,"
              "شهر ماضي,في الماضي,سابقا,زمان"},
    kind_of_words{
        over, "died,passed away,deceased,was killed,funeral,recovered,recovering,survived,survivor*,after my,"
              "after his,after her,since my,since his,since her,diagnosed,cured,healed,stable now,fine now,"
              "better now,توفي*,توفيت,وفاه,مرحوم*,تعافي*,تعافت,شفي,شفيت,نجا,نجت,بعد اصابته,بعد اصابتها"},
    kind_of_words{supposed,
                  "in case of,in case,what if,what happens if,what would happen,in the event of,for example,"
                  "suppose,hypothetical*,في حال,في حاله حدوث,ماذا لو,لو حدث,علي سبيل مثال,مثلا"},
    kind_of_words{present,
                  "now,right now,help me,please help,send help,hurry,immediately,at the moment,currently,"
                  "tonight,الان,حالا,دلوقتي,هلا,هسه,الحين,بسرعه,ساعدوني,انقذوني,الحقوني,فورا"},
    kind_of_words{ranking,
                  "priority,priorities,severity,urgency level,urgency,treat this,treat it,treat me,treat my,"
                  "mark this,mark it,mark my,mark me,mark as,flag this,flag it,flag my,label this,label it,"
                  "label my,classify*,categori*,rank*,set my,set this,set it,set the,consider this,consider it,"
                  "consider my,regard this,اولويه,اولويتي,اولويات,درجه خطوره,درجه اهميه,مستوي خطوره,صنف*,"
                  "اعتبر*,اجعل*,علم هذا"},
    kind_of_words{
        alarm, "emergency,help,please,pls,plz,now,urgent,urgently,its,it,is,a,an,the,this,we,i,have,in,me,us,"
               "hurry,fast,quick,quickly,sos,asap,hello,hi,sir,medical,very,big,real,my,there,here,send,"
               "need,"
               "طارئ*,طوارئ,طواري,حاله,امر,وضع,هذا,هذه,عندي,عندنا,ساعدوني,ساعدني,النجده,نجده,بسرعه,عاجل*,"
               "ارجوكم,ارجوك,من,فضلك,فضلكم,لو,سمحت,سمحتم,الان,جدا,مرحبا,فورا,حالا,طبيه,صحيه"},
    kind_of_words{fever,
                  "fever,fevers,feverish,temperature,temp,حراره,حرارته,حرارتها,حرارتي,سخونه,سخونته,سخونتها,"
                  "سخونيه,حمي,حماه"},
    kind_of_words{
        lasting,
        "not going down,isnt going down,not coming down,isnt coming down,not dropping,isnt dropping,"
        "not falling,not subsiding,not breaking,wont go down,wont come down,wont break,wont drop,"
        "will not go down,will not come down,doesnt go down,does not go down,doesnt come down,"
        "does not come down,didnt go down,did not go down,hasnt gone down,has not gone down,not gone down,"
        "hasnt come down,has not come down,never goes down,keeps rising,keeps climbing,keeps going up,"
        "is rising,is climbing,is going up,getting higher,cant get it down,cannot get it down,"
        "nothing brings it down,doesnt respond to,not responding to medicine,still very high,"
        "لا تنخفض,لم تنخفض,ما تنخفض,مش بتنخفض,لا تنزل,لم تنزل,ما تنزل,ما بتنزل,مش بتنزل,ما عم تنزل,"
        "مو راضيه تنزل,مش راضيه تنزل,مش عايزه تنزل,ما راضيه تنزل,ما نزلت,ما بترضي تنزل,لا تهبط,لم تهبط,"
        "في ارتفاع,ترتفع,تزداد,بتزيد,تزيد"},
    kind_of_words{weather,
                  "outside,weather,outdoor*,room,oven,fridge,freezer,water,sensor*,server,engine,degrees outside,"
                  "طقس,جو,غرفه,ماء,مياه,فرن,ثلاجه,خادم,محرك"},
    kind_of_words{silent,
                  "not responding,isnt responding,not responsive,unresponsive,stopped responding,"
                  "no longer responding,no longer responds,doesnt respond,does not respond,not reacting,"
                  "isnt reacting,doesnt react,does not react,not waking,isnt waking,doesnt wake,does not wake,"
                  "gone limp,went limp,is limp,lifeless,"
                  "لا يستجيب,لا تستجيب,ما يستجيب,ما تستجيب,لم يعد يستجيب,لم تعد تستجيب,مش بيستجيب,مش بتستجيب,"
                  "لا يصحو,لا تصحو,ما يصحي,ما تصحي,مش راضي يصحي,مش راضيه تصحي,لا يستيقظ,لا تستيقظ,"
                  "ما بيصحي,ما بتصحي"},
    kind_of_words{by_letter,
                  "email*,mail*,message*,call,calls,request*,question*,ticket*,text,texts,whatsapp,letter*,"
                  "complaint*,application,رساله,رسائل*,ايميل*,اتصال*,مكالم*,طلب*,بريد*,شكوي"},
    kind_of_words{charged,
                  "charge*,debit*,billed,deducted,paid,payment,withdrawn,took,خصم,خصمتم,خصمتوا,انخصم,اتخصم,"
                  "سحب,سحبتم,انسحب,اتسحب,دفعت,محاسبتي"},
    kind_of_words{twice, "twice,two times,double,a second time,مرتين,مرتان,مره ثانيه"},
};

// Split once into terms; they point into the text above.
const std::vector<term>& marks_as_terms() {
    static const std::vector<term> all = [] {
        std::vector<term> out;
        for (const auto& k : around)
            for (std::size_t from = 0; from < k.words.size();) {
                const auto end = std::min(k.words.find(',', from), k.words.size());
                if (end > from) out.push_back({k.words.substr(from, end - from), 1, k.what});
                from = end + 1;
            }
        return out;
    }();
    return all;
}

const lexicon& all_marks() {
    static const lexicon list{std::span<const term>(marks_as_terms())};
    return list;
}

// Where a piece may lead to something that is critical.
const lexicon& first_marks() {
    static const std::vector<term> some = [] {
        std::vector<term> out;
        for (const auto& t : marks_as_terms())
            if (t.tag == fever || t.tag == silent) out.push_back(t);
        return out;
    }();
    static const lexicon list{std::span<const term>(some)};
    return list;
}

// "٤٠" is written in two bytes a digit.
std::optional<int> number_in(std::string_view word) {
    std::string digits;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto c = static_cast<unsigned char>(word[i]);
        if (c >= '0' && c <= '9') {
            digits += word[i];
        } else if (c == 0xD9 && i + 1 < word.size()) {
            const auto d = static_cast<unsigned char>(word[++i]);
            if (d < 0xA0 || d > 0xA9) return std::nullopt;
            digits += static_cast<char>('0' + (d - 0xA0));
        } else if (digits.empty() || (word.substr(i) != "c" && word.substr(i) != "f")) {
            return std::nullopt;
        } else {
            break; // "40c"
        }
    }
    int n = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    return read.ec == std::errc() && !digits.empty() && digits.size() <= 4 ? std::optional(n) : std::nullopt;
}

constexpr std::size_t far_back = 2; // clauses in which one still speaks of the same person

} // namespace

scene::scene(const std::vector<clause>& clauses) : clauses_(clauses), views_(clauses.size()) {
    for (std::size_t i = 0; i < clauses.size(); ++i) {
        auto& v = views_[i];
        v.marks = all_marks().find_of_each_tag(clauses[i]);
        const auto* first = find(i, asking);
        v.asks = clauses[i].question || (first != nullptr && first->at == 0);
    }
}

bool scene::may_have_pieces(std::string_view folded) { return first_marks().may_find(folded); }
bool scene::has_piece(const clause& c) { return !first_marks().find(c).empty(); }

const hit* scene::find(std::size_t clause, int mark) const {
    const auto& all = views_[clause].marks;
    const auto it = std::find_if(all.begin(), all.end(), [mark](const hit& h) { return h.what->tag == mark; });
    return it == all.end() ? nullptr : &*it;
}

bool scene::has(std::size_t clause, int mark) const { return find(clause, mark) != nullptr; }

bool scene::near(std::size_t clause, int mark, std::size_t most_words) const {
    if (has(clause, mark)) return true;
    const auto beside = [&](std::size_t i) { return clauses_[i].words.size() <= most_words && has(i, mark); };
    return (clause > 0 && beside(clause - 1)) || (clause + 1 < clauses_.size() && beside(clause + 1));
}

bool scene::before(std::size_t clause, std::size_t at, int mark) const {
    const auto& here = views_[clause].marks;
    if (std::any_of(here.begin(), here.end(), [&](const hit& h) { return h.what->tag == mark && h.at < at; }))
        return true;
    for (std::size_t back = 1; back <= far_back && back <= clause; ++back)
        if (has(clause - back, mark)) return true;
    return false;
}

bool scene::only_alarm(std::size_t clause, const hit& h) const {
    const auto& words = clauses_[clause].words;
    if (words.size() > h.length + 6) return false;
    std::vector<bool> known(words.size(), false);
    const auto cover = [&known](const hit& what) {
        for (std::size_t i = 0; i < what.length; ++i) known[what.at + i] = true;
    };
    cover(h);
    for (const auto& m : views_[clause].marks)
        if (m.what->tag == alarm || m.what->tag == present) cover(m);
    return std::all_of(known.begin(), known.end(), [](bool k) { return k; });
}

// "suicide prevention course", "information about strokes": named beside what is offered or learnt.
bool scene::is_topic(std::size_t clause, const hit& h) const {
    const auto& words = clauses_[clause].words;
    const std::size_t end = h.at + h.length;
    for (const auto& m : views_[clause].marks) {
        if (m.what->tag != topic) continue;
        if (m.at >= end && m.at <= end + 1) {
            const bool apart = m.at == end + 1 && (words[end] == "and" || words[end] == "or" ||
                                                   words[end] == "because" || words[end] == "so");
            if (!apart) return true;
        }
        if (m.at < h.at && h.at - (m.at + m.length) <= 2) return true;
    }
    return false;
}

bool scene::long_past(std::size_t clause) const {
    constexpr std::size_t short_one = 4; // "two years ago, ..."
    if (has(clause, present)) return false;
    if (near(clause, past, short_one)) return true;
    const auto& words = clauses_[clause].words; // "in 2019"
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] != "in" && words[i] != "في" && words[i] != "عام" && words[i] != "سنه") continue;
        const auto year = number_in(words[i + 1]);
        if (year && *year >= 1900 && *year < 2100) return true;
    }
    return false;
}

bool scene::holds(std::size_t clause, const hit& h) const {
    const int tag = h.what->tag;
    if (h.what->weight < critical) // "Severity: critical" is cut at its mark
        return (tag & named) == 0 ||
               (!has(clause, ranking) && !(only_alarm(clause, h) && near(clause, ranking, 6)));
    const bool now = has(clause, present);
    if ((tag & named) != 0) {
        if (has(clause, ranking) || has(clause, supposed) || is_topic(clause, h)) return false;
        if (h.length == 1) return !views_[clause].asks && only_alarm(clause, h) && !near(clause, ranking, 6);
        return !views_[clause].asks;
    }
    if (long_past(clause)) return false;
    const auto* question = find(clause, asking);
    const bool asked_of_it = question != nullptr && question->at == 0 && h.at == 0; // "is bleeding covered?"
    if ((tag & state) != 0 && !asked_of_it) return true;
    if (has(clause, supposed) || has(clause, over) || is_topic(clause, h)) return false;
    if (!views_[clause].asks || now) return true;
    if ((tag & self) != 0) return !has(clause, topic);
    // A question: about somebody, or about the thing?
    const bool other = before(clause, h.at + h.length, somebody);
    return other || (has(clause, writer) && !has(clause, topic));
}

// A body as hot as that: 39.5 to 43 degrees, or 103 to 109 of the other scale.
bool scene::hot(std::size_t clause) const {
    const auto& words = clauses_[clause].words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto n = number_in(words[i]);
        if (!n) continue;
        if ((*n >= 40 && *n <= 43) || (*n >= 103 && *n <= 109)) return true;
        const auto part = *n == 39 && i + 1 < words.size() ? number_in(words[i + 1]) : std::nullopt;
        if (part && *part >= 5 && *part <= 9) return true;
    }
    return false;
}

// "My son is not responding", not "the seller", nor "to my e-mails".
bool scene::said_of_a_person(std::size_t clause, const hit& h) const {
    if (!before(clause, h.at, somebody)) return false;
    for (const auto& m : views_[clause].marks)
        if (m.what->tag == by_letter && m.at >= h.at + h.length) return false;
    for (std::size_t i = 0; i <= clause; ++i)
        if (has(i, provider)) return false;
    return true;
}

std::vector<sight> scene::pieces() const {
    std::vector<sight> out;
    for (std::size_t i = 0; i < clauses_.size(); ++i) {
        if (long_past(i)) continue;
        const auto beside = [&](int mark) { return has(i, mark) || (i > 0 && has(i - 1, mark)); };
        if (const auto* h = find(i, lasting); h != nullptr && beside(fever) && !beside(weather))
            out.push_back({i, *h, critical});
        if (const auto* h = find(i, fever); h != nullptr && !beside(weather) && !has(i, supposed) &&
                                            (hot(i) || (i + 1 < clauses_.size() && !has(i + 1, weather) &&
                                                        clauses_[i + 1].words.size() <= 6 && hot(i + 1))))
            out.push_back({i, *h, critical});
        if (const auto* h = find(i, silent); h != nullptr && said_of_a_person(i, *h))
            out.push_back({i, *h, critical});
        if (const auto* h = find(i, twice); h != nullptr && has(i, charged)) out.push_back({i, *h, serious});
    }
    return out;
}

} // namespace chat_centre::analysis
