#pragma once
// Reads what WhatsApp gateways of the Baileys family post: document 003's body and its relatives. Pure.
//
//   {"event":"messages.upsert","data":{"messages":[{"key":{"remoteJid","fromMe","id"},"message":{"conversation":"..."}}]}}
//
// `data` may also be one such message, or a list of them; `event` may be written MESSAGES_UPSERT.

#include <chat_centre/channel/heard.hpp>

#include <string>
#include <vector>

namespace chat_centre::channel {

struct whatsapp_batch {
    bool known_event = false; // false: an event of another kind, which is nothing to us
    std::vector<heard> messages;
    int ignored = 0;                 // groups, status broadcasts, reactions, receipts, edits
    std::vector<field_error> unread; // messages that lack what every message has: which, and what
};

// Never throws for what is in the body: a list with one strange entry still has the others.
whatsapp_batch read_whatsapp(const json& body);

// Who a jid is: "26377...@s.whatsapp.net" and "26377...:12@c.us" are "26377...". "" for groups and broadcasts.
std::string person_of(std::string_view jid);

} // namespace chat_centre::channel
