#include "intake/view.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/intake/prompts.hpp>
#include <chat_centre/staff/staff.hpp>

#include <algorithm>

namespace chat_centre::intake {
namespace {

std::string text_of(const own_prompts& own, const line& l, const std::string& language) {
    if (const auto it = own.find({l.department, l.key, language}); it != own.end()) return it->second.body;
    const auto* shipped = find_prompt(l.department, l.key);
    if (shipped == nullptr) return {};
    return std::string(language == "ar" ? shipped->ar : shipped->en);
}

std::map<std::string, std::string> values_of(const surroundings& s, const state& st, const line& l,
                                             const std::optional<staff::department>& where,
                                             const std::string& language) {
    const bool arabic = language == "ar";
    std::map<std::string, std::string> v{{"name", st.name},
                                         {"phone", st.phone},
                                         {"email", st.email.empty() && st.email_skipped ? "—" : st.email},
                                         {"service_type", st.service},
                                         {"company", arabic ? s.company_ar : s.company_en},
                                         {"department", where    ? (arabic ? where->name_ar : where->name_en)
                                                        : arabic ? "الاستقبال"
                                                                 : "Reception"},
                                         {"severity", st.severity},
                                         {"priority", st.priority},
                                         {"ticket", st.ticket}};
    for (const auto& [name, value] : l.values) v[name] = value;
    return v;
}

json stages_of(const state& st) {
    json out = json::array();
    for (const auto s : all_stages)
        out.push_back({{"stage", std::string(to_string(s))}, {"status", std::string(progress_of(st, s))}});
    return out;
}

} // namespace

std::vector<std::string> speak(db::tx& t, const surroundings& s, const state& st,
                               const std::vector<line>& lines) {
    std::vector<std::string> out;
    if (lines.empty()) return out;
    const auto own = read_prompts(t);
    const auto where = st.department.empty() ? std::nullopt : staff::department_by_slug(t, st.department);
    for (const auto& l : lines) {
        std::string text;
        for (const std::string language : {"en", "ar"}) {
            if (!st.language.empty() && st.language != language) continue;
            text += (text.empty() ? "" : "\n") +
                    render(text_of(own, l, language), values_of(s, st, l, where, language));
        }
        if (!text.empty()) out.push_back(std::move(text));
    }
    return out;
}

std::string in_one(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& p : parts) out += (out.empty() ? "" : "\n\n") + p;
    return out;
}

json to_json(const call& c, bool for_staff) {
    const state& st = c.state;
    json j = {{"call_id", c.id},
              {"conversation_id", format_id("CONV", c.conversation)},
              {"stage", std::string(to_string(st.at))},
              {"stages", stages_of(st)},
              {"language", st.language.empty() ? json(nullptr) : json(st.language)},
              {"status", c.ended_at  ? "ended"
                         : c.on_hold ? "on_hold"
                         : st.paused ? "paused"
                                     : "active"},
              {"handling", st.handling.empty() ? json(nullptr) : json(st.handling)},
              {"customer",
               {{"name", st.name}, {"phone", st.phone}, {"email", st.email}, {"service_type", st.service}}},
              {"confirmed", st.confirmed},
              {"department", st.department.empty() ? json(nullptr) : json(st.department)},
              {"ticket_id", st.ticket.empty() ? json(nullptr) : json(st.ticket)},
              {"say", c.last_said},
              {"started_at", to_rfc3339(c.started_at)},
              {"updated_at", to_rfc3339(c.updated_at)},
              {"ended_at", c.ended_at ? json(to_rfc3339(*c.ended_at)) : json(nullptr)}};
    if (for_staff) {
        j["routing"] = {{"department", j["department"]},
                        {"category", st.category},
                        {"confidence", st.confidence},
                        {"because", st.because}};
        j["complaint"] = st.complaint;
        j["severity"] = st.severity;
        j["priority"] = st.priority;
        j["retries"] = st.failures;
        j["reason"] = st.reason;
    }
    return j;
}

event::entry update_event(const call& c, const conversation::row& of, time_point now) {
    event::entry e;
    e.type = "intake.update";
    e.at = now;
    e.conversation = c.conversation;
    e.who = event::audience::conversation_public;
    e.now = of.scope();
    e.data = dump(to_json(c, true));
    e.public_data = dump(to_json(c, false));
    return e;
}

} // namespace chat_centre::intake
