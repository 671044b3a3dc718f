#pragma once
// Handing a mail to the company's mail server. Blocks: only on the threads for outside effects.

#include <stdexcept>
#include <string>

namespace chat_centre::notify {

struct smtp_settings {
    std::string url; // smtp://host:587 (STARTTLS) or smtps://host; "": no mail
    std::string user;
    std::string password;
    long limit_ms = 20'000; // for the whole conversation

    bool configured() const { return !url.empty(); }
};

// TLS is required unless the mail server is this machine.
bool needs_tls(const std::string& url);

class mail_refused : public std::runtime_error {
public:
    mail_refused(int status_code, const std::string& text) : std::runtime_error(text), status(status_code) {}
    int status; // SMTP's; 0: no answer
    // The server will say the same the next time: no such mailbox (550, 551, 553) or a mail it does not take (552, 554).
    bool for_good() const { return status >= 550 && status <= 554; }
};

// Throws mail_refused. Addresses without names or brackets; mime as made by to_mime().
void send_mail(const smtp_settings& s, const std::string& from, const std::string& to,
               const std::string& mime);

} // namespace chat_centre::notify
