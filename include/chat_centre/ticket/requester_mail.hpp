#pragma once
// Mail to whoever a ticket is for. What it says is decided here; sending it is the outbox's.

#include <chat_centre/db/tx.hpp>

#include <functional>
#include <string>

namespace chat_centre::ticket {

struct requester_mail {
    std::string cause; // one mail for one cause, however often that is handled
    std::string to, name, language;
    std::string subject, text;
};

// How mail to requesters leaves. Without `put` none does.
struct mail_desk {
    std::string company_en, company_ar;
    std::string base_url; // of links: "https://chat.example.org"; "": mails carry none
    // Puts it into the outbox, in the caller's transaction. Database threads.
    std::function<void(db::tx&, const requester_mail&)> put = {};
};

} // namespace chat_centre::ticket
