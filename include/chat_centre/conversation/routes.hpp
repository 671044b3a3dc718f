#pragma once
// The HTTP face of conversations: reading, writing, and what staff do with them.

#include <chat_centre/base/fields.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/http/router.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

struct reply_body {
    text<1, 16000> message;
    std::optional<text<1, 200>> client_message_id;
};
BOOST_DESCRIBE_STRUCT(reply_body, (), (message, client_message_id))

struct note_body {
    text<1, 8000> body;
};
BOOST_DESCRIBE_STRUCT(note_body, (), (body))

struct takeover_body {
    std::optional<bool> force;
};
BOOST_DESCRIBE_STRUCT(takeover_body, (), (force))

struct handover_body {
    std::optional<text<0, 500>> reason;
};
BOOST_DESCRIBE_STRUCT(handover_body, (), (reason))

struct assignment_body {
    std::optional<text<1, 60>> staff_id;
    std::optional<text<1, 60>> department;
    std::optional<text<0, 2000>> note;
};
BOOST_DESCRIBE_STRUCT(assignment_body, (), (staff_id, department, note))

struct resolution_body {
    std::optional<text<0, 100>> outcome;
    std::optional<text<0, 500>> resolution;
    std::optional<bool> send_survey;
    std::optional<bool> close;
};
BOOST_DESCRIBE_STRUCT(resolution_body, (), (outcome, resolution, send_survey, close))

struct rating_body {
    number<1, 5> score;
    std::optional<text<0, 2000>> comment;
};
BOOST_DESCRIBE_STRUCT(rating_body, (), (score, comment))

struct read_body {
    number<0, 2147483647> seq;
};
BOOST_DESCRIBE_STRUCT(read_body, (), (seq))

struct draft_kinds {
    static constexpr std::array<std::string_view, 2> names{"reply", "note"};
};
struct draft_body {
    choice<draft_kinds> kind;
    text<0, 16000> body;
    number<0, 2147483647> version; // the version this edit began from; 0 for a new draft
};
BOOST_DESCRIBE_STRUCT(draft_body, (), (kind, body, version))

struct priorities {
    static constexpr std::array<std::string_view, 4> names{"emergency", "high", "normal", "low"};
};
struct edit_body {
    std::optional<choice<priorities>> priority;
    std::optional<std::vector<text<1, 40>>> tags;
    std::optional<text<0, 50>> category;
    std::optional<text<0, 100>> user_name;
    std::optional<text<0, 254>> user_email;
    std::optional<text<0, 40>> user_phone;
};
BOOST_DESCRIBE_STRUCT(edit_body, (), (priority, tags, category, user_name, user_email, user_phone))

struct feedbacks {
    static constexpr std::array<std::string_view, 2> names{"up", "down"};
};
struct feedback_body {
    choice<feedbacks> feedback;
    std::optional<text<0, 2000>> comment;
};
BOOST_DESCRIBE_STRUCT(feedback_body, (), (feedback, comment))

// Schemas of answers, for the document and the web client's types; the answers themselves are made by to_json().
struct named_staff {
    std::string staff_id, name;
};
BOOST_DESCRIBE_STRUCT(named_staff, (), (staff_id, name))
struct named_department {
    std::string slug, name_en, name_ar;
};
BOOST_DESCRIBE_STRUCT(named_department, (), (slug, name_en, name_ar))
struct message_view {
    std::string message_id, conversation_id;
    std::int64_t seq = 0;
    std::string role, sender, message;
    time_point at, received_at;
    std::optional<std::string> staff_id, client_message_id, feedback;
};
BOOST_DESCRIBE_STRUCT(message_view, (),
                      (message_id, conversation_id, seq, role, sender, message, at, received_at, staff_id,
                       client_message_id, feedback))
struct posted_view { // a message_view, and what was said to it
    std::string message_id, conversation_id;
    std::int64_t seq = 0;
    std::string role, sender, message;
    time_point at, received_at;
    std::optional<std::string> staff_id, client_message_id, feedback;
    std::optional<message_view> reply;
    // Of staff's replies on a channel that is set up: queued, or not_configured with a warning that says so.
    std::optional<std::string> delivery, warning, warning_ar;
};
BOOST_DESCRIBE_STRUCT(posted_view, (),
                      (message_id, conversation_id, seq, role, sender, message, at, received_at, staff_id,
                       client_message_id, feedback, reply, delivery, warning, warning_ar))
struct last_message_view {
    std::string role, sender, message;
    time_point at;
    std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(last_message_view, (), (role, sender, message, at, seq))
struct handover_view {
    time_point at;
    std::optional<std::string> reason, reason_ar, by;
};
BOOST_DESCRIBE_STRUCT(handover_view, (), (at, reason, reason_ar, by))
struct conversation_view {
    std::string conversation_id, contact_id, status, handler, priority;
    std::optional<named_department> department;
    std::optional<std::string> category;
    std::string channel, user_id, user_name, user_email, user_phone, language;
    std::optional<named_staff> assigned_staff;
    std::vector<std::string> tags;
    time_point created_at, updated_at;
    std::optional<time_point> resolved_at;
    std::optional<std::string> resolution, outcome;
    std::optional<std::int64_t> rating;
    std::optional<last_message_view> last_message;
    std::int64_t waiting_seconds = 0;
    std::optional<time_point> waiting_since;
    bool on_hold = false, own_assistant = false;
    std::int64_t last_seq = 0;
    std::optional<handover_view> handover;
    std::int64_t version = 1;
    std::optional<std::string> previous_conversation_id;
    std::optional<std::int64_t> unread;
    std::optional<bool> draft;
};
BOOST_DESCRIBE_STRUCT(conversation_view, (),
                      (conversation_id, contact_id, status, handler, priority, department, category, channel,
                       user_id, user_name, user_email, user_phone, language, assigned_staff, tags, created_at,
                       updated_at, resolved_at, resolution, outcome, rating, last_message, waiting_seconds,
                       waiting_since, on_hold, own_assistant, last_seq, handover, version,
                       previous_conversation_id, unread, draft))
struct conversation_page {
    std::vector<conversation_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(conversation_page, (), (items, next_cursor))
struct message_page {
    std::vector<message_view> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(message_page, (), (items, next_cursor))
struct note_view {
    std::string note_id, body;
    time_point at;
    std::string staff_id, name, kind; // note, whisper
};
BOOST_DESCRIBE_STRUCT(note_view, (), (note_id, body, at, staff_id, name, kind))
struct version_view {
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(version_view, (), (version))
struct monitoring_view {
    std::string staff_id, name, availability;
    std::int64_t monitoring = 0;
};
BOOST_DESCRIBE_STRUCT(monitoring_view, (), (staff_id, name, availability, monitoring))
struct queue_view {
    std::int64_t active = 0, waiting = 0, resolved_today = 0, average_wait_seconds = 0,
                 conversations_today = 0;
    std::optional<std::int64_t> average_resolution_seconds;
    std::optional<double> satisfaction;
    std::optional<std::int64_t> first_response_seconds;
    std::vector<conversation_view> items, mine;
    std::vector<monitoring_view> staff;
};
BOOST_DESCRIBE_STRUCT(queue_view, (),
                      (active, waiting, resolved_today, average_wait_seconds, conversations_today,
                       average_resolution_seconds, satisfaction, first_response_seconds, items, mine, staff))

class routes {
public:
    explicit routes(surroundings& s) : s_(s) {}

    using answer = boost::asio::awaitable<http::response>;
    answer list(http::request r);
    answer show(http::request r);
    answer messages(http::request r);
    answer queue(http::request r);
    answer events(http::request r);
    answer reply(http::request r);
    answer add_note(http::request r);
    answer takeover(http::request r);
    answer handback(http::request r);
    answer handover(http::request r);
    answer assign(http::request r);
    answer resolve(http::request r);
    answer hold_on(http::request r);
    answer hold_off(http::request r);
    answer reopening(http::request r);
    answer rating(http::request r);
    answer read(http::request r);
    answer draft(http::request r);
    answer edit(http::request r);
    answer feedback(http::request r);

    static constexpr auto table() {
        using http::answers;
        using http::cross_origin;
        using http::row;
        using http::takes;
        using http::verb;
        using p = permission;
        using c = conversation_view;
        return std::to_array<row<routes>>({
            {verb::get, "/api/v1/conversations", p::queue_read, &routes::list, "listConversations",
             "Conversations that you may see, newest change first", answers<conversation_page>()},
            {verb::get, "/api/v1/conversations/{id}", p::conversation_read, &routes::show, "getConversation",
             "One conversation with notes, history and drafts", cross_origin(answers<c>())},
            {verb::patch, "/api/v1/conversations/{id}", p::conversation_take, &routes::edit, "editConversation",
             "Priority, tags, category, and the customer's name and addresses", takes<edit_body, c>()},
            {verb::get, "/api/v1/conversations/{id}/messages", p::conversation_read, &routes::messages,
             "listMessages", "Messages in order of seq", cross_origin(answers<message_page>())},
            {verb::post, "/api/v1/conversations/{id}/messages", p::conversation_write, &routes::reply,
             "postMessage",
             "A message from staff who hold the conversation, or from its customer; ?wait= seconds for the answer",
             cross_origin(takes<reply_body, posted_view>(201))},
            {verb::post, "/api/v1/conversations/{id}/notes", p::conversation_note, &routes::add_note,
             "postNote", "An internal note; customers never see it", takes<note_body, note_view>(201)},
            {verb::post, "/api/v1/conversations/{id}/takeover", p::conversation_take, &routes::takeover,
             "takeOver", "Take the conversation: the assistant falls silent", takes<takeover_body, c>()},
            {verb::post, "/api/v1/conversations/{id}/handback", p::conversation_take, &routes::handback,
             "handBack", "Give the conversation back to the assistant", answers<c>()},
            {verb::post, "/api/v1/conversations/{id}/handover", p::conversation_write, &routes::handover,
             "askForStaff", "Ask for a person", cross_origin(takes<handover_body, c>())},
            {verb::post, "/api/v1/conversations/{id}/assignment", p::conversation_take, &routes::assign,
             "assign", "Pass the conversation to a colleague or a department", takes<assignment_body, c>()},
            {verb::post, "/api/v1/conversations/{id}/resolution", p::conversation_take, &routes::resolve,
             "resolve", "Resolve, with an outcome and what was done", takes<resolution_body, c>()},
            {verb::post, "/api/v1/conversations/{id}/hold", p::conversation_take, &routes::hold_on, "hold",
             "Put on hold", answers<c>()},
            {verb::del, "/api/v1/conversations/{id}/hold", p::conversation_take, &routes::hold_off, "unhold",
             "Take off hold", answers<c>()},
            {verb::post, "/api/v1/conversations/{id}/reopening", p::conversation_take, &routes::reopening,
             "reopen", "Reopen a resolved conversation", answers<c>()},
            {verb::post, "/api/v1/conversations/{id}/rating", p::conversation_rate, &routes::rating, "rate",
             "The customer's rating, 1 to 5", cross_origin(takes<rating_body, c>())},
            {verb::put, "/api/v1/conversations/{id}/read", p::conversation_note, &routes::read, "markRead",
             "Everything up to seq has been read", http::takes<read_body, no_body>(204)},
            {verb::put, "/api/v1/conversations/{id}/draft", p::conversation_note, &routes::draft, "putDraft",
             "Keep an unsent reply or note on the server", takes<draft_body, version_view>()},
            {verb::put, "/api/v1/messages/{id}/feedback", p::conversation_read, &routes::feedback,
             "giveFeedback", "Thumbs up or down on a message",
             cross_origin(takes<feedback_body, message_view>())},
            {verb::get, "/api/v1/queue", p::queue_read, &routes::queue, "getQueue",
             "Counts, the waiting list, your conversations, and who is here", answers<queue_view>()},
            {verb::get, "/api/v1/events", p::conversation_read, &routes::events, "listEvents",
             "The event log after a cursor, as far as you may see it", answers<no_body>()},
        });
    }

private:
    surroundings& s_;
};

} // namespace chat_centre::conversation
