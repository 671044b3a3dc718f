#pragma once
// A conversation as stored, as shown, and what may happen to it.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/conversation/message.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

struct row {
    std::int64_t id = 0;
    std::int64_t contact = 0;
    std::string channel;
    std::optional<std::string> session_id;
    std::string user_id, user_name, user_email, user_phone, language, scenario;
    bool own_assistant = false;  // our engine speaks here; else another system's assistant, or none
    std::string status = "bot";  // bot, pending, active, resolved, closed
    std::string handler = "bot"; // who has the turn: bot, queue (nobody yet), staff
    std::string priority = "normal";
    std::int64_t department = 0; // 0: none chosen yet
    std::string department_slug, department_en, department_ar;
    std::optional<std::string> category;
    std::int64_t assigned = 0; // staff id; 0: nobody
    std::string assigned_name;
    std::vector<std::string> tags;
    bool on_hold = false;
    int last_seq = 0;
    std::string last_role, last_sender, last_text;
    std::optional<time_point> last_at;
    std::optional<time_point> handover_at;
    std::optional<std::string> handover_reason, handover_by;
    std::optional<time_point> waiting_since, taken_at, first_response_at, resolved_at;
    std::optional<std::string> outcome, resolution;
    std::optional<int> rating;
    std::optional<std::string> rating_comment;
    int reopened_count = 0;
    std::int64_t previous = 0;
    int version = 1;
    time_point created_at{}, updated_at{};

    // Per reader, filled by list queries only.
    std::optional<int> unread;
    std::optional<bool> draft;
    std::optional<int> band; // SQL queue_band: smaller is served earlier

    event::scope scope() const { return {assigned, department, status == "pending"}; }
};

row from_db(const db::row& r); // columns of the view conversation_view, in order

// The Conversation shape; `now` is what waiting_seconds counts to.
json to_json(const row& c, time_point now);
// What the customer may know of it.
json to_public_json(const row& c, std::optional<int> queue_position = std::nullopt);

// Event pair of a change: conversation.new or conversation.update with both renditions.
event::entry change_event(const row& c, const char* type, time_point now, std::optional<event::scope> before);

// Whether our own assistant speaks in a new conversation of this channel, unless the edge says otherwise
// (incoming::own_brain): widget and portal.
bool is_own_channel(std::string_view channel);

// Internal event "assistant.call": our assistant has something to say. cause is "message" (the customer wrote) or
// "handover" (a person was asked for). An event of its own, so that the assistant need not read every message.
// Data: {cause, text, language, seq, scenario, channel}; seq is the customer's message, or the newest one when nobody
// wrote. What the assistant says to it carries reply_mark(seq) as its client_message_id.
event::entry assistant_call(const row& c, std::string_view cause, std::string_view text, int seq,
                            time_point now);
std::string reply_mark(int seq); // "reply-7"

// Internal event "conversation.moved", for whatever follows the life of conversations (routing, tickets, contacts,
// clocks): {conversation_id, kind, status, was_status, handler, assigned, was_assigned, department, was_department,
// priority, channel, contact, seq, by_staff, text}; ids are numbers, 0 for none. kind: new, handover, takeover, handback,
// transfer, hold, unhold, resolve, close, reopen, rate, edit, first_response. text: what led to it, if words did.
struct before_move {
    std::string status;
    std::int64_t assigned = 0;
    std::int64_t department = 0;
    explicit before_move(const row& c) : status(c.status), assigned(c.assigned), department(c.department) {}
};
event::entry moved_event(const row& after, const before_move& before, std::string_view kind, time_point now,
                         std::int64_t by_staff = 0, std::string_view text = {});

// Does the visibility rule let this caller see it? The SQL twin is visible() in queries.sql.
bool may_see(const principal& who, const row& c);

} // namespace chat_centre::conversation
