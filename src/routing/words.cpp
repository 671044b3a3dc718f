// Word lists against text, in English and Arabic.

#include "routing/words.hpp"

#include "routing/rules.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::routing {
namespace {

// The article, and what is written in one word with it: and-, with-, to-, so-, like-.
constexpr std::array<std::string_view, 13> arabic_beginnings{"",   "ال", "و",   "وال", "ب",   "بال", "ل",
                                                             "لل", "ف",  "فال", "ك",   "كال", "ولل"};

bool begins_arabic(std::string_view text) {
    return text.size() >= 2 && static_cast<unsigned char>(text[0]) >= 0xD8 &&
           static_cast<unsigned char>(text[0]) <= 0xDB;
}

} // namespace

folded_word fold_word(std::string_view word) {
    const bool open_end = word.ends_with('*');
    std::string folded = fold_text(open_end ? word.substr(0, word.size() - 1) : word); // " word "
    if (folded.size() < 3) return {};
    if (open_end) folded.pop_back();
    folded.erase(0, 1);
    const bool arabic = begins_arabic(folded);
    return {std::move(folded), arabic};
}

bool holds(std::string_view folded_text, const folded_word& word) {
    if (word.text.empty()) return false;
    // The letter first and the space before it second: in any text spaces are what there is most of.
    for (auto at = folded_text.find(word.text); at != std::string_view::npos;
         at = folded_text.find(word.text, at + 1)) {
        if (at > 0 && folded_text[at - 1] == ' ') return true;
        if (!word.arabic) continue;
        const auto space = folded_text.rfind(' ', at == 0 ? 0 : at - 1);
        const auto begin = space == std::string_view::npos ? 0 : space + 1;
        const auto before = folded_text.substr(begin, at > begin ? at - begin : 0);
        if (std::find(arabic_beginnings.begin(), arabic_beginnings.end(), before) != arabic_beginnings.end())
            return true;
    }
    return false;
}

int count_words(std::string_view folded_text, const std::vector<std::string>& words, std::string* found) {
    int n = 0;
    for (const auto& word : words) {
        if (!holds(folded_text, fold_word(word))) continue;
        if (n == 0 && found != nullptr) *found = word;
        ++n;
    }
    return n;
}

} // namespace chat_centre::routing
