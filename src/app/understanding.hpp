#pragma once
// What the features want to know of a text, answered by folder analysis, which none of them includes.

#include <chat_centre/analysis/analysis.hpp>
#include <chat_centre/assistant/handover.hpp>
#include <chat_centre/config/config.hpp>
#include <chat_centre/routing/routing.hpp>
#include <chat_centre/ticket/service.hpp>

#include <functional>
#include <optional>
#include <string_view>

namespace chat_centre::app {

assistant::handover_settings handover_settings_of(const config::settings& s);
// Would this text of a customer hand a conversation over?
analysis::handover_judge customer_judge(const config::settings& s);
// What the edge makes of a message before it is queued. An emergency is handed over in the transaction that stores it,
// whatever the settings of handover are: nothing else may be said to it first.
std::function<std::optional<conversation::handover_signal>(std::string_view text, conversation::speaker role)> message_judge(
    const config::settings& s);
routing::text_judges text_judges();
ticket::suggestion classify(db::tx& t, std::string_view text);

} // namespace chat_centre::app
