#pragma once
// What is posted to a channel's send address, from a template: JSON in whose texts {{names}} stand for what is sent.
// Filled in after parsing, so that no message can break out of its place. Pure.

#include <chat_centre/base/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::channel {

// text, to (who they are on the channel), number (digits of the telephone number, else `to`), name, sender, role,
// message_id, conversation_id, session.
using reply_values = std::map<std::string, std::string, std::less<>>;

// What is wrong with a template; nullopt: nothing. form: it must be one flat object.
std::optional<std::string> template_fault(std::string_view text, bool form);
// Throws std::exception for a template that template_fault would refuse.
std::string fill_template(std::string_view text, bool form, const reply_values& values);

inline constexpr std::string_view default_template = R"({"number":"{{number}}","text":"{{text}}"})";

// The id that the other side gave to what it was sent, wherever gateways put it in their answer; "" when it is not there.
std::string external_id_in(std::string_view answer);

} // namespace chat_centre::channel
