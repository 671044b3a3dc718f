#include <chat_centre/learning/mining.hpp>

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/likeness.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::learning {
namespace {

constexpr std::size_t shortest_question = 12; // bytes
constexpr std::size_t longest_question = 400;
constexpr std::size_t shortest_answer = 40;
constexpr std::size_t longest_answer = 3000;

bool names_somebody(const std::string& text) {
    constexpr std::array<std::string_view, 6> marks{"[customer]", "[staff]",  "[e-mail]",
                                                    "[phone]",    "[number]", "[link]"};
    return std::any_of(marks.begin(), marks.end(),
                       [&text](std::string_view m) { return text.find(m) != std::string::npos; });
}

bool is_question(const std::string& text) {
    if (text.size() < shortest_question || text.size() > longest_question || names_somebody(text))
        return false;
    if (std::count(text.begin(), text.end(), ' ') < 2) return false;
    if (text.find('?') != std::string::npos || text.find("؟") != std::string::npos) return true;
    const auto wanted = analysis::intent_of(text);
    return wanted.label == "question" && wanted.confidence >= 0.6;
}

bool pleased(const std::string& text) { return analysis::mood_of(text).label != "negative"; }

} // namespace

std::optional<question_and_answer> find_question(const std::vector<line>& lines, std::optional<int> rating) {
    constexpr int good = 4;
    if (rating && *rating < good) return std::nullopt;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].role != "user" || !is_question(lines[i].text)) continue;
        // The colleague's answer comes before the customer says more. What the assistant said in between did not help.
        std::size_t answer = i + 1;
        while (answer < lines.size() && lines[answer].role != "staff" && lines[answer].role != "user")
            ++answer;
        if (answer == lines.size() || lines[answer].role != "staff") continue;
        const auto& text = lines[answer].text;
        if (text.size() < shortest_answer || text.size() > longest_answer || names_somebody(text) ||
            text.ends_with('?'))
            continue;
        const auto next = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(answer), lines.end(),
                                       [](const line& l) { return l.role == "user"; });
        if (next != lines.end() && !pleased(next->text)) continue;
        return question_and_answer{lines[i].text, text};
    }
    return std::nullopt;
}

std::optional<std::size_t> same_question(const std::string& question, const std::vector<std::string>& known) {
    constexpr double alike = 0.55;
    const auto asked = analysis::sketch_of(question);
    std::optional<std::size_t> best;
    double most = alike;
    for (std::size_t i = 0; i < known.size(); ++i) {
        const double like = analysis::likeness(asked, analysis::sketch_of(known[i]));
        if (like < most) continue;
        most = like;
        best = i;
    }
    return best;
}

} // namespace chat_centre::learning
