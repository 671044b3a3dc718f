#pragma once
// /api/v1/contacts and /api/v1/contact-merges.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/fields.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::contact {

struct new_contact_body {
    std::optional<text<0, 200>> name;
    std::optional<text<0, 254>> email;
    std::optional<text<0, 40>> phone;
    std::optional<text<2, 2>> country; // whose way of writing `phone` follows when it has no "+": ISO, "ZW"
    std::optional<text<0, 35>> language;
    std::optional<text<0, 200>> company;
    std::optional<bool> vip;
    std::optional<json> custom;  // texts, numbers and booleans by name; in a change null removes one
    std::optional<json> consent; // booleans by purpose
};
BOOST_DESCRIBE_STRUCT(new_contact_body, (),
                      (name, email, phone, country, language, company, vip, custom, consent))

struct merge_body {
    text<1, 40> other_id;
    std::optional<bool> preview;
};
BOOST_DESCRIBE_STRUCT(merge_body, (), (other_id, preview))

struct identity_body {
    text<1, 40> channel;
    text<1, 200> external_id;
    std::optional<bool> verified;
};
BOOST_DESCRIBE_STRUCT(identity_body, (), (channel, external_id, verified))

struct contact_ref {
    std::string contact_id, name;
};
BOOST_DESCRIBE_STRUCT(contact_ref, (), (contact_id, name))

struct lead_statuses {
    static constexpr std::array<std::string_view, 4> names{"new", "qualified", "won", "lost"};
};
struct lead_priorities {
    static constexpr std::array<std::string_view, 3> names{"low", "normal", "high"};
};
struct lead_view {
    std::string lead_id;
    contact_ref contact;
    choice<lead_statuses> status;
    std::int64_t score = 0;
    std::string source;
    choice<lead_priorities> priority;
    bool handover_requested = false;
    std::optional<std::string> handover_trigger;
    std::optional<time_point> handover_timestamp;
    time_point created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(lead_view, (),
                      (lead_id, contact, status, score, source, priority, handover_requested,
                       handover_trigger, handover_timestamp, created_at, updated_at))

struct identity_view {
    std::string channel, external_id;
    bool verified = false;
};
BOOST_DESCRIBE_STRUCT(identity_view, (), (channel, external_id, verified))

struct contact_view {
    std::string contact_id, name, email;
    std::string phone;          // E.164, or ""
    std::string phone_as_given; // what they wrote
    std::string language;
    bool vip = false;
    std::string company;
    json custom, consent;
    std::vector<identity_view> identities;
    std::optional<lead_view> lead;
    std::optional<time_point> last_contact_at;
    time_point created_at, updated_at;
    std::int64_t conversations = 0, open_tickets = 0;
};
BOOST_DESCRIBE_STRUCT(contact_view, (),
                      (contact_id, name, email, phone, phone_as_given, language, vip, company, custom, consent,
                       identities, lead, last_contact_at, created_at, updated_at, conversations, open_tickets))

struct contact_page {
    std::vector<contact_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(contact_page, (), (items, next_cursor))

struct staff_ref {
    std::string staff_id, name;
};
BOOST_DESCRIBE_STRUCT(staff_ref, (), (staff_id, name))

struct timeline_entry {
    std::string type; // conversation, rating, note, activity, task, ticket, merge
    std::string id;
    time_point at;
    std::string title, text;
    std::string state; // of a conversation, ticket, task or merge; the type of an activity
    std::optional<std::string> conversation_id, ticket_id;
    std::optional<staff_ref> staff;
    json metadata;
};
BOOST_DESCRIBE_STRUCT(timeline_entry, (),
                      (type, id, at, title, text, state, conversation_id, ticket_id, staff, metadata))
struct timeline_page {
    std::vector<timeline_entry> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(timeline_page, (), (items, next_cursor))

struct duplicate_view {
    contact_view contact;
    std::vector<std::string> reasons;  // phone, email, name_and_company
    std::vector<std::string> warnings; // both_verified, different_phone, different_email, different_name
};
BOOST_DESCRIBE_STRUCT(duplicate_view, (), (contact, reasons, warnings))
struct duplicate_list {
    std::vector<duplicate_view> items;
};
BOOST_DESCRIBE_STRUCT(duplicate_list, (), (items))

struct moved_view {
    std::int64_t conversations = 0, tickets = 0, leads = 0, activities = 0, tasks = 0, identities = 0;
};
BOOST_DESCRIBE_STRUCT(moved_view, (), (conversations, tickets, leads, activities, tasks, identities))
struct merge_view {
    contact_view contact; // as it is, or with preview as it would be
    moved_view moved;
    std::vector<std::string> warnings;
    std::optional<std::string> merge_id;
};
BOOST_DESCRIBE_STRUCT(merge_view, (), (contact, moved, warnings, merge_id))
struct undo_view {
    contact_view contact, other;
    moved_view moved;
};
BOOST_DESCRIBE_STRUCT(undo_view, (), (contact, other, moved))

// Conversations and tickets are another contact's now: adds the events that tell whoever looks at them. In the
// transaction that moved them.
using announce_moved = std::function<void(db::tx& t, const std::vector<std::int64_t>& conversations,
                                          const std::vector<std::string>& tickets, time_point now,
                                          std::vector<event::entry>& events)>;

class routes {
public:
    // pool and clock outlive the routes. default_country: of numbers written without "+"; ISO or "".
    routes(db::pool& pool, const clock_source& clock, std::string default_country, announce_moved announce)
        : pool_(pool), clock_(clock), country_(std::move(default_country)),
          announce_moved_(std::move(announce)) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r); // ?q= part of a name or number, or a whole number or address; ?vip=
    answer create(http::request r);
    answer get(http::request r); // ?known= a whole number or address of theirs
    answer change(http::request r);
    answer timeline(http::request r);
    answer duplicates(http::request r);
    answer merge(http::request r);
    answer undo_merge(http::request r);
    answer put_identity(http::request r);

    static constexpr auto table() {
        using http::verb;
        return std::to_array<http::row<routes>>({
            {verb::get, "/api/v1/contacts", permission::contact_read, &routes::list, "listContacts",
             "Contacts, the latest first", http::answers<contact_page>()},
            {verb::post, "/api/v1/contacts", permission::contact_write, &routes::create, "createContact",
             "Make a contact, or find the one with this number or address and fill in what was missing",
             http::takes<new_contact_body, contact_view>(201)},
            {verb::get, "/api/v1/contacts/{id}", permission::contact_read, &routes::get, "getContact",
             "One contact", http::answers<contact_view>()},
            {verb::patch, "/api/v1/contacts/{id}", permission::contact_write, &routes::change,
             "changeContact", "Change a contact", http::takes<new_contact_body, contact_view>()},
            {verb::get, "/api/v1/contacts/{id}/timeline", permission::contact_read, &routes::timeline,
             "getContactTimeline", "Everything about a contact, newest first", http::answers<timeline_page>()},
            {verb::get, "/api/v1/contacts/{id}/duplicates", permission::contact_read, &routes::duplicates,
             "listDuplicates", "Contacts that may be the same person", http::answers<duplicate_list>()},
            {verb::post, "/api/v1/contacts/{id}/merge", permission::contact_write, &routes::merge,
             "mergeContacts", "Merge another contact into this one, or see what that would do",
             http::takes<merge_body, merge_view>()},
            {verb::put, "/api/v1/contacts/{id}/identities", permission::contact_write, &routes::put_identity,
             "putContactIdentity", "Say who a contact is on a channel, and whether that is certain",
             http::takes<identity_body, contact_view>()},
            {verb::post, "/api/v1/contact-merges/{id}/undo", permission::contact_write, &routes::undo_merge,
             "undoContactMerge", "Take a merge back", http::answers<undo_view>()},
        });
    }

private:
    db::pool& pool_;
    const clock_source& clock_;
    std::string country_;
    announce_moved announce_moved_;
};

} // namespace chat_centre::contact
