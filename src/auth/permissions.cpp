#include <chat_centre/auth/auth.hpp>

#include <array>

namespace chat_centre::auth {
namespace {

constexpr auto count = static_cast<std::size_t>(permission::count_);

constexpr std::array<std::string_view, count> names{
    "open",
    "signed_in",
    "sync.write",
    "conversation.read",
    "conversation.write",
    "conversation.rate",
    "conversation.note",
    "conversation.take",
    "conversation.reassign",
    "queue.read",
    "staff.read",
    "staff.write",
    "department.write",
    "api_key.write",
    "audit.read",
    "events.all",
    "analysis.read",
    "ticket.read",
    "ticket.comment",
    "ticket.write",
    "ticket.reassign",
    "contact.read",
    "contact.write",
    "search.read",
    "export.data",
    "template.read",
    "template.write",
    "desk.read",
    "desk.write",
    "webhook.write",
    "notification.own",
    "supervise",
    "quality.read",
    "quality.write",
    "bot.switch",
    "assistant.use",
    "tool.use",
};

template <class... P>
constexpr std::uint64_t all_of(P... p) {
    return (bit(p) | ...);
}

using enum permission;

// Everybody on our side may look, and write notes for colleagues.
constexpr std::uint64_t everybody =
    all_of(signed_in, conversation_read, conversation_note, queue_read, staff_read, analysis_read,
           ticket_read, ticket_comment, contact_read, search_read, template_read, desk_read, notification_own);
constexpr std::uint64_t agent =
    everybody | all_of(conversation_write, conversation_take, ticket_write, contact_write, bot_switch);
constexpr std::uint64_t engineer = everybody; // comments on what was escalated, never speaks to the customer
constexpr std::uint64_t manager =
    agent | all_of(conversation_reassign, events_all, ticket_reassign, template_write, supervise,
                   quality_read, quality_write, desk_write, department_write,
                   staff_write); // but not of admins: staff::allow_account
// The documents give admins configuration and export; they also read and reply, because in a small centre the admin
// is one of the staff. Rating is the customer's own.
constexpr std::uint64_t admin = manager | all_of(sync_write, api_key_write, audit_read, export_data,
                                                 webhook_write, assistant_use, tool_use);

} // namespace

std::uint64_t permissions_of(role r) {
    switch (r) {
    case role::agent: return agent;
    case role::engineer: return engineer;
    case role::manager: return manager;
    case role::admin: return admin;
    }
    return 0;
}

std::uint64_t permissions_of_customer() {
    return all_of(conversation_read, conversation_write, conversation_rate);
}

std::uint64_t permissions_of_api_key(std::string_view scope) {
    if (scope == "sync") return all_of(sync_write, bot_switch);
    if (scope == "assistant") return bit(assistant_use);
    if (scope == "tools") return bit(tool_use);
    return 0; // a scope of a newer version
}

std::uint64_t permissions_of_page() { return bit(sync_write); }

std::string_view to_string(permission p) {
    const auto index = static_cast<std::size_t>(p);
    return index < names.size() ? names[index] : std::string_view{};
}

std::vector<std::string> permission_names(std::uint64_t mask) {
    std::vector<std::string> out;
    for (std::size_t i = 1; i < count; ++i) // `open` is no right of anybody
        if ((mask >> i & 1U) != 0) out.emplace_back(names[i]);
    return out;
}

} // namespace chat_centre::auth
