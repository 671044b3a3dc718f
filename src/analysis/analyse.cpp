#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/analysis/models.hpp>
#include <chat_centre/base/email.hpp>

#include <cmath>

namespace chat_centre::analysis {

intent intent_of(std::string_view text) {
    constexpr double unsure = 0.35; // of nine
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
    const auto guess = model_of(task::intent).best(text);
    intent i;
    if (guess.probability >= unsure) i.label = guess.label;
    i.confidence = std::round(guess.probability * 100) / 100;
    return i;
}

result analyse(std::string_view text, std::string_view default_country, const handover_judge& judge,
               const subject_finder& subjects) {
    result r;
    r.language = language_of(text);
    r.wanted = intent_of(text);
    r.sentiment = mood_of(text);
    r.about = subjects.find(text);
    r.how_bad = urgency_of(text);
    r.priority = priority_of(r.how_bad);
    if (judge)
        if (auto said = judge(text)) r.person = std::move(*said);
    if (r.person.reason.empty()) r.person.reason = "Nothing in the text asks for a person.";
    if (r.how_bad.level == severity::critical && !r.person.needed)
        r.person = {true, 1, "This is critical: " + r.how_bad.because};
    if (auto numbers = find_phones(text, default_country); !numbers.empty())
        r.phone = std::move(numbers.front());
    r.emails = find_emails(text);

    const auto explain = [&r](const char* what, const std::string& because) {
        if (!because.empty()) r.reasons.push_back({what, because});
    };
    explain("sentiment", r.sentiment.because);
    explain("department", r.about.because);
    explain("severity", r.how_bad.because);
    explain("handover", r.person.reason);
    return r;
}

} // namespace chat_centre::analysis
