#include "assistant/person.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat_centre::assistant {
namespace {

// What a word can be; some are several things.
enum part : std::uint8_t {
    talk = 1, // a wish that says what for: any person after it will do, whatever follows
    bring = 2, // the same, but it may take other things: not "transfer the agent fee", nor "the contact person"
    want = 4,       // a wish for anything: what follows must be unmistakable
    between = 8,    // may stand between wish and person
    human = 16,     // unmistakable
    colleague = 32, // a person after "talk to", something else after "need": "I need staff housing"
    bot = 128,      // what is not a person
    goes_on = 64,   // may follow the person; in "an agent number" they are something else
};

struct line {
    part what;
    std::string_view words; // folded
};

constexpr std::array vocabulary{
    line{talk, "speak speaking talk talking chatting connect connected connecting"},
    line{bring, "chat transfer transferred transferring contact reach put pass passing hand handing redirect "
                "redirecting forward forwarding escalate switch sending"},
    line{want, "want wanna need get give like prefer request require wish gimme"},
    line{between, "to for with me us a an the some any your one of real actual live proper another different "
                  "through over on directly please just support service customer sales this up same senior "
                  "more kind human staff team member"},
    line{human, "human humans person agent agents representative rep operator supervisor manager advisor "
                "adviser being"},
    line{colleague, "someone somebody staff employee employees colleague colleagues team member specialist "
                    "anyone anybody boss"},
    line{goes_on, "talk to with on directly please this now here who that right instead not and or for asap "
                  "today about immediately urgently quickly again because can as if i you so but regarding "
                  "thanks thank at in rather than"},
    // The wish often is the verb itself; "with" and "to" may be one letter before the person.
    line{talk, "اتحدث اتكلم اكلم احكي التحدث التكلم الكلام الحديث التواصل اتواصل تواصل تحويلي تحولني "
               "حولني حولوني وصلني وصلوني توصيلي توصلني كلمني مكالمه"},
    line{want, "اريد نريد ابغي ابغا ابي عايز عايزه عاوز عاوزه بدي احتاج محتاج محتاجه ودي اطلب"},
    line{between, "اتحدث اتكلم اكلم احكي التحدث التكلم التواصل اتواصل ان مع الي احد حد واحد من اي مباشره "
                  "رجاء فضلك لو سمحت"},
    line{human, "موظف موظفه موظفين موظفيكم الموظف الموظفين بموظف لموظف شخص بشخص لشخص انسان بانسان بشر "
                "بشري مندوب المندوب بمندوب ممثل بممثل مدير المدير مديركم مشرف المشرف مسوول المسوول مسؤول "
                "المسؤول شخصا موظفا انسانا مديرا"},
    line{colleague, "احد حد زميل الدعم بالدعم"},
    // Arabic in Latin letters, as people type it on a telephone.
    line{talk,
         "akallem akalem akallim akalim akalam akalm akkallem atkallem atkalem atkallim atkalm atkalim atkallam "
         "etkallem a7ki ahki e7ki ehki kallemni kalemni kalmouni 7awelni hawelni 7awalni 7awelny hawwelni "
         "7awelouni wasalni wasselni atwasal tawasol"},
    line{want,
         "3ayez 3ayz 3ayza 3ayiz 3aiz 3aez 3awez 3awz 3awza 3awiz ayez aayez aaiz ayz awez abgha abi biddi bdi "
         "bedi baddi beddi ureed oreed orid areed urid a7taj ahtaj me7tag mehtag"},
    line{between, "ma3 maa ila el al wa7ed wahid wahed akallem akalem atkallem atkalem a7ki e7ki"},
    line{human, "mowazaf mowazzaf mowazef muwazaf muwazzaf mouwazaf mouwazzaf moazaf moazzaf mwazaf mowazafin "
                "mowazafeen sha5s shakhs shakhes insan ensan bashar bashari mandoub mandob modeer mudeer mudir "
                "mas2ool mas2oul mas2ol"},
    line{colleague, "7ad 7add 7adan a7ad ahad 7da 7ada zameel"},
    // Other languages that customers write in.
    line{talk, "parler discuter joindre hablar conversar falar kuongea kuzungumza niongee kutaura"},
    line{want, "veux voudrais souhaite quiero necesito quero preciso nataka ndoda"},
    line{between, "à un une avec le la vrai vraie con una el com um uma na ne de votre"},
    line{human,
         "humain humaine personne conseiller conseillère conseillere opérateur opératrice responsable humano "
         "humana persona agente asesor operador pessoa atendente mtu binadamu munhu nemunhu"},
    line{colleague, "quelquun alguien alguém mhudumu people"},
    line{bot,
         "bot bots robot robots chatbot chatbots machine machines computer ai robo روبوت الروبوت روبوتات بوت البوت "
         "اله الاله شات"},
    line{goes_on,
         "anymore any more longer مباشره رجاء فضلك سمحت يساعدني الان حالا فورا حقيقي حقيقيا حقيقيه لديكم عندكم لو وليس مش "
         "يرد"},
};

constexpr std::size_t most_between = 6; // words

struct word {
    std::size_t at, end;
    std::uint8_t parts;
};

using dictionary = std::unordered_map<std::string_view, std::uint8_t>;

const dictionary& known_words() {
    static const dictionary known = [] {
        dictionary all;
        for (const auto& [what, words] : vocabulary)
            for (std::size_t from = 0; from < words.size();) {
                const auto end = std::min(words.find(' ', from), words.size());
                all[words.substr(from, end - from)] |= what;
                from = end + 1;
            }
        return all;
    }();
    return known;
}

std::uint8_t parts_of(std::string_view text) {
    const auto it = known_words().find(text);
    return it == known_words().end() ? 0 : it->second;
}

std::vector<word> words_of(std::string_view folded) {
    std::vector<word> out;
    std::size_t from = 0;
    while (from < folded.size()) {
        const auto end = std::min(folded.find(' ', from), folded.size());
        if (end > from) out.push_back({from, end, parts_of(folded.substr(from, end - from))});
        from = end + 1;
    }
    return out;
}

// 0: no wish for a person after all.
double confidence_of(std::string_view folded, const std::vector<word>& words, std::size_t wish,
                     std::size_t person) {
    const auto& w = words[wish];
    const auto& p = words[person];
    const bool complete = person + 1 == words.size() || (words[person + 1].parts & goes_on) != 0;
    const double sure = (p.parts & human) != 0 ? 0.95 : 0.85;
    if ((w.parts & talk) != 0) return sure;
    if ((w.parts & bring) != 0) return complete && person > wish + 1 ? sure : 0;
    const auto text = [&](std::size_t i) { return folded.substr(words[i].at, words[i].end - words[i].at); };
    if (text(wish) == "like" && (wish == 0 || (text(wish - 1) != "would" && text(wish - 1) != "id")))
        return 0;
    return complete && (p.parts & human) != 0 ? sure : 0;
}

// Nearly every message names nobody: seen from the first four bytes of its words. It may say yes in vain, never no.
class person_filter {
public:
    person_filter() {
        for (const auto& [word, parts] : known_words())
            if ((parts & (human | colleague)) != 0) marks_[slot(std::string(word) + " ", 0)] = true;
    }
    bool may_name_somebody(std::string_view folded) const {
        for (std::size_t i = 1; i + bytes <= folded.size(); ++i)
            if (folded[i - 1] == ' ' && marks_[slot(folded, i)]) return true;
        return false;
    }

private:
    static constexpr std::size_t bytes = 4; // with the space behind it no word is shorter
    static std::size_t slot(std::string_view text, std::size_t at) {
        std::uint32_t key = 0;
        std::memcpy(&key, text.data() + at, bytes);
        return (key * 2654435761U) >> 22U;
    }
    std::array<bool, 1024> marks_{};
};

// Where a wish of `wanted` parts for the word at `thing` begins, over what may stand between.
std::optional<std::size_t> wish_before(const std::vector<word>& words, std::size_t thing, std::uint8_t wanted) {
    for (std::size_t at = thing; at-- > 0;) {
        if ((words[at].parts & wanted) != 0) return at;
        if ((words[at].parts & between) == 0 || thing - at > most_between) break;
    }
    return std::nullopt;
}

} // namespace

std::optional<person_wish> find_bot_wish(std::string_view folded) {
    constexpr double sure = 0.9;
    constexpr std::array<std::string_view, 6> few{"bot", "machine", "computer", " ai ", "روبوت", "اله"};
    if (std::none_of(few.begin(), few.end(),
                     [folded](std::string_view w) { return folded.find(w) != std::string_view::npos; }) &&
        folded.find("بوت") == std::string_view::npos)
        return std::nullopt;
    const auto words = words_of(folded);
    for (std::size_t thing = 1; thing < words.size(); ++thing) {
        if ((words[thing].parts & bot) == 0) continue;
        if (const auto wish = wish_before(words, thing, talk))
            return person_wish{words[*wish].at,
                               folded.substr(words[*wish].at, words[thing].end - words[*wish].at), sure};
    }
    return std::nullopt;
}

bool names_somebody(std::string_view folded) {
    const auto words = words_of(folded);
    return std::any_of(words.begin(), words.end(),
                       [](const word& w) { return (w.parts & (human | colleague)) != 0; });
}

std::optional<person_wish> find_person_wish(std::string_view folded) {
    static const person_filter filter;
    if (!filter.may_name_somebody(folded)) return std::nullopt;
    const auto words = words_of(folded);
    std::optional<person_wish> best;
    for (std::size_t person = 1; person < words.size(); ++person) {
        if ((words[person].parts & (human | colleague)) == 0) continue;
        // Back over what may stand between.
        for (std::size_t wish = person - 1;; --wish) {
            const double confidence = (words[wish].parts & (talk | bring | want)) != 0
                                          ? confidence_of(folded, words, wish, person)
                                          : 0;
            if (confidence > 0 && (!best || confidence > best->confidence))
                best = person_wish{words[wish].at,
                                   folded.substr(words[wish].at, words[person].end - words[wish].at),
                                   confidence};
            const bool goes_further = (words[wish].parts & between) != 0 && person - wish <= most_between;
            if (wish == 0 || !goes_further) break;
        }
    }
    return best;
}

} // namespace chat_centre::assistant
