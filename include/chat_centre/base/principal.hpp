#pragma once
// Who is calling, and what they may do. The role-to-permission table itself is auth/permissions.cpp.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre {

enum class role : std::uint8_t { agent, engineer, manager, admin };

std::string_view to_string(role r);
bool parse_role(std::string_view text, role& out);

// One bit each. `open` needs no caller at all; `signed_in` is any staff member.
enum class permission : std::uint8_t {
    open,
    signed_in,
    sync_write,            // POST /api/chat/sync and its kin, by API key
    conversation_read,     // staff, or the customer of that conversation
    conversation_write,    // add a message: staff, or the customer of that conversation
    conversation_rate,     // the customer's own rating
    conversation_note,     // internal notes
    conversation_take,     // takeover, hand back, hold, resolve, reopen, assign, edit
    conversation_reassign, // move a conversation that somebody else holds
    queue_read,
    staff_read,
    staff_write,
    department_write,
    api_key_write,
    audit_read,
    events_all, // the "all" topic
    analysis_read,
    ticket_read,
    ticket_comment, // internal notes on tickets
    ticket_write,   // make, answer, and change one's own
    ticket_reassign,
    contact_read,
    contact_write,
    search_read,
    export_data,
    template_read,
    template_write,
    desk_read,  // how departments, queues, rules and clocks are set up, and why something was decided
    desk_write, // and changing it
    webhook_write,
    notification_own,
    supervise, // watch a live conversation, whisper, join
    quality_read,
    quality_write,
    bot_switch,    // the assistant's turn, by telephone number: staff who answer, and keys
    assistant_use, // POST /v1/chat/completions: the assistant speaks through another system
    tool_use,      // tools that another system's assistant calls
    count_
};

// page: a customer's browser with a token for its own messages (auth/page_token.hpp).
enum class caller : std::uint8_t { nobody, staff, customer, api_key, page };

struct principal {
    caller kind = caller::nobody;
    std::int64_t staff = 0; // caller::staff
    chat_centre::role role = chat_centre::role::agent;
    std::vector<std::int64_t> departments; // whose waiting lists an agent sees
    std::string name;
    std::string session; // caller::staff: the sign-in this token belongs to; caller::page: the visit
    std::string user;    // caller::page: the only user it speaks for
    std::int64_t conversation = 0; // caller::customer: the only one they see
    std::int64_t api_key = 0;      // caller::api_key
    int rate_per_second = 0;       // caller::api_key: 0 for no limit but the append lane's backpressure
    std::uint64_t permissions = 0;

    bool may(permission p) const {
        return p == permission::open || (permissions >> static_cast<unsigned>(p) & 1U) != 0;
    }
};

constexpr std::uint64_t bit(permission p) { return std::uint64_t{1} << static_cast<unsigned>(p); }

} // namespace chat_centre
