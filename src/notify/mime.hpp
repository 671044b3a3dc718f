#pragma once
// A mail as text: headers that survive any language (RFC 2047) and a base64 body. Pure.

#include <chat_centre/base/clock.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::notify {

struct mailbox {
    std::string name;
    std::string address;
};
// "a@b" or "Name <a@b>"; nullopt when there is no address in it that a mail server could take.
std::optional<mailbox> parse_mailbox(std::string_view text);

struct mail {
    mailbox from;
    mailbox to;
    std::optional<mailbox> reply_to;
    std::string message_id; // without brackets: "cc-7f3...@example.org"
    std::string subject;
    std::string text;
    std::string language; // "en" or "ar"
    time_point date{};
};

// Text for a header: as it is when printable ASCII, else encoded words of at most 75 characters that break between
// characters, folded. `used`: characters of the line already taken by the header's name. Line breaks become spaces.
std::string encode_header(std::string_view utf8, std::size_t used);
std::string rfc5322_date(time_point t); // "Fri, 20 Nov 2026 10:00:00 +0000"
std::string to_mime(const mail& m);     // lines end with CRLF

} // namespace chat_centre::notify
