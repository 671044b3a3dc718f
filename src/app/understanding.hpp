#pragma once
// What the features want to know of a text, answered by folder analysis, which none of them includes.

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/routing/routing.hpp>
#include <chat_centre/ticket/service.hpp>

namespace chat_centre::app {

assistant::handover_settings handover_settings_of(const config::settings& s);
// Would this text of a customer hand a conversation over?
analysis::handover_judge customer_judge(const config::settings& s);
routing::text_judges text_judges();
ticket::suggestion classify(db::tx& t, std::string_view text);

} // namespace chat_centre::app
