#include "assistant/reading.hpp"

#include "assistant/wording.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <unordered_set>

namespace chat_centre::assistant {
namespace {

// All word lists are folded (fold_text): Arabic without hamza on alef, ha for ta marbuta, ya for alef maqsura.
using word_set = std::unordered_set<std::string_view>;

word_set set_of(std::span<const std::string_view> lists) {
    word_set out;
    for (auto list : lists)
        while (!list.empty()) {
            const auto end = list.find(' ');
            out.insert(list.substr(0, end));
            list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
        }
    return out;
}

constexpr std::array<std::string_view, 2> courtesy_lists{
    "hi hello hey hiya heya greetings howdy good morning afternoon evening day salam salaam assalamu assalam "
    "alaikum alaykum mhoro makadii there dear sir madam team bibiana again please all everyone guys kindly you "
    "how are doing hope well ok okay",
    "مرحبا مرحبتين اهلا اهلين وسهلا هلا السلام عليكم سلام ورحمه الله وبركاته صباح مساء الخير النور تحيه طيبه "
    "حياكم حياك كيف حالك حالكم بيبيانا من فضلك لو سمحت تمام حسنا"};
constexpr std::array<std::string_view, 2> thanking_lists{
    "thanks thank thx ty thankyou cheers appreciated appreciate grateful you u so very much many a lot for your "
    "the help helping time support it that this answer answering information info kind really all of great good "
    "perfect lovely nice wonderful cool awesome excellent bless god i we am was is helpful ok okay understood got "
    "no nothing else more",
    "شكرا شكر جزيلا الشكر لك لكم مشكور مشكورين ممتن ممتنه يعطيك يعطيكم العافيه جزاك جزاكم الله خيرا كل علي "
    "مساعدتك مساعدتكم بارك فيك فيكم تسلم تسلموا رائع ممتاز جميل حسنا فهمت كثيرا وقتك اهتمامك"};
constexpr std::array<std::string_view, 2> leaving_lists{
    "bye goodbye byebye cya see you later soon have a good nice great lovely day evening night weekend take care "
    "thats that is all for now tomorrow thanks thank so much very again and ok okay nothing else i am done no",
    "وداعا باي سلام مع السلامه الي اللقاء في امان الله تصبح تصبحون علي خير يوم سعيد شكرا لك لكم جزيلا هذا كل "
    "شيء ليله سعيده"};

constexpr std::array<std::string_view, 2> empty_lists{
    "a an the this that these those i you he she it we they me my mine your yours his her our us them their "
    "am is are was were be been being do does did done have has had having can could will would shall should may "
    "might must to of in on at by for with from about into over under as and or but if then than so too very "
    "just also please what which who whom when where why how there here not no any some all tell know want need "
    "like get got give help im ive id dont doesnt isnt cant whats hows wheres hi hello hey thanks thank okay ok "
    "want wanna would let up out s t re it its much many more",
    "من في علي الي عن مع هذا هذه ذلك تلك هو هي انا انت نحن هم ما ماذا متي اين كيف لماذا هل كم اي التي الذي "
    "الذين ان لن لم لا كان كانت يكون قد ثم او و ف ب ل ايضا كل بعض عند لدي لديكم اريد ارغب احتاج ممكن يمكن "
    "يمكنني استطيع لو سمحت فضلك مرحبا السلام عليكم شكرا اود معرفه هناك"};

const word_set& courtesies() {
    static const word_set s = set_of(courtesy_lists);
    return s;
}
const word_set& thankings() {
    static const word_set s = set_of(thanking_lists);
    return s;
}
const word_set& leavings() {
    static const word_set s = set_of(leaving_lists);
    return s;
}
const word_set& empties() {
    static const word_set s = set_of(empty_lists);
    return s;
}

constexpr std::array<std::string_view, 25> greeting_marks{
    " hi ",      " hello ",   " hey ",       " hiya ",     " heya ",  " greetings ", " howdy ",
    " morning ", " evening ", " afternoon ", " good day ", " salam ", " salaam ",    " assalamu ",
    " assalam ", " mhoro ",   " makadii ",   " مرحبا ",    " اهلا ",  " هلا ",       " السلام ",
    " سلام ",    " صباح ",    " مساء ",      " كيف حالك "};
constexpr std::array<std::string_view, 17> thanks_marks{
    " thanks ",     " thank ",       " thx ",      " ty ",    " thankyou ", " cheers ",
    " appreciate ", " appreciated ", " grateful ", " شكرا ",  " مشكور ",    " مشكورين ",
    " ممتن ",       " يعطيك ",       " جزاك ",     " جزاكم ", " تسلم "};
constexpr std::array<std::string_view, 15> leaving_marks{
    " bye ",       " goodbye ",     " byebye ",      " see you ",     " take care ",
    " thats all ", " that is all ", " have a good ", " have a nice ", " have a great ",
    " وداعا ",     " مع السلامه ",  " الي اللقاء ",  " امان الله ",   " تصبح علي خير "};

constexpr std::array<std::string_view, 39> asking_marks{
    " how ",      " what ",        " whats ",   " when ",    " where ",   " which ",      " who ",
    " why ",      " can i ",       " can you ", " could ",   " do you ",  " do i ",       " does ",
    " is there ", " are there ",   " tell me ", " explain ", " want to ", " would like ", " id like ",
    " i need ",   " looking for ", " apply ",   " help me ", " كيف ",     " ما هي ",      " ما هو ",
    " ماذا ",     " متي ",         " اين ",     " هل ",      " لماذا ",   " كم ",         " اريد ",
    " ارغب ",     " ممكن ",        " احتاج ",   " اخبرني "};

constexpr std::array<std::string_view, 43> status_marks{" status of ",
                                                        " my status ",
                                                        " check the status ",
                                                        " check status ",
                                                        " application status ",
                                                        " order status ",
                                                        " ticket status ",
                                                        " request status ",
                                                        " status check ",
                                                        " status update ",
                                                        " status on ",
                                                        " where is my ",
                                                        " wheres my ",
                                                        " track my ",
                                                        " tracking number ",
                                                        " any news ",
                                                        " any update ",
                                                        " any updates ",
                                                        " update on my ",
                                                        " news about my ",
                                                        " what happened to my ",
                                                        " what happened with my ",
                                                        " has my application ",
                                                        " has my request ",
                                                        " has my order ",
                                                        " has my ticket ",
                                                        " is my application ",
                                                        " is my request ",
                                                        " حاله طلبي ",
                                                        " حاله الطلب ",
                                                        " اين طلبي ",
                                                        " اين وصل ",
                                                        " وصل طلبي ",
                                                        " تتبع ",
                                                        " متابعه طلبي ",
                                                        " ما اخبار طلبي ",
                                                        " مصير طلبي ",
                                                        " حاله طلب ",
                                                        " حاله تذكرتي ",
                                                        " حاله التذكره ",
                                                        " حاله معاملتي ",
                                                        " متابعه الطلب ",
                                                        " مستجدات طلبي "};

// "how does one do that" asks for instructions, not for one's own case.
constexpr std::array<std::string_view, 6> instruction_marks{" how do i ",    " how can i ", " how to ",
                                                            " can i check ", " كيف ",       " كيفيه "};

constexpr std::array<std::string_view, 26> complaining_marks{
    " complain ",      " complaint ",     " unacceptable ", " not working ",   " doesnt work ",
    " does not work ", " never arrived ", " not arrived ",  " didnt arrive ",  " disappointed ",
    " fed up ",        " waste of time ", " شكوي ",         " غير مقبول ",     " لا يعمل ",
    " did not help ",  " didnt help ",    " not helpful ",  " does not help ", " لم يساعدني ",
    " لم يفدني ",      " لم يصل ",        " مستاء ",        " سيئه جدا ",      " سيء جدا ",
    " خيبه امل "};

constexpr std::array<std::string_view, 16> leaning_marks{
    " and for ",   " and if ",   " and the ",  " and what ", " and how ", " what about ",
    " how about ", " and ",      " also for ", " same for ", " what if ", " وماذا ",
    " ماذا عن ",   " وبالنسبه ", " وكيف ",     " بالنسبه "};

template <std::size_t N>
bool any_of(std::string_view folded, const std::array<std::string_view, N>& marks) {
    return std::any_of(marks.begin(), marks.end(),
                       [folded](std::string_view m) { return folded.find(m) != std::string_view::npos; });
}

std::vector<std::string_view> split(std::string_view folded) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < folded.size();) {
        const auto end = std::min(folded.find(' ', at), folded.size());
        if (end > at) out.push_back(folded.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

bool only(const std::vector<std::string_view>& said, const word_set& known, std::size_t most) {
    return !said.empty() && said.size() <= most &&
           std::all_of(said.begin(), said.end(), [&known](auto w) { return known.contains(w); });
}

// "Hello! Good morning, how do I apply?" -> "how do I apply?": courtesies at the beginning, as they were written.
std::string without_greeting(std::string_view text) {
    const auto places = fold_words(text);
    std::size_t first = 0;
    bool greeted = false;
    while (first < places.size() && courtesies().contains(places[first].folded)) {
        const bool word_of_greeting = any_of(" " + places[first].folded + " ", greeting_marks);
        // "how" and "you" are courtesies after a greeting only, and not where a question begins with them.
        if (!greeted && !word_of_greeting && places[first].folded != "good" &&
            places[first].folded != "dear" && places[first].folded != "please")
            break;
        if (greeted && (places[first].folded == "how" || places[first].folded == "كيف")) {
            const bool asks_after_health = first + 1 < places.size() && (places[first + 1].folded == "are" ||
                                                                         places[first + 1].folded == "حالك" ||
                                                                         places[first + 1].folded == "حالكم");
            if (!asks_after_health) break;
        }
        greeted = true;
        ++first;
    }
    if (first == 0 || first >= places.size()) return std::string(text);
    return std::string(text.substr(places[first].begin));
}

bool ascii_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// A number that stands for a case: letters, a mark, digits; or digits behind a hash. Years and prices are none.
std::string find_reference(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (!ascii_alnum(text[at]) && text[at] != '#') {
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && (ascii_alnum(text[end]) || text[end] == '-' || text[end] == '_')) ++end;
        const auto token = text.substr(at, end - at);
        at = end;
        if (token.size() < 4 || token.size() > 40) continue;
        const auto digits = static_cast<std::size_t>(
            std::count_if(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; }));
        if (digits < 3) continue;
        std::string upper(token);
        std::transform(upper.begin(), upper.end(), upper.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (upper.front() == '#') return upper.substr(1);
        const auto mark = upper.find_first_of("-_");
        const bool lettered =
            upper.front() >= 'A' && upper.front() <= 'Z' && mark != std::string::npos && mark >= 2;
        if (lettered) {
            if (upper.starts_with("TKT")) std::replace(upper.begin(), upper.end(), '-', '_');
            return upper;
        }
    }
    return {};
}

constexpr std::size_t most_name_words = 3;

// Only what cannot be anything else.
std::string find_name(std::string_view text) {
    const auto places = fold_words(text);
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        const bool english = i + 3 < places.size() && places[i].folded == "my" &&
                             places[i + 1].folded == "name" && places[i + 2].folded == "is";
        const bool arabic = places[i].folded == "اسمي";
        if (!english && !arabic) continue;
        const std::size_t first = i + (english ? 3 : 1);
        std::size_t last = first;
        while (last < places.size() && last - first < most_name_words && places[last].folded != "and" &&
               places[last].folded != "i" && places[last].folded != "from" &&
               !places[last].folded.starts_with("و")) {
            ++last;
            // A name ends where the sentence does.
            if (last < places.size() &&
                text.substr(places[last - 1].end, places[last].begin - places[last - 1].end)
                        .find_first_of(".,;!?\n") != std::string_view::npos)
                break;
        }
        if (last == first) continue;
        return std::string(text.substr(places[first].begin, places[last - 1].end - places[first].begin));
    }
    return {};
}

struct ordinal {
    std::string_view word;
    int n;
};
constexpr std::array ordinals{ordinal{"1", 1},       ordinal{"2", 2},      ordinal{"3", 3},
                              ordinal{"one", 1},     ordinal{"two", 2},    ordinal{"three", 3},
                              ordinal{"first", 1},   ordinal{"second", 2}, ordinal{"third", 3},
                              ordinal{"١", 1},       ordinal{"٢", 2},      ordinal{"٣", 3},
                              ordinal{"الاول", 1},   ordinal{"الاولي", 1}, ordinal{"الثاني", 2},
                              ordinal{"الثانيه", 2}, ordinal{"الثالث", 3}, ordinal{"الثالثه", 3},
                              ordinal{"واحد", 1},    ordinal{"اثنان", 2},  ordinal{"ثلاثه", 3}};

// "2", "the second one please", "number 3": a few words of which one counts.
int choice_in(const std::vector<std::string_view>& said) {
    if (said.empty() || said.size() > 5) return 0;
    int n = 0;
    for (const auto w : said) {
        const auto it =
            std::find_if(ordinals.begin(), ordinals.end(), [w](const auto& o) { return o.word == w; });
        if (it != ordinals.end() && !(w == "one" && n != 0)) {
            if (n != 0 && n != it->n) return 0;
            n = it->n;
            continue;
        }
        static constexpr std::array<std::string_view, 18> around{
            "the", "number", "no",   "option", "please", "article", "it",   "is",   "one",
            "i",   "mean",   "want", "رقم",    "الخيار", "من",      "فضلك", "اريد", "خيار"};
        if (std::find(around.begin(), around.end(), w) == around.end()) return 0;
    }
    return n;
}

constexpr std::array<std::string_view, 17> yes_words{"yes",  "yeah",   "yep",     "yup",   "sure",    "ok",
                                                     "okay", "please", "correct", "right", "exactly", "نعم",
                                                     "اجل",  "ايوه",   "اكيد",    "تمام",  "صحيح"};
bool is_yes(const std::vector<std::string_view>& said) {
    return !said.empty() && said.size() <= 3 && std::all_of(said.begin(), said.end(), [](auto w) {
        return std::find(yes_words.begin(), yes_words.end(), w) != yes_words.end();
    });
}

// The script decides where there is enough of it; "OK" in an Arabic conversation is no reason to change to English.
std::string language_to_answer(std::string_view text, const reading_context& c, std::size_t words) {
    const auto seen = detect_script(text);
    if (seen == script::arabic) return "ar";
    const auto before = !c.spoken_before.empty() ? c.spoken_before : c.conversation_language;
    if (seen == script::latin && (words > 2 || before.empty())) return "en";
    return std::string(spoken_language(before, c.default_language));
}

bool asks(std::string_view text, std::string_view folded) {
    return text.find('?') != std::string_view::npos || text.find("؟") != std::string_view::npos ||
           any_of(folded, asking_marks);
}

intent intent_of(const reading& r, std::string_view folded, const std::vector<std::string_view>& said,
                 const handover_settings& person) {
    const auto wish = detect_handover(r.text, conversation::speaker::user, person);
    if (wish && wish->needed) return intent::human;
    if (any_of(folded, leaving_marks) && only(said, leavings(), 12)) return intent::goodbye;
    if (any_of(folded, thanks_marks) && only(said, thankings(), 16)) return intent::thanks;
    if (any_of(folded, greeting_marks) && only(said, courtesies(), 12)) return intent::greeting;
    const bool instructions = any_of(folded, instruction_marks);
    if (!instructions && (any_of(folded, status_marks) || (!r.reference.empty() && said.size() <= 8)))
        return intent::status_check;
    const bool question = asks(r.text, folded);
    if (any_of(folded, complaining_marks) || (r.mood.label == "negative" && !question))
        return intent::complaint;
    return question ? intent::question : intent::other;
}

// Where no word says what somebody wants, the model does, if it is sure: "my card still shows the old name" is a
// question, though it asks nothing.
intent guessed_intent(const analysis::intent& guess) {
    constexpr double sure = 0.6;
    if (guess.confidence < sure) return intent::other;
    if (guess.label == "complaint") return intent::complaint;
    if (guess.label == "question" || guess.label == "order" || guess.label == "booking")
        return intent::question;
    return intent::other;
}

// Manners at most: "no thanks".
bool nothing_left(std::string_view text) {
    const std::string folded = fold_text(text);
    const auto said = split(folded);
    return std::all_of(said.begin(), said.end(), [](auto w) {
        return thankings().contains(w) || courtesies().contains(w) || w == "لا" || w == "yes" || w == "نعم";
    });
}

} // namespace

std::string_view to_string(intent i) {
    switch (i) {
    case intent::greeting: return "greeting";
    case intent::thanks: return "thanks";
    case intent::goodbye: return "goodbye";
    case intent::question: return "question";
    case intent::complaint: return "complaint";
    case intent::status_check: return "status_check";
    case intent::human: return "human";
    case intent::other: break;
    }
    return "other";
}

std::vector<std::string> content_words(std::string_view text) {
    const std::string folded = fold_text(text);
    std::vector<std::string> out;
    for (const auto w : split(folded))
        if (!empties().contains(w)) out.emplace_back(w);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

double likeness(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (a.empty() || b.empty()) return 0;
    std::size_t shared = 0;
    for (const auto& w : a) shared += std::binary_search(b.begin(), b.end(), w) ? 1U : 0U;
    return static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - shared);
}

reading read(std::string_view text, const reading_context& context) {
    reading r;
    r.text = std::string(trimmed(text));
    const std::string folded = fold_text(r.text);
    const auto said = split(folded);
    r.language = language_to_answer(r.text, context, said.size());
    // What is done about one customer wants words as its reason; a likeness is good for figures.
    r.mood = analysis::mood_of(r.text);
    if (r.mood.guessed) r.mood = {};
    r.reference = find_reference(r.text);
    r.name = find_name(r.text);
    r.what = intent_of(r, folded, said, context.person);
    const std::string without = without_refusals(r.text);
    const bool declined = without.size() != r.text.size();
    if (r.what != intent::human)
        r.small_talk = small_talk_in({r.text, folded, said, r.name, declined && nothing_left(without)});
    if (r.small_talk != aside::none) {
        r.what = intent::other;
    } else if (r.what != intent::human) {
        const auto guess = analysis::intent_of(r.text);
        if (r.what == intent::other) {
            r.what = guessed_intent(guess);
            r.by_model = r.what != intent::other;
        }
        r.wanted = guess.label;
    }
    r.query = without_greeting(declined && r.small_talk == aside::none ? trimmed(without) : r.text);
    r.content = content_words(r.query);
    r.choice = choice_in(said);
    r.yes = is_yes(said);
    const bool begins_leaning = std::any_of(leaning_marks.begin(), leaning_marks.end(),
                                            [&folded](std::string_view m) { return folded.starts_with(m); });
    r.leans_back = begins_leaning && said.size() <= 8 && r.what != intent::human;
    return r;
}

} // namespace chat_centre::assistant
