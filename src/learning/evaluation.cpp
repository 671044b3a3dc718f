#include <chat_centre/learning/evaluation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace chat_centre::learning {
namespace {

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> out;
    while (true) {
        const auto end = std::min(text.find(by), text.size());
        out.emplace_back(text.substr(0, end));
        if (end == text.size()) return out;
        text.remove_prefix(end + 1);
    }
}

bool contains(const std::vector<std::string>& list, const std::string& what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

std::string change(double now, std::optional<double> before) {
    if (!before) return "";
    const double points = (now - *before) * 100;
    return fmt::format("{:>9.1f} %{:>+9.1f}", *before * 100, points);
}

// How many answers differ, and the first of them.
std::pair<std::size_t, std::string> changes(const evaluation& now, const evaluation& before, std::size_t most) {
    std::size_t changed = 0;
    std::string list;
    for (const auto& [question, slug] : now.outcomes) {
        const auto was = before.outcomes.find(question);
        if (was == before.outcomes.end() || was->second == slug) continue;
        if (++changed <= most)
            list += fmt::format("  {}\n    {} -> {}\n", question,
                                was->second.empty() ? "(no answer)" : was->second,
                                slug.empty() ? "(no answer)" : slug);
    }
    if (changed > most) list += fmt::format("  and {} more\n", changed - most);
    return {changed, std::move(list)};
}

} // namespace

std::vector<asked_question> read_questions(std::string_view tsv) {
    std::vector<asked_question> out;
    int number = 0;
    for (auto& text : split(tsv, '\n')) {
        ++number;
        if (text.ends_with('\r')) text.pop_back();
        if (text.empty() || text.front() == '#') continue;
        const auto field = split(text, '\t');
        if (field.size() < 2 || field.size() > 3 || field[1].empty())
            throw std::runtime_error(
                fmt::format("line {}: a language, a question and slugs are wanted", number));
        asked_question q;
        q.language = field[0];
        q.text = field[1];
        if (field.size() == 3 && !field[2].empty()) {
            q.judged = true;
            if (field[2] != "-")
                for (auto& slug : split(field[2], ' '))
                    if (!slug.empty()) q.right.push_back(std::move(slug));
        }
        out.push_back(std::move(q));
    }
    return out;
}

evaluation evaluate(const std::vector<asked_question>& questions, const find_answer& find, double threshold) {
    evaluation e;
    e.threshold = threshold;
    for (const auto& q : questions) {
        ++e.questions;
        const auto found = find(q);
        const bool says = found && found->score >= threshold;
        e.outcomes[q.text] = says ? found->slug : "";
        if (!says) {
            if (q.judged && !q.right.empty()) ++e.silent;
            continue;
        }
        ++e.answered;
        const bool right = contains(q.right, found->slug);
        if (!q.judged && !right && !contains(q.wrong, found->slug)) continue;
        ++e.judged;
        if (right) ++e.correct;
    }
    return e;
}

std::string report(const evaluation& now, const std::optional<evaluation>& before, std::size_t most) {
    std::string out = fmt::format("{:<34}{:>9}{}\n", "", "now", before ? "     before   points" : "");
    const auto row = [&out](const char* name, const std::string& value, const std::string& rest) {
        out += fmt::format("{:<34}{:>9}{}\n", name, value, rest);
    };
    const auto percent = [](double share) { return fmt::format("{:.1f} %", share * 100); };
    row("questions", std::to_string(now.questions), before ? fmt::format("{:>11}", before->questions) : "");
    row("answered at the threshold", percent(now.answer_rate()),
        change(now.answer_rate(), before ? std::optional(before->answer_rate()) : std::nullopt));
    row("of those that are judged, right", percent(now.precision()),
        change(now.precision(), before ? std::optional(before->precision()) : std::nullopt));
    row("judged answers", std::to_string(now.judged), before ? fmt::format("{:>11}", before->judged) : "");
    row("silent, though an article answers", std::to_string(now.silent), "");
    out += fmt::format("threshold {:.2f}\n", now.threshold);
    if (!before) return out;
    const auto [changed, list] = changes(now, *before, most);
    return out + fmt::format("{} answers changed since then\n", changed) + list;
}

std::string difference(const evaluation& with, const evaluation& without, std::size_t most) {
    const auto [changed, list] = changes(with, without, most);
    if (changed == 0) return "what feedback taught changes none of these answers\n";
    return fmt::format(
               "what feedback taught changes {} answers: answered {:.1f} % with it, {:.1f} % without; of those "
               "that are judged, right {:.1f} % with it, {:.1f} % without\n",
               changed, with.answer_rate() * 100, without.answer_rate() * 100, with.precision() * 100,
               without.precision() * 100) +
           list;
}

} // namespace chat_centre::learning
