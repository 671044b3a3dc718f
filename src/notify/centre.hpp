#pragma once
// From something that happened to the people who are to know: the in-app centre, their mail, the company's chat.

#include "notify/context.hpp"

#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/notice.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <cstdint>
#include <vector>

namespace chat_centre::notify {

// Whom a conversation's move concerns. Pure.
struct move {
    std::int64_t conversation = 0;
    std::string status, was_status;
    std::int64_t assigned = 0, was_assigned = 0, department = 0, was_department = 0, by_staff = 0;
    std::string priority;
};
struct concern {
    bool waiting = false; // it waits for a person now: those who may take it
    bool passed = false;  // somebody else gave it to `assigned`
    bool settled = false; // nobody needs to take it any more (or others than before)
    bool operator==(const concern&) const = default;
};
concern concern_of(const move& m);

// For the follower of notice.wanted and conversation.moved. Appends events last.
void handle(db::tx& t, const context& c, const std::vector<event::entry>& events);
// The job of an urgent notice that may not have been acknowledged.
void escalate(db::tx& t, const context& c, const jobs::job& j);
inline constexpr const char* escalate_job = "notify.escalate";

// Event of one person: only their sockets get it, on topic `mine`.
event::entry personal_event(std::string type, std::int64_t staff, std::string data, time_point now);
std::int64_t count_unread(db::tx& t, std::int64_t staff);

// One row of list_notifications as the API shows it, in the reader's language.
json notification_json(const db::row& r, bool arabic);
bool reads_arabic(std::string_view ui_language);

} // namespace chat_centre::notify
