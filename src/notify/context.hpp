#pragma once
// What every part of this folder works with. Complete once the service has
// started, and unchanged from then on.

#include "notify/mime.hpp"
#include "notify/smtp.hpp"
#include "notify/wording.hpp"
#include <chat_centre/base/secret_box.hpp>

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/http/outbound.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace chat_centre::notify {

struct context {
    db::pool& pool;
    const clock_source& clock;
    secret_box box;
    http::outbound_rules rules;
    smtp_settings smtp;
    mailbox from; // of mails, when smtp is configured
    std::optional<mailbox> reply_to;
    house own;
    std::string time_zone;
    std::chrono::minutes escalation{10}; // until an urgent notice that nobody acknowledged goes a step up
};

// What secrets are sealed for.
inline constexpr const char* webhook_purpose = "webhook secret";
inline constexpr const char* integration_purpose = "integration url";
inline constexpr const char* mail_purpose = "mail text";

} // namespace chat_centre::notify
