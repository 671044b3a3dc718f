#pragma once
// The HTTP face of tickets, under /api/v1/tickets and under document 002's /tickets.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/routes.hpp>
#include <chat_centre/http/router.hpp>
#include <chat_centre/ticket/service.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::ticket {

using conversation::named_department;
using conversation::named_staff;

struct new_ticket_body {
    std::optional<text<0, 200>> subject;
    std::optional<text<0, 8000>> description; // one of the two is needed
    std::optional<text<0, 20>> priority;      // as stored, or document 001's low, medium, high, urgent
    std::optional<text<0, 50>> category, department;
    std::optional<text<0, 100>> name, customer_name; // the requester; document 001 says customer_
    std::optional<text<0, 254>> email, customer_email;
    std::optional<text<0, 40>> phone, customer_phone;
    std::optional<text<0, 60>> contact_id, conversation_id, staff_id; // staff only; staff_id: assigned to
    std::optional<std::vector<text<1, 40>>> tags;
    std::optional<text<0, 20>> source;   // staff only: staff, complaint, low_confidence
    std::optional<text<0, 10>> language; // en or ar: what the requester reads; mail to them is in it
};
BOOST_DESCRIBE_STRUCT(new_ticket_body, (),
                      (subject, description, priority, category, department, name, customer_name, email,
                       customer_email, phone, customer_phone, contact_id, conversation_id, staff_id, tags,
                       source, language))

struct ticket_change_body {
    std::optional<number<1, 2147483647>> version; // the version this edit began from; 409 when it is not the newest
    std::optional<text<1, 200>> subject;
    std::optional<text<0, 8000>> description;
    std::optional<text<1, 30>> status; // "in_progress" or "In Progress"
    std::optional<text<1, 20>> priority;
    std::optional<text<0, 50>> category; // "": none
    std::optional<std::vector<text<1, 40>>> tags;
    std::optional<text<0, 500>> resolution; // kept with the conversation when both are resolved
};
BOOST_DESCRIBE_STRUCT(ticket_change_body, (),
                      (version, subject, description, status, priority, category, tags, resolution))

struct ticket_reply_body {
    text<1, 16000> message;
    std::optional<text<1, 200>> client_message_id; // a retry with the same one is the same reply
};
BOOST_DESCRIBE_STRUCT(ticket_reply_body, (), (message, client_message_id))

struct ticket_note_body {
    text<1, 8000> body;
};
BOOST_DESCRIBE_STRUCT(ticket_note_body, (), (body))

struct ticket_assignment_body {
    std::optional<text<1, 60>> staff_id; // "me" takes it
    std::optional<text<1, 60>> department;
};
BOOST_DESCRIBE_STRUCT(ticket_assignment_body, (), (staff_id, department))

struct ticket_levels {
    static constexpr std::array<std::string_view, 3> names{"L1", "L2", "manager"};
};
struct ticket_escalation_body {
    choice<ticket_levels> level;
    std::optional<text<0, 500>> reason;
};
BOOST_DESCRIBE_STRUCT(ticket_escalation_body, (), (level, reason))

struct ticket_merge_body {
    text<1, 30> into;
};
BOOST_DESCRIBE_STRUCT(ticket_merge_body, (), (into))

struct ticket_link_kinds {
    static constexpr std::array<std::string_view, 5> names{"related", "duplicates", "blocks", "parent",
                                                           "child"};
};
struct ticket_link_body {
    text<1, 30> ticket_id;
    std::optional<choice<ticket_link_kinds>> kind; // related
};
BOOST_DESCRIBE_STRUCT(ticket_link_body, (), (ticket_id, kind))

// Schemas of answers.
struct requester_view {
    std::string contact_id, name, email, phone;
};
BOOST_DESCRIBE_STRUCT(requester_view, (), (contact_id, name, email, phone))
struct target_view {
    std::optional<time_point> due_at, met_at;
    std::string state;
};
BOOST_DESCRIBE_STRUCT(target_view, (), (due_at, met_at, state))
struct sla_view {
    std::string policy;
    target_view first_response, resolution;
};
BOOST_DESCRIBE_STRUCT(sla_view, (), (policy, first_response, resolution))
struct ticket_view {
    std::string ticket_id, subject, description, status, status_text, priority, level;
    std::optional<std::string> category;
    std::optional<named_department> department;
    std::optional<named_staff> assigned_staff;
    requester_view requester;
    std::optional<std::string> conversation_id;
    std::string source;
    std::vector<std::string> tags;
    std::vector<named_staff> followers;
    std::optional<sla_view> sla;
    std::optional<std::string> merged_into;
    std::int64_t version = 1;
    time_point created_at, updated_at;
    std::optional<time_point> resolved_at, closed_at;
};
BOOST_DESCRIBE_STRUCT(ticket_view, (),
                      (ticket_id, subject, description, status, status_text, priority, level, category,
                       department, assigned_staff, requester, conversation_id, source, tags, followers, sla,
                       merged_into, version, created_at, updated_at, resolved_at, closed_at))
struct ticket_page {
    std::vector<ticket_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ticket_page, (), (items, next_cursor))
struct ticket_author_view {
    std::string kind;
    std::optional<std::string> staff_id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(ticket_author_view, (), (kind, staff_id, name))
struct ticket_reply_view {
    std::string reply_id;
    ticket_author_view author;
    std::string message;
    time_point at;
};
BOOST_DESCRIBE_STRUCT(ticket_reply_view, (), (reply_id, author, message, at))
struct ticket_answer_view {
    ticket_reply_view reply;
    ticket_view ticket;
};
BOOST_DESCRIBE_STRUCT(ticket_answer_view, (), (reply, ticket))
struct history_actor_view {
    std::optional<std::string> staff_id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(history_actor_view, (), (staff_id, name))
struct ticket_history_view {
    time_point at;
    history_actor_view actor;
    std::string field;
    std::optional<std::string> before, after;
};
BOOST_DESCRIBE_STRUCT(ticket_history_view, (), (at, actor, field, before, after))
struct ticket_history_page {
    std::vector<ticket_history_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(ticket_history_page, (), (items, next_cursor))
struct ticket_note_view {
    std::string note_id, body;
    time_point at;
    std::string staff_id, name;
};
BOOST_DESCRIBE_STRUCT(ticket_note_view, (), (note_id, body, at, staff_id, name))
struct ticket_link_view {
    std::string ticket_id, kind;
};
BOOST_DESCRIBE_STRUCT(ticket_link_view, (), (ticket_id, kind))
struct ticket_detail_view {
    std::string ticket_id, subject, description, status, status_text, priority, level;
    std::optional<std::string> category;
    std::optional<named_department> department;
    std::optional<named_staff> assigned_staff;
    requester_view requester;
    std::optional<std::string> conversation_id;
    std::string source;
    std::vector<std::string> tags;
    std::vector<named_staff> followers;
    std::optional<sla_view> sla;
    std::optional<std::string> merged_into;
    std::int64_t version = 1;
    time_point created_at, updated_at;
    std::optional<time_point> resolved_at, closed_at;
    std::vector<ticket_reply_view> replies;
    std::vector<ticket_note_view> notes;
    std::vector<ticket_history_view> history;
    std::vector<ticket_link_view> links;
};
BOOST_DESCRIBE_STRUCT(ticket_detail_view, (),
                      (ticket_id, subject, description, status, status_text, priority, level, category,
                       department, assigned_staff, requester, conversation_id, source, tags, followers, sla,
                       merged_into, version, created_at, updated_at, resolved_at, closed_at, replies, notes,
                       history, links))

struct opened_by_view {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(opened_by_view, (), (name))
struct opened_ticket_view { // staff get the whole ticket
    std::string ticket_id, subject, status, status_text;
    std::optional<opened_by_view> assigned_staff;
    time_point created_at, updated_at;
    std::optional<std::string> portal_token, portal_path; // only in the answer that made it
};
BOOST_DESCRIBE_STRUCT(opened_ticket_view, (),
                      (ticket_id, subject, status, status_text, assigned_staff, created_at, updated_at,
                       portal_token, portal_path))

class routes {
public:
    explicit routes(surroundings& s) : s_(s) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer create(http::request r); // by staff, with all fields; by anybody else: the portal
    answer show(http::request r);
    answer change(http::request r);
    answer reply(http::request r);
    answer note(http::request r);
    answer assign(http::request r);
    answer escalate(http::request r);
    answer merge(http::request r);
    answer link(http::request r);
    answer follow(http::request r);
    answer unfollow(http::request r);
    answer history(http::request r);
    answer of_conversation(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::cross_origin;
        using http::limited;
        using http::row;
        using http::takes;
        using http::verb;
        using p = permission;
        using v = ticket_view;
        return std::to_array<row<routes>>({
            {verb::get, "/api/v1/tickets", p::ticket_read, &routes::list, "listTickets",
             "Tickets that you may see, newest change first", answers<ticket_page>()},
            {verb::get, "/tickets", p::ticket_read, &routes::list, "listTicketsAsDocumented",
             "Tickets that you may see (documented path)", answers<ticket_page>()},
            {verb::post, "/api/v1/tickets", p::ticket_write, &routes::create, "createTicket", "Open a ticket",
             takes<new_ticket_body, v>(201)},
            {verb::post, "/tickets", p::open, &routes::create, "createTicketFromPortal",
             "Open a ticket from the portal: anybody, with a name, an address and what it is about",
             limited(cross_origin(takes<new_ticket_body, opened_ticket_view>(201)), http::rate::open)},
            {verb::get, "/api/v1/tickets/{id}", p::ticket_read, &routes::show, "getTicket",
             "One ticket with replies, notes, history and links", answers<ticket_detail_view>()},
            {verb::get, "/tickets/{id}", p::ticket_read, &routes::show, "getTicketAsDocumented",
             "One ticket (documented path)", answers<ticket_detail_view>()},
            {verb::patch, "/api/v1/tickets/{id}", p::ticket_write, &routes::change, "changeTicket",
             "Status, priority, category, tags, subject", takes<ticket_change_body, v>()},
            {verb::patch, "/tickets/{id}", p::ticket_write, &routes::change, "changeTicketAsDocumented",
             "Change a ticket (documented path)", takes<ticket_change_body, v>()},
            {verb::post, "/api/v1/tickets/{id}/reply", p::ticket_write, &routes::reply, "replyToTicket",
             "Answer the customer: in their conversation, if there is one",
             takes<ticket_reply_body, ticket_answer_view>(201)},
            {verb::post, "/tickets/{id}/reply", p::ticket_write, &routes::reply, "replyToTicketAsDocumented",
             "Answer the customer (documented path)", takes<ticket_reply_body, ticket_answer_view>(201)},
            {verb::post, "/api/v1/tickets/{id}/notes", p::ticket_comment, &routes::note, "commentTicket",
             "An internal comment; customers never see it", takes<ticket_note_body, ticket_note_view>(201)},
            {verb::post, "/api/v1/tickets/{id}/assignment", p::ticket_write, &routes::assign, "assignTicket",
             "Take it, give it to a colleague, or put it into a department's list",
             takes<ticket_assignment_body, v>()},
            {verb::post, "/api/v1/tickets/{id}/escalation", p::ticket_write, &routes::escalate,
             "escalateTicket", "To engineering (L2) or to a manager", takes<ticket_escalation_body, v>()},
            {verb::post, "/api/v1/tickets/{id}/merge", p::ticket_write, &routes::merge, "mergeTicket",
             "Close it as a part of another one; answers with that one", takes<ticket_merge_body, v>()},
            {verb::post, "/api/v1/tickets/{id}/links", p::ticket_write, &routes::link, "linkTicket",
             "Say how two tickets belong together", takes<ticket_link_body, v>()},
            {verb::put, "/api/v1/tickets/{id}/followers/{staff_id}", p::ticket_read, &routes::follow,
             "followTicket", "Be told of its changes", answers<v>()},
            {verb::del, "/api/v1/tickets/{id}/followers/{staff_id}", p::ticket_read, &routes::unfollow,
             "unfollowTicket", "Not be told any more", answers<v>()},
            {verb::get, "/api/v1/tickets/{id}/history", p::ticket_read, &routes::history, "listTicketHistory",
             "Every change with who, before and after", answers<ticket_history_page>()},
            {verb::post, "/api/v1/conversations/{id}/ticket", p::ticket_write, &routes::of_conversation,
             "openTicketOfConversation", "The conversation's ticket, opened if there is none", answers<v>(200)},
        });
    }

private:
    surroundings& s_;
};

} // namespace chat_centre::ticket
