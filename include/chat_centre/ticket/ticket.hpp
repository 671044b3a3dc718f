#pragma once
// A ticket as stored and as shown.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::ticket {

inline constexpr std::chrono::hours quiet_time{7 * 24}; // resolved for so long without a word: closed
inline constexpr std::chrono::hours nudge_before{24};   // the last word comes so long before that

struct target_clock {
    std::optional<time_point> due, met;
    std::string state = "none"; // running, paused, met, breached, none
};

struct row {
    std::int64_t number = 0;
    std::string id; // "TKT_20241021_XYZ9"
    std::string subject, description;
    std::string status = "open"; // open, in_progress, waiting_customer, on_hold, resolved, closed
    std::string priority = "normal";
    std::string level = "L1"; // L1: agents, L2: engineers, manager
    std::optional<std::string> category;
    std::int64_t department = 0; // 0: none
    std::string department_slug, department_en, department_ar;
    std::int64_t assigned = 0; // staff id; 0: nobody
    std::string assigned_name;
    std::int64_t contact = 0;
    std::string requester_name, requester_email, requester_phone; // as given with the ticket
    std::int64_t conversation = 0;                                // 0: none
    int from_seq = 0;             // the conversation's messages after this one are the ticket's
    std::string source = "staff"; // handover, complaint, low_confidence, portal, staff, api
    std::vector<std::string> tags;
    std::string merged_into; // id; "": not merged
    int version = 1;
    time_point created_at{}, updated_at{}, active_at{};
    std::optional<time_point> first_response_at, resolved_at, closed_at;
    json followers = json::array();
    std::string policy; // "": no service level
    target_clock first_response, resolution;

    bool finished() const { return status == "resolved" || status == "closed"; }
    // waiting: in its department's list, for anybody there to take.
    event::scope scope() const {
        return {assigned, department, assigned == 0 && level != "manager" && !finished()};
    }
};

row from_db(const db::row& r); // columns of the view ticket_view, in order
json to_json(const row& t);
json to_public_json(const row& t); // what the requester may know

// "in_progress" is shown as "In Progress", and read back from either.
std::string status_text(std::string_view status);
std::optional<std::string> read_status(std::string_view text);
bool is_ticket_id(std::string_view text); // "TKT_YYYYMMDD_XXXX"

bool may_see(const principal& who, const row& t);

// ticket.new or ticket.update, for staff by the rule above and for the conversation's customer. before: as it was, when
// the change may have moved it out of somebody's sight.
event::entry change_event(const row& t, const char* type, time_point now, const row* before);

// Internal event "ticket.moved" for whatever follows the life of tickets: {ticket_id, ticket, kind, status, was_status,
// level, priority, assigned, was_assigned, department, contact, conversation, source, by_staff}; numbers, 0 for none.
// kind: new, edit, status, assign, escalate, reply, customer_reply, merge, nudge, close.
event::entry moved_event(const row& after, const row& before, std::string_view kind, time_point now,
                         std::int64_t by_staff);

} // namespace chat_centre::ticket
