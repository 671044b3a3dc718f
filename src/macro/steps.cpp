#include "macro/steps.hpp"

#include <chat_centre/conversation/staff_actions.hpp>

#include <algorithm>

namespace chat_centre::detail {

void field_codec<macro::macro_step>::read(const json& j, macro::macro_step& out, const std::string& name,
                                          field_errors& bad) {
    if (!j.is_object()) return bad.push_back({name, "must be an object with do and value"});
    for (const auto& [key, value] : j.items())
        if (key != "do" && key != "value") bad.push_back({name + "." + key, "is not a known field"});
    choice<macro::step_kinds> what;
    field_codec<choice<macro::step_kinds>>::read(j.value("do", json()), what, name + ".do", bad);
    text<0, 8000> value;
    field_codec<text<0, 8000>>::read(j.value("value", json()), value, name + ".value", bad);
    out = {what.value, value.value};
}

json field_codec<macro::macro_step>::schema() {
    return {{"type", "object"},
            {"properties",
             {{"do", field_codec<choice<macro::step_kinds>>::schema()},
              {"value", field_codec<text<0, 8000>>::schema()}}},
            {"required", json::array({"do", "value"})}};
}

} // namespace chat_centre::detail

namespace chat_centre::macro {

using conversation::staff_act;

std::optional<staff_act> act_of(std::string_view what) {
    constexpr std::pair<std::string_view, staff_act> acts[] = {
        {"tag", staff_act::tag},           {"untag", staff_act::untag},
        {"assign", staff_act::assign},     {"department", staff_act::department},
        {"priority", staff_act::priority}, {"status", staff_act::status},
        {"category", staff_act::category}};
    for (const auto& [name, act] : acts)
        if (name == what) return act;
    return std::nullopt;
}

bool changes_standing(std::string_view what) {
    return what == "assign" || what == "department" || what == "status";
}

std::optional<std::string> template_named(const macro_step& s) {
    if (s.what != "send" || !s.value.starts_with(template_prefix)) return std::nullopt;
    return s.value.substr(template_prefix.size());
}

void check_steps(const std::vector<macro_step>& steps) {
    constexpr std::size_t most = 20;
    if (steps.empty() || steps.size() > most) throw error::unprocessable("steps", "must have 1 to 20 steps");
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string field = "steps[" + std::to_string(i) + "].value";
        if (const auto act = act_of(steps[i].what))
            conversation::check_act(*act, steps[i].value, field);
        else if (is_blank(steps[i].value))
            throw error::unprocessable(field, "must not be empty");
        // After this nothing can be done to the conversation any more.
        if (i + 1 < steps.size() && steps[i].what == "status" && steps[i].value == "closed")
            throw error::unprocessable(field, "closing must be the last step");
    }
}

std::vector<std::vector<std::size_t>> segments_of(const std::vector<macro_step>& steps) {
    std::vector<std::vector<std::size_t>> out;
    bool open = false; // may the next step join the last segment?
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const bool sends = steps[i].what == "send";
        if (sends || !open) out.emplace_back();
        out.back().push_back(i);
        open = !sends;
    }
    return out;
}

} // namespace chat_centre::macro
