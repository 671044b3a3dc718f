#include <chat_centre/macro/render.hpp>

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/base/text.hpp>

#include <algorithm>
#include <tuple>

namespace chat_centre::macro {
namespace {

void once(std::vector<std::string>& list, std::string_view name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.emplace_back(name);
}

std::string folded(std::string_view text) {
    const std::string f = fold_text(text); // " words "
    return std::string(trimmed(f));
}

// How well a candidate fits; 0: not at all.
int fit(const candidate& c, const std::string& typed) {
    if (typed.empty()) return 1;
    const std::string shortcut = folded(c.shortcut);
    const std::string name = folded(c.name);
    if (!shortcut.empty() && shortcut == typed) return 100;
    if (!shortcut.empty() && shortcut.starts_with(typed)) return 80;
    if (name == typed) return 75;
    if (name.starts_with(typed)) return 60;
    if (name.find(" " + typed) != std::string::npos) return 50;
    if (fold_text(c.body_en).find(" " + typed) != std::string::npos) return 20;
    if (fold_text(c.body_ar).find(" " + typed) != std::string::npos) return 20;
    // Arabic writes "and", "for" and the article onto the word.
    constexpr std::size_t three_letters = 6;
    const bool arabic = static_cast<unsigned char>(typed.front()) >= 0x80;
    if (arabic && typed.size() >= three_letters && fold_text(c.body_ar).find(typed) != std::string::npos)
        return 10;
    return 0;
}

} // namespace

rendered render(std::string_view body, const variables& values) {
    rendered out;
    while (true) {
        const auto open = body.find("{{");
        const auto close = open == std::string_view::npos ? open : body.find("}}", open);
        if (close == std::string_view::npos) break;
        const auto name = trimmed(body.substr(open + 2, close - open - 2));
        out.text += body.substr(0, open);
        const auto value = values.find(name);
        if (value != values.end() && !value->second.empty()) {
            out.text += value->second;
        } else {
            out.text += body.substr(open, close + 2 - open);
            once(value == values.end() ? out.unknown : out.empty, name);
        }
        body.remove_prefix(close + 2);
    }
    out.text += body;
    return out;
}

std::vector<std::int64_t> suggest(const std::vector<candidate>& all, std::string_view typed,
                                  std::int64_t department, std::size_t most) {
    if (typed.starts_with('/')) typed.remove_prefix(1);
    const std::string wanted = folded(typed);
    if (wanted.empty() && !trimmed(typed).empty()) return {};       // only signs
    using place = std::tuple<int, int, std::int64_t, std::int64_t>; // fit, department, uses, the older one
    std::vector<std::pair<place, std::int64_t>> found;
    for (const auto& c : all) {
        const int how = fit(c, wanted);
        if (how == 0) continue;
        const int ours = c.department == 0 ? 1 : c.department == department ? 2 : 0;
        found.push_back({{how, ours, c.uses, -c.id}, c.id});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::int64_t> out;
    for (const auto& [how, id] : found)
        if (out.size() < most) out.push_back(id);
    return out;
}

std::string_view language_for(std::string_view language, std::string_view last_words) {
    if (language.starts_with("ar")) return "ar";
    if (!language.empty()) return "en";
    return analysis::language_of(last_words) == "ar" ? "ar" : "en";
}

} // namespace chat_centre::macro
