#include "knowledge/terms.hpp"

#include "knowledge/words.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace chat_centre::knowledge {
namespace {

constexpr std::size_t longest_phrase = 4; // words

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

bool has_vowel(std::string_view s) { return std::any_of(s.begin(), s.end(), is_vowel); }

bool cut_ending(std::string& w, std::string_view ending, std::size_t left) {
    if (w.size() < ending.size() + left || !w.ends_with(ending)) return false;
    if (!has_vowel(std::string_view(w).substr(0, w.size() - ending.size()))) return false;
    w.resize(w.size() - ending.size());
    return true;
}

void single_ending(std::string& w) {
    const auto n = w.size();
    if (n > 3 && w[n - 1] == w[n - 2] && !is_vowel(w[n - 1]) && w[n - 1] != 's') w.pop_back();
}

std::string english_stem(std::string_view word) {
    std::string w(word);
    if (w.size() <= 3 || w == "books") return w; // "book" is what one does with a table, "books" are read
    if (w.ends_with("ies") && w.size() > 4)
        w.replace(w.size() - 3, 3, "y");
    else if (w.ends_with("sses") || w.ends_with("xes") || w.ends_with("ches") || w.ends_with("shes"))
        w.resize(w.size() - 2);
    else if (w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us") && !w.ends_with("is"))
        w.pop_back();
    if (cut_ending(w, "ation", 4) || cut_ending(w, "ing", 3) || cut_ending(w, "ied", 3) ||
        cut_ending(w, "ed", 3) || cut_ending(w, "ly", 4))
        single_ending(w);
    if (w.size() > 4 && w.ends_with("ll")) w.pop_back();
    if (w.size() > 3 && (w.back() == 'e' || w.back() == 'y' || w.back() == 'i')) w.pop_back();
    return w;
}

// Arabic letters are two bytes each in UTF-8, so what is cut is counted in pairs.
constexpr std::size_t letter = 2;

bool is_arabic(std::string_view word) {
    const auto first = static_cast<unsigned char>(word.front());
    return first >= 0xD8 && first <= 0xDB;
}

bool all_arabic(std::string_view word) {
    if (word.size() % letter != 0) return false;
    for (std::size_t i = 0; i < word.size(); i += letter)
        if (!is_arabic(word.substr(i))) return false;
    return true;
}

std::size_t letters_of(std::string_view word) { return word.size() / letter; }

bool cut_front(std::string_view& w, std::string_view front, std::size_t left) {
    if (!w.starts_with(front) || letters_of(w) < letters_of(front) + left) return false;
    w.remove_prefix(front.size());
    return true;
}

bool cut_back(std::string_view& w, std::string_view back, std::size_t left) {
    if (!w.ends_with(back) || letters_of(w) < letters_of(back) + left) return false;
    w.remove_suffix(back.size());
    return true;
}

std::string arabic_stem(std::string_view w) {
    // The article with what is written onto it, then "and"; each of them also after the other.
    for (int round = 0; round < 2; ++round) {
        for (const std::string_view front : {"وال", "بال", "كال", "فال", "ال", "لل"})
            if (cut_front(w, front, 2)) break;
        cut_front(w, "و", 3);
    }
    cut_back(w, "ا", 3); // the ending of "a", whose mark the folding drops
    for (int round = 0; round < 2; ++round) {
        bool cut = false;
        for (const std::string_view back :
             {"كم", "هم", "هن", "نا", "ها", "ني", "ات", "ان", "ون", "ين", "يه", "ته", "تي", "تك", "وا"}) {
            cut = cut_back(w, back, 3);
            if (cut) break;
        }
        if (cut) continue;
        for (const std::string_view back : {"ه", "ي", "ك", "ت"})
            if (cut_back(w, back, 3)) break;
    }
    // "I, you, he, we" of a verb with three root letters.
    if (letters_of(w) == 4)
        for (const std::string_view front : {"ا", "ت", "ي", "ن"})
            if (cut_front(w, front, 3)) break;
    return std::string(w);
}

std::vector<std::string> folded_list(std::string_view text) {
    std::vector<std::string> out;
    for (auto& w : fold_words(text)) out.push_back(std::move(w.folded));
    return out;
}

std::string key_of(const std::vector<std::string>& stems, std::size_t from, std::size_t count) {
    std::string key;
    for (std::size_t i = from; i < from + count; ++i) key += (i == from ? "" : " ") + stems[i];
    return key;
}

// Built once, then only read.
struct word_data {
    std::unordered_set<std::string> fillers;             // folded words
    std::unordered_map<std::string, std::string> groups; // stems, separated by spaces -> "#refund"
    std::vector<std::pair<std::string, std::string>> single;

    word_data() {
        for (const auto list : {english_fillers(), arabic_fillers()})
            for (auto& w : folded_list(list)) fillers.insert(std::move(w));
        for (const auto g : english_synonyms()) add_group(g);
        for (const auto g : arabic_synonyms()) add_group(g);
        for (const auto& [stems, group] : groups)
            if (stems.find(' ') == std::string::npos) single.emplace_back(stems, group);
    }

    void add_group(std::string_view group) {
        const auto colon = group.find(':');
        const std::string name = "#" + std::string(group.substr(0, colon));
        group.remove_prefix(colon + 1);
        while (!group.empty()) {
            const auto comma = group.find(',');
            std::vector<std::string> stems;
            for (const auto& w : folded_list(group.substr(0, comma))) stems.push_back(stem(w));
            if (!stems.empty() && stems.size() <= longest_phrase)
                groups.emplace(key_of(stems, 0, stems.size()), name);
            group = comma == std::string_view::npos ? std::string_view{} : group.substr(comma + 1);
        }
    }
};

const word_data& words() {
    static const word_data data;
    return data;
}

} // namespace

std::string stem(std::string_view folded) {
    if (folded.empty()) return {};
    if (is_arabic(folded)) return all_arabic(folded) ? arabic_stem(folded) : std::string(folded);
    return english_stem(folded);
}

std::vector<std::string> without_particles(std::string_view folded) {
    std::vector<std::string> out;
    if (folded.empty() || !all_arabic(folded)) return out;
    for (const std::string_view front :
         {"ولل", "وب", "ول", "ب",  "ل",  "ك",  "ف",  "و",  "س",  "ه",  "ح",  "ت",
          "ي",   "ن",  "ا",  "بي", "هي", "حي", "بت", "هت", "حت", "بن", "من", "ما"}) {
        std::string_view w = folded;
        if (!cut_front(w, front, 3)) continue;
        auto made = stem(w);
        const auto group = words().groups.find(made);
        if (group != words().groups.end()) made = group->second;
        if (std::find(out.begin(), out.end(), made) == out.end()) out.push_back(std::move(made));
    }
    return out;
}

const std::vector<std::pair<std::string, std::string>>& grouped_words() { return words().single; }

std::vector<term> read_terms(std::string_view text, std::size_t most) {
    const auto& data = words();
    std::vector<std::string> folded;
    std::vector<std::string> stems;
    for (auto& w : fold_words(text)) {
        if (folded.size() >= most) break;
        if (w.folded.size() > 80) continue; // no word of any language: a code, a link
        stems.push_back(stem(w.folded));
        folded.push_back(std::move(w.folded));
    }
    std::vector<term> out;
    for (std::size_t i = 0; i < stems.size();) {
        std::size_t taken = 0;
        for (std::size_t n = std::min(longest_phrase, stems.size() - i); n >= 1 && taken == 0; --n) {
            if (n == 1 && data.fillers.contains(folded[i])) break;
            const auto group = data.groups.find(key_of(stems, i, n));
            if (group == data.groups.end()) continue;
            out.push_back({group->second, false, n == 1 ? folded[i] : std::string{}});
            taken = n;
        }
        if (taken == 0) {
            out.push_back({stems[i], data.fillers.contains(folded[i]), folded[i]});
            taken = 1;
        }
        i += taken;
    }
    return out;
}

} // namespace chat_centre::knowledge
