#include <chat_centre/assistant/scenario.hpp>

#include "assistant/scenario_store.hpp"
#include "assistant/wording.hpp"

#include <chat_centre/event/event.hpp>

namespace chat_centre::assistant {
namespace {

constexpr std::int64_t most_scenarios = 1000;

std::string with_company(std::string greeting_text, std::string_view company) {
    constexpr std::string_view mark = "{company}";
    for (auto at = greeting_text.find(mark); at != std::string::npos;
         at = greeting_text.find(mark, at + company.size()))
        greeting_text.replace(at, mark.size(), company);
    return greeting_text;
}

} // namespace

std::string greeting(const scenario& s, std::string_view language, std::string_view company) {
    const auto spoken = spoken_language(language, s.language);
    const std::string& own = spoken == "ar" ? s.look.greeting_ar : s.look.greeting_en;
    return own.empty() ? say::welcome(spoken, company) : with_company(own, company);
}

void scenario_book::learn(db::tx& t) {
    const auto head = event::head(t);
    auto now = std::make_shared<scenarios>();
    for (auto& s : list_scenarios(t, 0, most_scenarios)) {
        auto kept = std::make_shared<const scenario>(std::move(s));
        now->emplace(kept->slug, kept);
    }
    all_.put(head, std::move(now));
}

std::shared_ptr<const scenario> scenario_book::exactly(std::string_view slug) const {
    const auto all = all_.get();
    const auto it = all->find(slug);
    return it != all->end() && it->second->active ? it->second : nullptr;
}

std::shared_ptr<const scenario> scenario_book::find(std::string_view slug) const {
    if (!slug.empty())
        if (auto s = exactly(slug)) return s;
    if (auto s = exactly(default_)) return s;
    const auto all = all_.get();
    for (const auto& [name, s] : *all)
        if (s->active) return s;
    static const auto built_in = std::make_shared<const scenario>();
    return built_in;
}

std::vector<std::string> scenario_book::prompts() const {
    const auto all = all_.get();
    std::vector<std::string> out;
    for (const auto& [name, s] : *all)
        if (!s->prompt.empty()) out.push_back(s->prompt);
    return out;
}

} // namespace chat_centre::assistant
