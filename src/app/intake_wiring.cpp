#include "app/intake_wiring.hpp"

#include "app/understanding.hpp"

#include <chat_centre/routing/subjects.hpp>

namespace chat_centre::app {
namespace {

constexpr double worth_saying = 0.6;      // of an article's score
constexpr double close_by = 0.08;         // scores that do not tell two articles apart
constexpr double sure_all_the_same = 0.9; // however close the second one is
constexpr double asks_outright = 0.8;     // of a handover signal: weaker ones only name a problem

intake::surroundings surroundings_of(const intake_wiring::parts& p) {
    const auto& s = p.settings;
    intake::settings rules;
    rules.max_retries = s.ivr_max_retries;
    rules.default_country = s.default_country;
    rules.email_required = s.ivr_email_required;
    return {p.pool,
            p.chats,
            p.tickets,
            p.clock,
            s.company_name_en,
            s.company_name,
            s.assistant_name,
            s.call_center_mode,
            std::move(rules),
            std::chrono::seconds(s.ivr_timeout_seconds),
            {!s.overrides.avatar_display, !s.overrides.face_recognition, !s.overrides.visual_context,
             !s.overrides.tavus_avatar},
            [](db::tx& t, std::string_view text) { return routing::subjects(t).find(text); },
            [rule = handover_settings_of(s)](std::string_view text) {
                const auto signal = assistant::detect_handover(text, conversation::speaker::user, rule);
                return signal && signal->needed && signal->confidence >= asks_outright &&
                       signal->model == "patterns";
            },
            [&library = p.library](std::string_view text,
                                   std::string_view language) -> std::optional<std::string> {
                const auto hits =
                    library.articles().find({std::string(text), std::string(language), "", 2, false});
                if (hits.empty() || hits.front().score < worth_saying) return std::nullopt;
                // Two that the words do not tell apart: rather a person than the wrong one of them.
                const bool alike = hits.size() > 1 && hits[0].score - hits[1].score < close_by;
                if (alike && hits.front().score < sure_all_the_same) return std::nullopt;
                return hits.front().passage;
            },
            p.make_token};
}

} // namespace

intake_wiring::intake_wiring(parts p)
    : service_(surroundings_of(p)), public_url_(p.settings.public_url),
      moves_(p.database, "intake", {"conversation.moved"},
             [this](db::tx& t, const std::vector<event::entry>& events) { service_.follow(t, events); }) {
    service_.handle_jobs(p.runner);
}

std::optional<assistant::guided_reply> intake_wiring::guide(db::tx& t, const assistant::call& c) {
    auto said =
        service_.guide(t, {c.conversation, c.seq, c.channel, c.text, c.language, c.role && c.role->intake});
    if (!said) return std::nullopt;
    return assistant::guided_reply{std::move(said->text), std::move(said->metadata)};
}

} // namespace chat_centre::app
