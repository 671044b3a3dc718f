#include "assistant/small_talk.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace chat_centre::assistant {
namespace {

using words_of_talk = std::unordered_set<std::string_view>;

words_of_talk known_of(std::string_view list) {
    words_of_talk out;
    for (std::size_t from = 0; from < list.size();) {
        const auto end = std::min(list.find(' ', from), list.size());
        if (end > from) out.insert(list.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

std::vector<std::string_view> cut_words(std::string_view folded) {
    std::vector<std::string_view> out;
    for (std::size_t from = 0; from < folded.size();) {
        const auto end = std::min(folded.find(' ', from), folded.size());
        if (end > from) out.push_back(folded.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

// All words are of `frame` or `heart`, and one at least is of `heart`.
bool made_of(const std::vector<std::string_view>& words, const words_of_talk& frame,
             const words_of_talk& heart, std::size_t most) {
    if (words.empty() || words.size() > most) return false;
    bool found = false;
    for (const auto w : words) {
        const bool at_heart = heart.contains(w);
        found = found || at_heart;
        if (!at_heart && !frame.contains(w)) return false;
    }
    return found;
}

// These ask it by themselves,
constexpr std::array<std::string_view, 18> who_openings{
    " who are you ", " who r u ",  " what are you ", " who is this ",   " whos this ",
    " your name ",   " who am i ", " are you real ", " are you alive ", " are you even real ",
    " are u real ",  " من انت ",   " مين انت ",      " انت مين ",       " مين معي ",
    " من معي ",      " ما اسمك ",  " هل انت حقيقي "};
// these with one of the words below.
constexpr std::array<std::string_view, 16> kind_openings{
    " are you ",       " are u ",         " r u ",       " is this ",  " is it ", " am i talking ",
    " am i speaking ", " am i chatting ", " you are a ", " youre a ",  " انت ",   " انتي ",
    " هل اتحدث ",      " هل اكلم ",       " هل هذا ",    " am i with "};
const words_of_talk& kinds_of_writers() {
    static const words_of_talk s =
        known_of("bot robot chatbot machine ai human person computer program software automated "
                 "روبوت بوت انسان بشر بشري شخص اله الي برنامج موظف موظفه ذكاء كمبيوتر");
    return s;
}
const words_of_talk& around_writers() {
    static const words_of_talk s = known_of(
        "are you u r is this it am i talking speaking chatting to with a an the actual live being or and not just "
        "so wait hi hello hey ok okay sorry excuse me artificial intelligence intelligent assistant here there do "
        "know if even really actually still on other side end your youre thing some kind of one system response "
        "message answering please tell curious real alive who whos name what whats "
        "هل انت انتي انتم هذا هذه ام او ولا مع اتحدث اتكلم اكلم احكي الان مجرد فضول ما هو اسمك لو سمحت من فضلك مرحبا اهلا "
        "السلام عليكم يا تتكلم تكلمني يكلمني حقيقي حقيقيه من مين معي ما اصطناعي");
    return s;
}

const words_of_talk& calls_for_help() {
    static const words_of_talk s =
        known_of("help question questions assist assistance ask inquiry enquiry support info "
                 "مساعده ساعدني ساعدوني مساعدتي سوال سؤال اسئله استفسار اسال اسأل استفسر تساعدني المساعده");
    return s;
}
const words_of_talk& around_help() {
    static const words_of_talk s = known_of(
        "i have a an some need want to would like can could you me please pls plz my with hi hello hey there of "
        "something one got few quick small just ive id good morning evening afternoon for sir madam may us we "
        "عندي لدي ممكن اريد احتاج محتاج الي هل يمكنك تستطيع ان من فضلك لو سمحت مرحبا اهلا السلام عليكم بدي عايز ابغي ابي "
        "واحد صغير سريع في الي");
    return s;
}

const words_of_talk& insulting() {
    static const words_of_talk s = known_of(
        "fuck fucking fucker fck shit shitty idiot idiots stupid dumb moron bitch asshole bastard crap sucks suck "
        "dumbass bullshit wtf stfu loser trash "
        "غبي غبيه اغبياء حمار حيوان حيوانات تافه تافهين كلب كلاب لعنه حقير وسخ زباله احمق حمقي سخيف");
    return s;
}
const words_of_talk& around_insults() {
    static const words_of_talk s = known_of(
        "you u your this bot thing is are a an the so very off it all go to hell of piece what such really just i "
        "hate and me shut up get lost man company service people fools "
        "انت انتي انتم يا هذا هذه بوت روبوت عليك عليكم كم والله جدا انتو شركه");
    return s;
}

const words_of_talk& courteous_words() {
    static const words_of_talk s = known_of(
        "hi hello hey good morning evening afternoon my name is and im i am here from nice to meet you there "
        "مرحبا اهلا السلام عليكم صباح مساء الخير اسمي انا و");
    return s;
}

bool vowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

// Keys pressed at random: Latin letters that nobody could pronounce, or one letter over and over.
bool random_keys(std::string_view word) {
    if (word.size() < 4) return false;
    std::size_t consonants = 0;
    std::size_t longest = 0;
    std::size_t vowels = 0;
    std::size_t same = 1;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        if (c < 'a' || c > 'z') return false;
        same = i > 0 && word[i - 1] == c ? same + 1 : 1;
        if (same >= 4) return true;
        vowels += vowel(c) ? 1U : 0U;
        consonants = vowel(c) ? 0 : consonants + 1;
        longest = std::max(longest, consonants);
    }
    return longest >= 5 || (vowels == 0 && word.size() >= 5) || (vowels * 5 < word.size() && longest >= 4);
}

// "asdfgh", "qwerty": along the rows of a keyboard.
bool along_the_keys(std::string_view word) {
    if (word.size() < 4) return false;
    constexpr std::array<std::string_view, 6> rows{"qwertyuiop", "asdfghjkl", "zxcvbnm",
                                                   "poiuytrewq", "lkjhgfdsa", "mnbvcxz"};
    return std::any_of(rows.begin(), rows.end(),
                       [word](std::string_view row) { return row.find(word) != std::string_view::npos; });
}

bool unreadable(const std::vector<std::string_view>& words) {
    constexpr std::size_t few = 4;
    return !words.empty() && words.size() <= few &&
           std::all_of(words.begin(), words.end(), [](auto w) { return random_keys(w) || along_the_keys(w); });
}

bool digits_only(const std::vector<std::string_view>& words) {
    constexpr std::size_t most = 3; // longer ones are of telephones and orders
    return words.size() == 1 && words.front().size() <= 2 * most &&
           std::all_of(words.front().begin(), words.front().end(),
                       [](char c) {
                           const auto b = static_cast<unsigned char>(c);
                           return (c >= '0' && c <= '9') || b == 0xD9 || (b >= 0xA0 && b <= 0xA9);
                       }) &&
           (static_cast<unsigned char>(words.front()[0]) >= 0x80 || words.front().size() <= most);
}

bool only_a_name(const std::vector<std::string_view>& words, std::string_view name) {
    if (name.empty()) return false;
    const std::string folded = fold_text(name);
    const auto of_name = cut_words(folded);
    return std::all_of(words.begin(), words.end(), [&of_name](auto w) {
        return courteous_words().contains(w) || std::find(of_name.begin(), of_name.end(), w) != of_name.end();
    });
}

} // namespace

bool asks_who(std::string_view folded) {
    constexpr std::size_t longest = 16; // words
    // Every message passes here: one walk over the words, and a look only at those that begin like an opening.
    static const auto likely = [] {
        std::array<bool, 256> begins{};
        for (const auto o : who_openings) begins[static_cast<unsigned char>(o[1])] = true;
        for (const auto o : kind_openings) begins[static_cast<unsigned char>(o[1])] = true;
        return begins;
    }();
    bool by_itself = false, of_a_kind = false;
    for (auto at = folded.find(' '); at != std::string_view::npos && at + 1 < folded.size();
         at = folded.find(' ', at + 1)) {
        if (!likely[static_cast<unsigned char>(folded[at + 1])]) continue;
        const auto here = folded.substr(at);
        const auto begins = [here](std::string_view o) { return here.starts_with(o); };
        by_itself = by_itself || std::any_of(who_openings.begin(), who_openings.end(), begins);
        of_a_kind = of_a_kind || std::any_of(kind_openings.begin(), kind_openings.end(), begins);
    }
    if (!by_itself && !of_a_kind) return false;
    const auto words = cut_words(folded);
    if (words.size() > longest) return false;
    const auto kind = [](std::string_view w) { return kinds_of_writers().contains(w); };
    const bool nothing_else = std::all_of(words.begin(), words.end(), [&kind](std::string_view w) {
        return kind(w) || around_writers().contains(w);
    });
    return nothing_else && (by_itself || std::any_of(words.begin(), words.end(), kind));
}

aside small_talk_in(const small_talk_of& s) {
    if (asks_who(s.folded)) return aside::who;
    if (s.refused) return aside::no_person;
    if (only_a_name(s.words, s.name)) return aside::introduction;
    if (made_of(s.words, around_help(), calls_for_help(), 10)) return aside::help;
    if (made_of(s.words, around_insults(), insulting(), 10)) return aside::insult;
    if (digits_only(s.words)) return aside::number;
    if (s.words.empty() && !s.text.empty() && s.text.find_first_not_of("?!. ") == std::string_view::npos)
        return aside::help; // "???"
    return unreadable(s.words) ? aside::unreadable : aside::none;
}

} // namespace chat_centre::assistant
