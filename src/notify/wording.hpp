#pragma once
// A notice as mail text, Slack message and Teams card, and the notices this folder makes itself. Pure.

#include <chat_centre/event/notice.hpp>

#include <string>
#include <string_view>

namespace chat_centre::notify {

struct house {
    std::string company_en, company_ar;
    std::string public_url; // "": links are left out
};

std::string link_to(const house& h, std::int64_t conversation, std::string_view ticket);

struct letter {
    std::string subject;
    std::string text;
};
// In the reader's language: "ar", anything else is English.
letter mail_of(const event::notice& n, const house& h, std::string_view language, std::string_view reader);
letter test_mail(const house& h, std::string_view language);

std::string slack_json(const event::notice& n, const house& h);
std::string teams_json(const event::notice& n, const house& h);

event::notice waiting_notice(std::int64_t conversation, std::string_view customer, std::string_view priority);
event::notice passed_notice(std::int64_t conversation, std::string_view customer, std::string_view priority);
event::notice webhook_disabled_notice(std::string_view host, std::string_view reason);
event::notice test_notice();

} // namespace chat_centre::notify
