// Rules as JSON: what the editor sends, what is stored, and the trace.

#include "routing/conditions.hpp"

#include <chat_centre/base/ids.hpp>

#include <algorithm>
#include <array>

namespace chat_centre::routing {
namespace {

constexpr std::array<std::string_view, 7> all_events{"new",    "message", "handover", "transfer",
                                                     "reopen", "resolve", "time"};
constexpr std::array<std::string_view, 8> all_verbs{"department", "priority",      "category",  "tag",
                                                    "require",    "create_ticket", "hand_over", "notify"};
constexpr std::size_t most_conditions = 50, most_actions = 20, most_words = 300, longest_text = 500;

using faults = std::vector<field_error>;

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& names) {
    std::string out = "must be one of ";
    for (std::size_t i = 0; i < N; ++i) out += (i == 0 ? "" : ", ") + std::string(names[i]);
    return out;
}

std::string text_at(const json& j, const char* name) {
    const auto it = j.find(name);
    return it != j.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

void read_events(const json& j, rule& r, faults& bad) {
    const auto it = j.find("events");
    if (it == j.end() || !it->is_array() || it->empty()) {
        bad.push_back({"events", "must be a list of at least one event"});
        return;
    }
    for (std::size_t i = 0; i < it->size(); ++i) {
        const auto& e = (*it)[i];
        if (!e.is_string() || !in(all_events, e.get_ref<const std::string&>()))
            bad.push_back({"events[" + std::to_string(i) + "]", one_of(all_events)});
        else if (std::find(r.events.begin(), r.events.end(), e.get<std::string>()) == r.events.end())
            r.events.push_back(e.get<std::string>());
    }
}

void read_conditions(const json& j, rule& r, faults& bad) {
    const auto it = j.find("conditions");
    if (it == j.end()) return; // none: always
    if (!it->is_array() || it->size() > most_conditions) {
        bad.push_back({"conditions", "must be a list of at most 50 conditions"});
        return;
    }
    for (std::size_t i = 0; i < it->size(); ++i) {
        const auto& e = (*it)[i];
        const auto where = "conditions[" + std::to_string(i) + "]";
        if (!e.is_object()) {
            bad.push_back({where, "must be an object with field, op and value"});
            continue;
        }
        condition c{text_at(e, "field"), text_at(e, "op"), e.value("value", json(nullptr))};
        if (c.value.is_array() && c.value.size() > most_words)
            bad.push_back({where, "must have at most 300 words"});
        else if (const auto fault = fault_of(c))
            bad.push_back({where, *fault});
        r.conditions.push_back(std::move(c));
    }
}

std::optional<std::string> action_fault(const action& a) {
    constexpr std::array<std::string_view, 4> priorities{"emergency", "high", "normal", "low"};
    constexpr std::array<std::string_view, 3> fields{"name", "email", "phone"};
    constexpr std::array<std::string_view, 6> sources{"handover", "complaint", "low_confidence",
                                                      "portal",   "staff",     "api"};
    if (!in(all_verbs, a.verb)) return "do " + one_of(all_verbs);
    if (a.value.empty() || a.value.size() > longest_text) return "value must have 1 to 500 characters";
    if (a.verb == "priority" && !in(priorities, a.value)) return "value " + one_of(priorities);
    if (a.verb == "require" && !in(fields, a.value)) return "value " + one_of(fields);
    if (a.verb == "create_ticket" && !in(sources, a.value)) return "value " + one_of(sources);
    if (a.verb == "tag" && a.value.size() > 40) return "value must have at most 40 characters";
    return std::nullopt;
}

void read_actions(const json& j, rule& r, faults& bad) {
    const auto it = j.find("actions");
    if (it == j.end() || !it->is_array() || it->empty() || it->size() > most_actions) {
        bad.push_back({"actions", "must be a list of 1 to 20 actions"});
        return;
    }
    for (std::size_t i = 0; i < it->size(); ++i) {
        const auto& e = (*it)[i];
        const auto where = "actions[" + std::to_string(i) + "]";
        action a;
        if (e.is_object()) a = {text_at(e, "do"), text_at(e, "value")};
        if (const auto fault = action_fault(a)) bad.push_back({where, *fault});
        r.actions.push_back(std::move(a));
    }
}

json to_json(const condition& c) { return {{"field", c.field}, {"op", c.op}, {"value", c.value}}; }

json to_json(const std::vector<action>& list) {
    json out = json::array();
    for (const auto& a : list) out.push_back({{"do", a.verb}, {"value", a.value}});
    return out;
}

json or_null(const std::optional<std::string>& v) { return v ? json(*v) : json(nullptr); }

} // namespace

rule read_rule(const json& j) {
    if (!j.is_object()) throw error::unprocessable("body", "must be a JSON object");
    rule r;
    faults bad;
    constexpr std::array<std::string_view, 8> known{"name",  "position",   "active",  "events",
                                                    "match", "conditions", "actions", "stop"};
    for (const auto& [key, value] : j.items())
        if (!in(known, key)) bad.push_back({key, "is not a known field"});
    r.name = text_at(j, "name");
    if (r.name.empty() || r.name.size() > 200) bad.push_back({"name", "must have 1 to 200 characters"});
    if (const auto it = j.find("position"); it != j.end() && !it->is_null()) {
        if (!it->is_number_integer() || it->get<std::int64_t>() < 0 || it->get<std::int64_t>() > 1'000'000)
            bad.push_back({"position", "must be a whole number from 0 to 1000000"});
        else
            r.position = it->get<int>();
    }
    for (const auto& [name, target] : {std::pair{"active", &r.active}, std::pair{"stop", &r.stop}})
        if (const auto it = j.find(name); it != j.end()) {
            if (it->is_boolean())
                *target = it->get<bool>();
            else
                bad.push_back({name, "must be true or false"});
        }
    if (const auto it = j.find("match"); it != j.end()) {
        if (*it != "all" && *it != "any") bad.push_back({"match", "must be one of all, any"});
        r.match_all = *it == "all";
    }
    read_events(j, r, bad);
    read_conditions(j, r, bad);
    read_actions(j, r, bad);
    if (!bad.empty()) throw error::unprocessable(std::move(bad));
    return r;
}

json to_json(const rule& r) {
    json conditions = json::array();
    for (const auto& c : r.conditions) conditions.push_back(to_json(c));
    return {{"rule_id", format_id("RULE", r.id)},
            {"name", r.name},
            {"position", r.position},
            {"active", r.active},
            {"events", r.events},
            {"match", r.match_all ? "all" : "any"},
            {"conditions", std::move(conditions)},
            {"actions", to_json(r.actions)},
            {"stop", r.stop}};
}

json to_json(const rule_trace& t) {
    json conditions = json::array();
    for (const auto& c : t.conditions)
        conditions.push_back({{"condition", to_json(c.what)},
                              {"result", c.result},
                              {"because", c.because.en},
                              {"because_ar", c.because.ar}});
    json out = {{"rule", {{"rule_id", format_id("RULE", t.id)}, {"name", t.name}}},
                {"matched", t.matched},
                {"conditions", std::move(conditions)},
                {"actions", to_json(t.actions)}};
    if (!t.note.en.empty()) {
        out["note"] = t.note.en;
        out["note_ar"] = t.note.ar;
    }
    return out;
}

json to_json(const outcome& o) {
    return {{"department", or_null(o.department)},
            {"confidence", o.confidence},
            {"priority", or_null(o.priority)},
            {"category", or_null(o.category)},
            {"tags", o.tags},
            {"required_fields", o.required},
            {"create_ticket", or_null(o.ticket)},
            {"hand_over", or_null(o.hand_over)},
            {"notices", o.notices}};
}

} // namespace chat_centre::routing
