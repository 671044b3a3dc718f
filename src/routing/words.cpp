// Word lists against text, in English and Arabic.

#include "routing/rules.hpp"

#include <chat_centre/base/text.hpp>

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

bool holds(std::string_view folded_text, std::string word) {
    const bool open_end = !word.empty() && word.back() == '*';
    if (open_end) word.pop_back();
    const std::string folded = fold_text(word); // " word " with a space at both ends
    if (folded.size() < 3) return false;
    const std::string_view core(folded.data() + 1, folded.size() - (open_end ? 2 : 1));
    if (!begins_arabic(core)) return folded_text.find(" " + std::string(core)) != std::string_view::npos;
    for (const auto beginning : arabic_beginnings)
        if (folded_text.find(" " + std::string(beginning) + std::string(core)) != std::string_view::npos)
            return true;
    return false;
}

} // namespace

int count_words(std::string_view folded_text, const std::vector<std::string>& words, std::string* found) {
    int n = 0;
    for (const auto& word : words) {
        if (!holds(folded_text, word)) continue;
        if (n == 0 && found != nullptr) *found = word;
        ++n;
    }
    return n;
}

} // namespace chat_centre::routing
