#pragma once
// What requesters are told by mail, in English or Arabic. Pure.

#include <chat_centre/ticket/requester_mail.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace chat_centre::ticket {

enum class occasion : std::uint8_t { opened, answered, resolved, closing, closed };

struct news {
    occasion what = occasion::opened;
    std::string ticket; // its id
    std::string name;   // of the requester; "" is greeted without one
    std::string author; // answered: who wrote
    std::string words;  // answered: what
    std::string link;   // "": there is none
};

// language: "ar", anything else is English. Sets subject and text. A mail never repeats what came with the ticket:
// anybody can type somebody else's address into a form, and would have us deliver their words.
requester_mail mail_of(const news& n, const mail_desk& house, std::string_view language);

std::string portal_link(const mail_desk& house, std::string_view token); // "" without a base_url

} // namespace chat_centre::ticket
