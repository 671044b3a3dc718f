#pragma once
// Who a customer is, said by the site that knows them: carried by their page as a signed text.

#include <chat_centre/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::channel {

inline constexpr std::string_view convai_ticket_prefix = "cvt_";

struct convai_visitor {
    std::string user_id; // "": nobody has vouched for them
    std::string user_name, user_email, user_phone, language, scenario;
    time_point expires{}; // a session may begin until then, and go on afterwards
};

std::string to_ticket_text(const convai_visitor& v);
// nullopt when it is not such a text, or its time is over.
std::optional<convai_visitor> from_ticket_text(std::string_view text, time_point now);

// Is an id that a page names a secret by itself, so that whoever names it is the one it was made for? A random UUID is;
// the widget's own default, a fingerprint of the browser, is not: equal devices have equal ones.
bool is_unguessable(std::string_view user_id);

} // namespace chat_centre::channel
