#include "app/understanding.hpp"

#include <chat_centre/routing/subjects.hpp>

namespace chat_centre::app {

assistant::handover_settings handover_settings_of(const config::settings& s) {
    return {s.intent_detection, s.intent_threshold, s.intent_logging};
}

analysis::handover_judge customer_judge(const config::settings& s) {
    return [rule = handover_settings_of(s)](std::string_view text) -> std::optional<analysis::handover> {
        const auto signal = assistant::detect_handover(text, conversation::speaker::user, rule);
        if (!signal) return std::nullopt;
        return analysis::handover{signal->needed, signal->confidence, signal->reason};
    };
}

routing::text_judges text_judges() {
    routing::text_judges j;
    j.sentiment = [](std::string_view text) { return analysis::mood_of(text).label; };
    j.severity = [](std::string_view text) {
        return std::string(analysis::to_string(analysis::urgency_of(text).level));
    };
    j.may_be_critical = analysis::may_be_critical;
    return j;
}

ticket::suggestion classify(db::tx& t, std::string_view text) {
    ticket::suggestion s;
    const auto about = routing::subjects(t).find(text);
    if (about.confidence > 0) {
        s.category = about.category;
        s.department = about.department;
    }
    s.priority = std::string(analysis::priority_of(analysis::urgency_of(text)));
    return s;
}

} // namespace chat_centre::app
