#include "routing/choose.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace chat_centre::routing {
namespace {

std::string_view primary(std::string_view tag) { return tag.substr(0, tag.find('-')); }

bool speaks(const candidate& c, std::string_view language) {
    if (language.empty() || language == "mixed" || c.languages.empty()) return true;
    return std::any_of(c.languages.begin(), c.languages.end(),
                       [&](const auto& own) { return primary(own) == primary(language); });
}

const std::string* missing_skill(const candidate& c, const need& wanted) {
    const auto it = std::find_if(wanted.skills.begin(), wanted.skills.end(),
                                 [&c](const auto& skill) { return !c.skills.contains(skill); });
    return it == wanted.skills.end() ? nullptr : &*it;
}

std::optional<wording> obstacle(const candidate& c, const need& wanted) {
    if (!c.online) return wording{"not online", "غير متصل"};
    if (c.availability != "online") return wording{"is " + c.availability, "ليس متاحًا الآن"};
    if (c.load >= c.capacity) {
        const auto figures = std::to_string(c.load) + "/" + std::to_string(c.capacity);
        return wording{"at capacity " + figures, "بلغ طاقته " + figures};
    }
    if (!speaks(c, wanted.language))
        return wording{"lacks language " + wanted.language, "لا يتحدث اللغة " + wanted.language};
    if (const auto* skill = missing_skill(c, wanted))
        return wording{"lacks skill " + *skill, "تنقصه مهارة " + *skill};
    if (std::find(wanted.passed.begin(), wanted.passed.end(), c.id) != wanted.passed.end())
        return wording{"was offered it before", "عُرضت عليه من قبل"};
    return std::nullopt;
}

double score_of(const candidate& c, method how) {
    if (how == method::round_robin) return c.turn;
    return static_cast<double>(c.load + c.tickets) / std::max(1, c.weight);
}

int level_of(const candidate& c, const need& wanted) {
    int sum = 0;
    for (const auto& skill : wanted.skills)
        if (const auto it = c.skills.find(skill); it != c.skills.end()) sum += it->second;
    return sum;
}

// Less comes first: the method's score, then the more skilled, then whoever has been idle longest.
auto rank(const candidate& c, const need& wanted) {
    return std::tuple(score_of(c, wanted.how), -level_of(c, wanted), -c.idle_seconds, c.id);
}

wording praise(const candidate& c, method how) {
    if (how == method::round_robin) return {c.name + " is next in turn", "الدور على " + c.name};
    const auto load = std::to_string(c.load);
    return {c.name + " has the least to do (" + load + ") and has been idle longest",
            c.name + " لديه أقل عدد من المحادثات (" + load + ") والأطول انتظارًا"};
}

} // namespace

method parse_method(std::string_view stored) {
    if (stored == "round_robin") return method::round_robin;
    if (stored == "least_loaded") return method::least_loaded;
    return method::manual;
}

std::string_view to_string(method m) {
    constexpr std::array<std::string_view, 3> names{"manual", "round_robin", "least_loaded"};
    return names[static_cast<std::size_t>(m)];
}

bool has_room(const candidate& c) { return c.online && c.availability == "online" && c.load < c.capacity; }

choice choose(const std::vector<candidate>& candidates, const need& wanted) {
    choice out;
    out.candidates.reserve(candidates.size());
    bool anybody_passed = false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& c = candidates[i];
        const auto fault = obstacle(c, wanted);
        anybody_passed = anybody_passed ||
                         std::find(wanted.passed.begin(), wanted.passed.end(), c.id) != wanted.passed.end();
        out.candidates.push_back({c.id, c.name, !fault, fault.value_or(wording{"free", "متاح"}), c.load,
                                  c.idle_seconds, score_of(c, wanted.how)});
        if (!fault && (!out.chosen || rank(c, wanted) < rank(candidates[*out.chosen], wanted)))
            out.chosen = i;
    }
    if (out.chosen)
        out.reason = praise(candidates[*out.chosen], wanted.how);
    else if (candidates.empty())
        out.reason = {"the department has nobody", "لا يوجد أحد في القسم"};
    else if (anybody_passed)
        out.reason = {"nobody accepted it, and nobody else is free", "لم يقبلها أحد ولا يوجد شخص آخر متاح"};
    else
        out.reason = {"nobody is free", "لا يوجد أحد متاح"};
    return out;
}

} // namespace chat_centre::routing
