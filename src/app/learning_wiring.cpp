#include "app/learning_wiring.hpp"

#include <chat_centre/knowledge/drafts.hpp>
#include <chat_centre/knowledge/weights.hpp>
#include <chat_centre/quality/anonymise.hpp>

namespace chat_centre::app {

learning::anonymiser anonymiser() {
    return [](std::string_view text, const std::vector<std::string>& customer,
              const std::vector<std::string>& staff) { return quality::anonymise(text, {customer, staff}); };
}

learning::draft_maker draft_maker() {
    return [](db::tx& t, const learning::draft& d, time_point now, std::vector<event::entry>& events) {
        return knowledge::add_draft(t, {d.slug, d.language, d.category, d.question, d.answer, d.staff}, now,
                                    events);
    };
}

void attach_learning(jobs::runner& runner, const clock_source& clock) {
    learning::attach(runner, clock, anonymiser(), knowledge::weigh_soon);
    knowledge::attach_weighing(runner, clock, [](db::tx& t) {
        std::vector<knowledge::vote> out;
        for (auto& v : learning::answer_votes(t, knowledge::most_votes))
            out.push_back(
                {v.article, v.conversation, std::move(v.customer), v.staff, v.good, std::move(v.question)});
        return out;
    });
}

} // namespace chat_centre::app
