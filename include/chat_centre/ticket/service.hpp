#pragma once
// Tickets for the features on top of them, inside the caller's transaction. Events are added to `events`, which the
// caller appends once, as its last statement. Database threads only, unless said otherwise.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/event.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/ticket/requester_mail.hpp>
#include <chat_centre/ticket/ticket.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::ticket {

struct suggestion { // what a text says of itself; what is not known stays empty
    std::optional<std::string> category, department, priority;
};

// What the feature needs from its surroundings. References outlive it.
struct surroundings {
    db::pool& pool;
    conversation::surroundings& chats;
    const clock_source& clock;
    // After each change and in its transaction: the service levels count anew.
    std::function<void(db::tx&, const row&, time_point now)> clocks;
    // Reads category, department (slug) and priority from a text; may be empty. Database threads.
    std::function<suggestion(db::tx&, std::string_view text)> classify;
    // A phone number in E.164; may be empty. Any thread.
    std::function<std::string(std::string_view phone)> normal_phone;
    mail_desk mail = {};
};

std::optional<row> load(db::tx& t, std::int64_t number);
// The row, locked until COMMIT. A job must not wait for it, because who has the ticket may want the job's row: while
// somebody is at it this is nullopt, and the job is scheduled anew for a second later.
std::optional<row> lock_for_job(db::tx& t, std::int64_t number, const jobs::job& j, time_point now);

std::optional<row> lock_for_recount(db::tx& t, std::int64_t number); // nullopt: somebody is at it

struct pause {
    time_point from{};
    std::optional<time_point> until; // nullopt: still
};
std::vector<pause> pauses(db::tx& t, std::int64_t number);

// The open ticket of a conversation, made if there is none. made: whether it is new. nullopt: no such conversation.
struct opening {
    std::string source;  // handover, complaint, low_confidence, staff, portal
    std::string reason;  // what led to it; becomes the description when the customer said nothing
    std::string subject; // "": made from the reason
    std::int64_t by_staff = 0;
    std::string by_name = "system";
    std::string description = {}; // "": what the customer said last
};
struct opened {
    row ticket;
    bool made = false;
};
std::optional<opened> open_for_conversation(db::tx& t, const surroundings& s, std::int64_t conversation,
                                            const opening& how, time_point now,
                                            std::vector<event::entry>& events);

// What the server does by itself; each writes history and an audit row of the system, and is nullopt, with nothing done,
// when there is nothing to do. `reason` is what staff read.
std::optional<row> escalate_by_server(db::tx& t, const surroundings& s, std::int64_t number,
                                      const std::string& level, const std::string& reason, time_point now,
                                      std::vector<event::entry>& events);
std::optional<row> assign_by_server(db::tx& t, const surroundings& s, std::int64_t number, std::int64_t staff,
                                    const std::string& reason, time_point now,
                                    std::vector<event::entry>& events);
// A clock changed, not the ticket: says so to whoever looks at it.
void announce(db::tx& t, std::int64_t number, time_point now, std::vector<event::entry>& events);
void announce(db::tx& t, const std::vector<std::string>& ids, time_point now,
              std::vector<event::entry>& events);

// The level that a missed target leads to. Pure.
std::string next_level(std::string_view level, bool first_response);

// Follows conversation.moved: tickets open with a handover and end with their conversation. For an event::follower.
void follow(db::tx& t, const surroundings& s, const std::vector<event::entry>& moves);

// Handlers of the jobs ticket.nudge and ticket.autoclose: resolved and quiet for seven days, with a word the day before;
// and of ticket.customer, which looks for customers who wrote although their ticket waits. `s` outlives the runner.
void handle_jobs(jobs::runner& runner, const surroundings& s);

} // namespace chat_centre::ticket
