#include "app/convai_wiring.hpp"

#include <chat_centre/http/outbound.hpp>

namespace chat_centre::app {
namespace {

// Relay mode: theirs speaks when the set-up says so, or when a page asks for it and there is one.
std::optional<channel::convai_agent> agent_of(const channel::elevenlabs_setup& e,
                                              const http::outbound_rules& rules, bool asked) {
    if (e.api_key.empty() || e.agent_id.empty() || (!asked && e.mode != "relay")) return std::nullopt;
    return channel::convai_agent{e.api_url, e.api_key, e.agent_id, rules};
}

} // namespace

channel::convai_settings convai_settings_of(const config::settings& s, const auth::live_directory& directory,
                                            channel::elevenlabs_desk& desk) {
    channel::convai_settings out;
    out.assistant_name = s.assistant_name;
    out.public_url = s.public_url;
    out.origins = [&desk] { return desk.setup()->allowed_origins; }; // the environment's are among them
    out.ticket_required = s.convai_token_required;
    out.waiting_notice = std::chrono::seconds(s.convai_waiting_notice);
    out.staff_names = s.convai_staff_names;
    out.rate_scale = s.rate_limit_scale;
    out.rate_limits = s.rate_limits;
    out.sign = [&directory](std::string_view prefix, std::string_view text) {
        return directory.sign_text(prefix, text);
    };
    out.read_signed = [&directory](std::string_view prefix, std::string_view token) {
        return directory.signed_text(prefix, token);
    };
    http::outbound_rules rules;
    rules.allow = s.outbound_allow;
    out.agent = [&desk, rules](bool asked) { return agent_of(*desk.setup(), rules, asked); };
    out.note = [&desk](const std::string& part, const std::string& detail) { desk.uses.note(part, detail); };
    return out;
}

} // namespace chat_centre::app
