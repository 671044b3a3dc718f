#include <chat_centre/auth/auth.hpp>

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <set>
#include <string>

using namespace chat_centre;
using namespace chat_centre::auth;

namespace {

// The oracle, by hand: who may do what. Agent, engineer, manager, admin, customer, API key.
struct line {
    permission what;
    const char* name;
    bool agent, engineer, manager, admin, customer, key;
};
constexpr bool y = true;
constexpr bool n = false;

using enum permission;
constexpr line table[] = {
    {open, "open", y, y, y, y, y, y},
    {signed_in, "signed_in", y, y, y, y, n, n},
    {sync_write, "sync.write", n, n, n, y, n, y},
    {conversation_read, "conversation.read", y, y, y, y, y, n},
    {conversation_write, "conversation.write", y, n, y, y, y, n},
    {conversation_rate, "conversation.rate", n, n, n, n, y, n},
    {conversation_note, "conversation.note", y, y, y, y, n, n},
    {conversation_take, "conversation.take", y, n, y, y, n, n},
    {conversation_reassign, "conversation.reassign", n, n, y, y, n, n},
    {queue_read, "queue.read", y, y, y, y, n, n},
    {staff_read, "staff.read", y, y, y, y, n, n},
    {staff_write, "staff.write", n, n, y, y, n, n},
    {department_write, "department.write", n, n, y, y, n, n},
    {api_key_write, "api_key.write", n, n, n, y, n, n},
    {audit_read, "audit.read", n, n, n, y, n, n},
    {events_all, "events.all", n, n, y, y, n, n},
    {analysis_read, "analysis.read", y, y, y, y, n, n},
    {ticket_read, "ticket.read", y, y, y, y, n, n},
    {ticket_comment, "ticket.comment", y, y, y, y, n, n},
    {ticket_write, "ticket.write", y, n, y, y, n, n},
    {ticket_reassign, "ticket.reassign", n, n, y, y, n, n},
    {contact_read, "contact.read", y, y, y, y, n, n},
    {contact_write, "contact.write", y, n, y, y, n, n},
    {search_read, "search.read", y, y, y, y, n, n},
    {export_data, "export.data", n, n, n, y, n, n},
    {template_read, "template.read", y, y, y, y, n, n},
    {template_write, "template.write", n, n, y, y, n, n},
    {desk_read, "desk.read", y, y, y, y, n, n},
    {desk_write, "desk.write", n, n, y, y, n, n},
    {webhook_write, "webhook.write", n, n, n, y, n, n},
    {notification_own, "notification.own", y, y, y, y, n, n},
    {supervise, "supervise", n, n, y, y, n, n},
    {quality_read, "quality.read", n, n, y, y, n, n},
    {quality_write, "quality.write", n, n, y, y, n, n},
    {bot_switch, "bot.switch", y, n, y, y, n, y},
    {assistant_use, "assistant.use", n, n, n, y, n, n},
    {tool_use, "tool.use", n, n, n, y, n, n},
};

bool holds(std::uint64_t mask, permission p) {
    principal who;
    who.permissions = mask;
    return who.may(p);
}

} // namespace

TEST_CASE("the permission table", "[auth][permissions]") {
    CHECK(std::size(table) == static_cast<std::size_t>(permission::count_));
    for (const auto& l : table) {
        INFO(l.name);
        CHECK(to_string(l.what) == l.name);
        CHECK(holds(permissions_of(role::agent), l.what) == l.agent);
        CHECK(holds(permissions_of(role::engineer), l.what) == l.engineer);
        CHECK(holds(permissions_of(role::manager), l.what) == l.manager);
        CHECK(holds(permissions_of(role::admin), l.what) == l.admin);
        CHECK(holds(permissions_of_customer(), l.what) == l.customer);
        CHECK(holds(permissions_of_api_key("sync"), l.what) == l.key);
        CHECK(holds(0, l.what) == (l.what == permission::open)); // nobody
        CHECK(holds(permissions_of_page(), l.what) == (l.what == sync_write || l.what == permission::open));
        CHECK(holds(permissions_of_api_key("assistant"), l.what) ==
              (l.what == assistant_use || l.what == permission::open));
        CHECK(holds(permissions_of_api_key("tools"), l.what) ==
              (l.what == tool_use || l.what == permission::open));
    }
}

TEST_CASE("permission names say the same as the mask", "[auth][permissions]") {
    for (const auto r : {role::agent, role::engineer, role::manager, role::admin}) {
        const auto names = permission_names(permissions_of(r));
        const std::set<std::string> unique(names.begin(), names.end());
        CHECK(unique.size() == names.size());
        for (const auto& l : table)
            CHECK(unique.contains(l.name) == (l.what != permission::open && holds(permissions_of(r), l.what)));
    }
    CHECK(permission_names(0).empty());
    CHECK(to_string(permission::count_).empty());
}
