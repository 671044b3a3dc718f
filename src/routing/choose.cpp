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

wording language_name(std::string_view tag) {
    if (primary(tag) == "ar") return {"Arabic", "العربية"};
    if (primary(tag) == "en") return {"English", "الإنجليزية"};
    return {std::string(tag), std::string(tag)};
}

// What set them apart from the next best. `second` is nullptr when nobody else could have it.
wording difference(const candidate& c, const candidate* second, const need& wanted) {
    if (second == nullptr) return {" is the only one who is free for it", " هو المتاح الوحيد لها"};
    if (wanted.how == method::round_robin) return {" is next in turn", " صاحب الدور"};
    const auto load = std::to_string(c.load + c.tickets);
    if (score_of(c, wanted.how) < score_of(*second, wanted.how))
        return {" has the least to do (" + load + ")", " لديه أقل قدر من العمل (" + load + ")"};
    if (level_of(c, wanted) > level_of(*second, wanted))
        return {" has no more to do than others (" + load + ") and is the most skilled",
                " لديه ما لدى غيره (" + load + ") وهو الأكثر مهارة"};
    return {" has no more to do than others (" + load + ") and has been idle longest",
            " لديه ما لدى غيره (" + load + ") وهو الأطول انتظارًا"};
}

// One sentence: what decided, what the conversation needed and they have, and why it was served now.
wording praise(const candidate& c, const candidate* second, const need& wanted) {
    auto [en, ar] = difference(c, second, wanted);
    en.insert(0, c.name);
    ar.insert(0, c.name);
    if (!wanted.language.empty() && wanted.language != "mixed" && !c.languages.empty()) {
        const auto language = language_name(wanted.language);
        en += ", speaks " + language.en;
        ar += "، ويتحدث " + language.ar;
    }
    for (const auto& skill : wanted.skills) {
        en += ", has the skill " + skill;
        ar += "، ولديه مهارة " + skill;
    }
    if (wanted.vip) {
        en += "; a VIP is served first";
        ar += "؛ وكبار العملاء يُخدمون أولًا";
    }
    return {std::move(en), std::move(ar)};
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
    const candidate* second = nullptr;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& c = candidates[i];
        const auto fault = obstacle(c, wanted);
        anybody_passed = anybody_passed ||
                         std::find(wanted.passed.begin(), wanted.passed.end(), c.id) != wanted.passed.end();
        out.candidates.push_back({c.id, c.name, !fault, fault.value_or(wording{"free", "متاح"}), c.load,
                                  c.idle_seconds, score_of(c, wanted.how)});
        if (fault) continue;
        if (!out.chosen || rank(c, wanted) < rank(candidates[*out.chosen], wanted)) {
            if (out.chosen) second = &candidates[*out.chosen];
            out.chosen = i;
        } else if (second == nullptr || rank(c, wanted) < rank(*second, wanted)) {
            second = &c;
        }
    }
    if (out.chosen)
        out.reason = praise(candidates[*out.chosen], second, wanted);
    else if (candidates.empty())
        out.reason = {"the department has nobody", "لا يوجد أحد في القسم"};
    else if (anybody_passed)
        out.reason = {"nobody accepted it, and nobody else is free", "لم يقبلها أحد ولا يوجد شخص آخر متاح"};
    else
        out.reason = {"nobody is free", "لا يوجد أحد متاح"};
    return out;
}

} // namespace chat_centre::routing
