#pragma once
// Every route table of the program, in one place.

#include "app/system_routes.hpp"

#include <chat_centre/analysis/routes.hpp>
#include <chat_centre/assistant/scenario_routes.hpp>
#include <chat_centre/audit/routes.hpp>
#include <chat_centre/auth/routes.hpp>
#include <chat_centre/channel/bot_routes.hpp>
#include <chat_centre/channel/channel_routes.hpp>
#include <chat_centre/channel/convai.hpp>
#include <chat_centre/channel/custom_llm.hpp>
#include <chat_centre/channel/elevenlabs.hpp>
#include <chat_centre/channel/elevenlabs_settings.hpp>
#include <chat_centre/channel/elevenlabs_tools.hpp>
#include <chat_centre/channel/incoming_routes.hpp>
#include <chat_centre/channel/sync.hpp>
#include <chat_centre/channel/widget.hpp>
#include <chat_centre/contact/routes.hpp>
#include <chat_centre/contact/work_routes.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/intake/prompt_routes.hpp>
#include <chat_centre/intake/routes.hpp>
#include <chat_centre/knowledge/article_routes.hpp>
#include <chat_centre/knowledge/help_routes.hpp>
#include <chat_centre/learning/routes.hpp>
#include <chat_centre/macro/macro_routes.hpp>
#include <chat_centre/macro/template_routes.hpp>
#include <chat_centre/notify/routes.hpp>
#include <chat_centre/quality/routes.hpp>
#include <chat_centre/routing/routes.hpp>
#include <chat_centre/search/export_routes.hpp>
#include <chat_centre/search/routes.hpp>
#include <chat_centre/sla/routes.hpp>
#include <chat_centre/staff/routes.hpp>
#include <chat_centre/ticket/portal_routes.hpp>
#include <chat_centre/ticket/routes.hpp>

namespace chat_centre::app {

struct features {
    system_routes system;
    analysis::routes analysis;
    auth::routes sign_in;
    auth::api_key_routes api_keys;
    staff::routes staff;
    staff::department_routes departments;
    audit::routes audit;
    conversation::routes conversations;
    channel::sync_routes sync;
    channel::widget_routes widget;
    channel::convai_routes convai;
    channel::incoming_routes channels_in;
    channel::bot_routes bot;
    channel::channel_routes channels;
    channel::delivery_routes channels_out;
    assistant::scenario_routes scenarios;
    contact::routes contacts;
    contact::work_routes contact_work;
    routing::routes routing;
    notify::own_routes notifications;
    notify::webhook_routes webhooks;
    notify::outgoing_routes outgoing;
    ticket::routes tickets;
    ticket::portal_routes portal;
    sla::routes service_levels;
    macro::template_routes templates;
    macro::macro_routes macros;
    quality::review_routes reviews;
    quality::supervision_routes supervision;
    learning::routes learning;
    search::routes search;
    search::export_routes exports;
    intake::routes calls;
    intake::prompt_routes prompts;
    knowledge::article_routes articles;
    knowledge::upkeep_routes article_upkeep;
    knowledge::help_routes help;
    channel::elevenlabs_webhook elevenlabs;
    channel::custom_llm custom_llm;
    channel::elevenlabs_tools elevenlabs_tools;
    channel::elevenlabs_settings_routes elevenlabs_settings;
};

// nullptr only describes the rows.
inline void add_routes(http::router& r, features* f) {
    r.add(f != nullptr ? &f->system : nullptr, "system");
    r.add(f != nullptr ? &f->sign_in : nullptr, "sign-in");
    r.add(f != nullptr ? &f->staff : nullptr, "staff");
    r.add(f != nullptr ? &f->departments : nullptr, "departments");
    r.add(f != nullptr ? &f->api_keys : nullptr, "api keys");
    r.add(f != nullptr ? &f->sync : nullptr, "channels");
    r.add(f != nullptr ? &f->widget : nullptr, "channels");
    r.add(f != nullptr ? &f->convai : nullptr, "channels");
    r.add(f != nullptr ? &f->channels_in : nullptr, "channels");
    r.add(f != nullptr ? &f->bot : nullptr, "channels");
    r.add(f != nullptr ? &f->channels : nullptr, "channels");
    r.add(f != nullptr ? &f->channels_out : nullptr, "channels");
    r.add(f != nullptr ? &f->scenarios : nullptr, "assistant");
    r.add(f != nullptr ? &f->conversations : nullptr, "conversations");
    r.add(f != nullptr ? &f->contacts : nullptr, "contacts");
    r.add(f != nullptr ? &f->contact_work : nullptr, "leads, activities and tasks");
    r.add(f != nullptr ? &f->routing : nullptr, "routing");
    r.add(f != nullptr ? &f->tickets : nullptr, "tickets");
    r.add(f != nullptr ? &f->portal : nullptr, "tickets");
    r.add(f != nullptr ? &f->service_levels : nullptr, "service levels");
    r.add(f != nullptr ? &f->search : nullptr, "search");
    r.add(f != nullptr ? &f->exports : nullptr, "export");
    r.add(f != nullptr ? &f->audit : nullptr, "audit");
    r.add(f != nullptr ? &f->analysis : nullptr, "analysis");
    r.add(f != nullptr ? &f->notifications : nullptr, "notifications");
    r.add(f != nullptr ? &f->webhooks : nullptr, "webhooks");
    r.add(f != nullptr ? &f->outgoing : nullptr, "outgoing");
    r.add(f != nullptr ? &f->templates : nullptr, "templates");
    r.add(f != nullptr ? &f->macros : nullptr, "templates");
    r.add(f != nullptr ? &f->reviews : nullptr, "quality");
    r.add(f != nullptr ? &f->supervision : nullptr, "supervision");
    r.add(f != nullptr ? &f->learning : nullptr, "learning");
    r.add(f != nullptr ? &f->calls : nullptr, "guided intake");
    r.add(f != nullptr ? &f->prompts : nullptr, "guided intake");
    r.add(f != nullptr ? &f->articles : nullptr, "knowledge");
    r.add(f != nullptr ? &f->article_upkeep : nullptr, "knowledge");
    r.add(f != nullptr ? &f->help : nullptr, "help centre");
    r.add(f != nullptr ? &f->elevenlabs : nullptr, "ElevenLabs");
    r.add(f != nullptr ? &f->custom_llm : nullptr, "ElevenLabs");
    r.add(f != nullptr ? &f->elevenlabs_tools : nullptr, "ElevenLabs");
    r.add(f != nullptr ? &f->elevenlabs_settings : nullptr, "ElevenLabs");
}

} // namespace chat_centre::app
