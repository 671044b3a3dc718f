// What every feature is given: its routes, and what one needs of another.

#include "app/convai_wiring.hpp"
#include "app/learning_wiring.hpp"
#include "app/metrics.hpp"
#include "app/server_app.hpp"
#include "app/understanding.hpp"

#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/routing/subjects.hpp>

namespace chat_centre::app {

features server_app::make_features() {
    const auto online = [this](std::int64_t s) { return hub_.online(s); };
    const macro::company_names company{settings_.company_name, settings_.company_name_en};
    channel::widget_settings widget;
    widget.public_url = settings_.public_url;
    widget.make_token = [this](std::int64_t id) { return directory_.conversation_token(id); };
    widget.greeting = [this](std::string_view language, std::string_view scenario) {
        return assistant_.greeting(language, scenario);
    };
    return {
        system_routes({[this] { return ready(); },
                       [this] {
                           return metrics_text(http_->count(), lane_.count(), hub_.count(), pool_, relay_) +
                                  models_.metrics() + assistant_.metrics();
                       },
                       [this]() -> const std::string& { return openapi_; }}),
        analysis::routes(pool_, customer_judge(settings_), routing::subjects),
        auth::routes(sign_in_, settings_.cookie_secure),
        auth::api_key_routes(pool_, directory_, clock_),
        staff::routes({pool_, directory_, passwords_, sign_in_, clock_, online}),
        staff::department_routes(pool_, clock_),
        audit::routes(pool_),
        conversation::routes(surroundings_),
        channel::sync_routes(surroundings_, {settings_.assistant_name, settings_.time_zone},
                             elevenlabs_.desk()),
        channel::widget_routes(surroundings_, std::move(widget)),
        channel::convai_routes(clock_, convai_settings_of(settings_, directory_, elevenlabs_.desk())),
        channel::incoming_routes(channels_.context()),
        channel::bot_routes(channels_.context()),
        channel::channel_routes(channels_.context()),
        channel::delivery_routes(channels_.context()),
        assistant_.routes(),
        contact::routes(pool_, clock_, settings_.default_country,
                        [](db::tx& t, const std::vector<std::int64_t>& conversations,
                           const std::vector<std::string>& tickets, time_point now,
                           std::vector<event::entry>& events) {
                            conversation::announce(t, conversations, now, events);
                            ticket::announce(t, tickets, now, events);
                        }),
        contact::work_routes(pool_, clock_, settings_.time_zone),
        routing::routes(pool_, clock_, message_screen_, text_judges()),
        notify::own_routes(notify_),
        notify::webhook_routes(notify_),
        notify::outgoing_routes(notify_),
        ticket::routes(tickets_.surroundings()),
        ticket::portal_routes(tickets_.surroundings()),
        sla::routes(pool_, clock_),
        macro::template_routes(surroundings_, company),
        macro::macro_routes(surroundings_, company),
        quality::review_routes(surroundings_),
        quality::supervision_routes(surroundings_, silent_),
        learning::routes(surroundings_, anonymiser(), draft_maker()),
        search::routes(surroundings_),
        search::export_routes(surroundings_),
        intake_.routes(),
        intake_.prompts(),
        knowledge::article_routes(surroundings_, knowledge_.library()),
        knowledge::upkeep_routes(surroundings_),
        knowledge::help_routes(surroundings_, knowledge_.library(),
                               {settings_.company_name_en, settings_.company_name}),
        channel::elevenlabs_webhook(elevenlabs_.context()),
        channel::custom_llm(elevenlabs_.context()),
        channel::elevenlabs_tools(elevenlabs_.context(), outbound_rules_of(settings_)),
        channel::elevenlabs_settings_routes(elevenlabs_.context(), outbound_rules_of(settings_)),
    };
}

conversation::surroundings server_app::conversation_surroundings() {
    return {pool_,
            relay_,
            lane_,
            clock_,
            settings_.time_zone,
            [this](std::int64_t id) {
                std::vector<conversation::viewer> out;
                for (const auto& p : hub_.viewers(id))
                    if (!silent_.contains(id, p.staff)) out.push_back({p.staff, p.name, p.writing});
                return out;
            },
            [this](std::int64_t id) { return hub_.online(id); },
            message_judge(settings_),
            [this](std::string_view text, std::string_view channel) {
                return message_screen_.concerns(text, channel);
            },
            [this](db::tx& t, const conversation::row& row, int place) -> std::optional<int> {
                const auto each = routing::seconds_per_place(t, row.department, clock_.now());
                if (!each) return std::nullopt;
                return routing::estimated_wait_seconds(*each, place);
            },
            quality::joined_with,
            &replies_,
            &intake::service::leads};
}

} // namespace chat_centre::app
