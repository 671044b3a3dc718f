#include <chat_centre/intake/flow.hpp>

namespace chat_centre::intake {
namespace {

template <class T>
void read(const json& j, const char* name, T& out) {
    const auto it = j.find(name);
    if (it == j.end()) return;
    if constexpr (std::is_same_v<T, std::string>) {
        if (it->is_string()) out = it->get<std::string>();
    } else if constexpr (std::is_same_v<T, bool>) {
        if (it->is_boolean()) out = it->get<bool>();
    } else {
        if (it->is_number()) out = it->get<T>();
    }
}

} // namespace

json to_json(const state& s) {
    return {{"stage", std::string(to_string(s.at))},
            {"language", s.language},
            {"name", s.name},
            {"phone", s.phone},
            {"email", s.email},
            {"service", s.service},
            {"email_skipped", s.email_skipped},
            {"correcting", s.correcting},
            {"failures", s.failures},
            {"circles", s.circles},
            {"silences", s.silences},
            {"paused", s.paused},
            {"department", s.department},
            {"category", s.category},
            {"confidence", s.confidence},
            {"because", s.because},
            {"complaint", s.complaint},
            {"severity", s.severity},
            {"priority", s.priority},
            {"ticket", s.ticket},
            {"handling", s.handling},
            {"reason", s.reason},
            {"confirmed", s.confirmed}};
}

state state_from(const json& j) {
    state s;
    if (!j.is_object()) return s;
    std::string at;
    read(j, "stage", at);
    s.at = parse_stage(at).value_or(stage::welcome);
    read(j, "language", s.language);
    read(j, "name", s.name);
    read(j, "phone", s.phone);
    read(j, "email", s.email);
    read(j, "service", s.service);
    read(j, "email_skipped", s.email_skipped);
    read(j, "correcting", s.correcting);
    read(j, "failures", s.failures);
    read(j, "circles", s.circles);
    read(j, "silences", s.silences);
    read(j, "paused", s.paused);
    read(j, "department", s.department);
    read(j, "category", s.category);
    read(j, "confidence", s.confidence);
    read(j, "because", s.because);
    read(j, "complaint", s.complaint);
    read(j, "severity", s.severity);
    read(j, "priority", s.priority);
    read(j, "ticket", s.ticket);
    read(j, "handling", s.handling);
    read(j, "reason", s.reason);
    read(j, "confirmed", s.confirmed);
    return s;
}

} // namespace chat_centre::intake
