#include "app/understanding.hpp"

#include <chat_centre/base/text.hpp>
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

std::function<std::optional<conversation::handover_signal>(std::string_view text, conversation::speaker role)> message_judge(
    const config::settings& s) {
    return [rule = handover_settings_of(s)](
               std::string_view text,
               conversation::speaker role) -> std::optional<conversation::handover_signal> {
        auto signal = assistant::detect_handover(text, role, rule);
        if (role != conversation::speaker::user || !analysis::may_be_critical(text, fold_text(text)))
            return signal;
        const auto u = analysis::urgency_of(text);
        if (u.level != analysis::severity::critical) return signal;
        conversation::handover_signal emergency;
        emergency.reason = "Emergency: " + u.because;
        emergency.emergency = true;
        emergency.logged = rule.logging;
        return emergency;
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
