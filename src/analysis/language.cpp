#include "analysis/words.hpp"

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace chat_centre::analysis {
namespace {

using namespace std::string_view_literals;

// Scripts that one language of the world's support desks stands for; kana before Han, because Japanese uses both.
struct block {
    char32_t first, last;
    const char* language;
};
constexpr std::array blocks{block{0x0370, 0x03FF, "el"}, block{0x0400, 0x04FF, "ru"},
                            block{0x0590, 0x05FF, "he"}, block{0x0900, 0x097F, "hi"},
                            block{0x3040, 0x30FF, "ja"}, block{0xAC00, 0xD7AF, "ko"},
                            block{0x4E00, 0x9FFF, "zh"}};

// Letters that Arabic itself does not have.
constexpr std::array persian{U'\u067E', U'\u0686', U'\u0698', U'\u06AF', U'\u06CC', U'\u06A9'};
constexpr std::array urdu{U'\u0679', U'\u0688', U'\u0691', U'\u06BA', U'\u06D2', U'\u06C1', U'\u06BE'};

struct vocabulary {
    const char* language;
    std::span<const std::string_view> words;
};
constexpr std::array english{"the"sv,  "is"sv,   "and"sv, "to"sv,   "my"sv,   "i"sv,    "you"sv,
                             "for"sv,  "have"sv, "not"sv, "it"sv,   "of"sv,   "with"sv, "please"sv,
                             "can"sv,  "what"sv, "how"sv, "need"sv, "are"sv,  "this"sv, "me"sv,
                             "when"sv, "your"sv, "do"sv,  "was"sv,  "help"sv, "in"sv,   "on"sv};
constexpr std::array french{"le"sv,      "la"sv,    "les"sv,  "je"sv,     "vous"sv,  "est"sv,  "pas"sv,
                            "et"sv,      "mon"sv,   "ma"sv,   "une"sv,    "un"sv,    "pour"sv, "avec"sv,
                            "bonjour"sv, "merci"sv, "suis"sv, "nous"sv,   "que"sv,   "qui"sv,  "jai"sv,
                            "des"sv,     "du"sv,    "mes"sv,  "besoin"sv, "votre"sv, "dans"sv, "comment"sv};
constexpr std::array spanish{
    "el"sv,    "la"sv,     "los"sv,    "las"sv,     "es"sv,  "y"sv,   "mi"sv,       "una"sv,   "un"sv,
    "para"sv,  "con"sv,    "hola"sv,   "gracias"sv, "que"sv, "por"sv, "necesito"sv, "ayuda"sv, "estoy"sv,
    "tengo"sv, "quiero"sv, "cuando"sv, "donde"sv,   "del"sv, "mis"sv, "muy"sv,      "pedido"sv};
constexpr std::array portuguese{
    "o"sv,        "os"sv,       "as"sv,      "uma"sv,   "um"sv,  "para"sv, "com"sv,  "minha"sv, "meu"sv,
    "obrigado"sv, "obrigada"sv, "preciso"sv, "ajuda"sv, "nao"sv, "não"sv,  "você"sv, "estou"sv, "tenho"sv,
    "quero"sv,    "quando"sv,   "onde"sv,    "do"sv,    "da"sv,  "olá"sv,  "bom"sv,  "dia"sv};
constexpr std::array swahili{"habari"sv, "asante"sv,  "tafadhali"sv, "nina"sv,  "ninahitaji"sv, "nahitaji"sv,
                             "msaada"sv, "kwa"sv,     "wangu"sv,     "yangu"sv, "langu"sv,      "nataka"sv,
                             "sijui"sv,  "ni"sv,      "sana"sv,      "lini"sv,  "wapi"sv,       "karibu"sv,
                             "jambo"sv,  "hujambo"sv, "kuhusu"sv,    "shule"sv, "naomba"sv};
constexpr std::array shona{"ndinoda"sv,   "ndiri"sv, "ndine"sv,     "ndatenda"sv, "makadii"sv,
                           "makadini"sv,  "mhoro"sv, "rubatsiro"sv, "ndapota"sv,  "mari"sv,
                           "mwana"sv,     "wangu"sv, "yangu"sv,     "kuti"sv,     "chikoro"sv,
                           "maita"sv,     "basa"sv,  "sei"sv,       "riini"sv,    "ndinokumbira"sv,
                           "zvakanaka"sv, "asi"sv};
constexpr std::array vocabularies{vocabulary{"en", english}, vocabulary{"fr", french},
                                  vocabulary{"es", spanish}, vocabulary{"pt", portuguese},
                                  vocabulary{"sw", swahili}, vocabulary{"sn", shona}};

std::size_t letters_of(std::string_view text, std::span<const char32_t> letters) {
    std::size_t n = 0;
    while (!text.empty())
        if (std::find(letters.begin(), letters.end(), next_code_point(text)) != letters.end()) ++n;
    return n;
}

std::string by_script(std::string_view text) {
    std::array<std::size_t, blocks.size()> count{};
    while (!text.empty()) {
        const char32_t c = next_code_point(text);
        for (std::size_t i = 0; i < blocks.size(); ++i)
            if (c >= blocks[i].first && c <= blocks[i].last) ++count[i];
    }
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (blocks[i].language == "ja"sv && count[i] > 0) return "ja";
    const auto most = std::max_element(count.begin(), count.end());
    return *most == 0 ? "" : blocks[static_cast<std::size_t>(most - count.begin())].language;
}

// Latin letters are English unless the small words say otherwise.
std::string latin_language(std::string_view text) {
    std::array<int, vocabularies.size()> count{};
    for (const auto& c : clauses_of(text))
        for (const auto& word : c.words)
            for (std::size_t i = 0; i < vocabularies.size(); ++i) {
                const auto& words = vocabularies[i].words;
                if (std::find(words.begin(), words.end(), word) != words.end()) ++count[i];
            }
    const auto most = std::max_element(count.begin(), count.end());
    // One word that looks foreign may be a name ("La Paz"); two are a language, unless English has as many.
    constexpr int enough = 2;
    return *most < enough ? "en" : vocabularies[static_cast<std::size_t>(most - count.begin())].language;
}

} // namespace

// What is no language: addresses, links, and what follows them up to the next blank.
std::string without_addresses(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
        const auto word = text.substr(0, end);
        if (word.find('@') == std::string_view::npos && word.find("://") == std::string_view::npos &&
            !word.starts_with("www."))
            out += std::string(word) + " ";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string language_of(std::string_view text) {
    const std::string said = without_addresses(text);
    switch (detect_script(said)) {
    case script::mixed: return "mixed";
    case script::arabic:
        if (letters_of(said, urdu) > 0) return "ur";
        return letters_of(said, persian) > 1 ? "fa" : "ar";
    case script::latin: {
        // A brand name in Latin letters does not make a Russian sentence English.
        const std::string other = by_script(said);
        return other.empty() ? latin_language(said) : other;
    }
    case script::none: return by_script(said);
    }
    return "";
}

} // namespace chat_centre::analysis
