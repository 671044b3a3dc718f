#include "app/convai_wiring.hpp"

namespace chat_centre::app {

channel::convai_settings convai_settings_of(const config::settings& s, const auth::live_directory& directory) {
    channel::convai_settings out;
    out.assistant_name = s.assistant_name;
    out.public_url = s.public_url;
    out.origins = s.widget_origins;
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
    return out;
}

} // namespace chat_centre::app
