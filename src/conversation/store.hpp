#pragma once
// Reads and small writes of one conversation. SQL only; decisions are in life.cpp, transactions in the services.

#include "conversation/life.hpp"

#include <chat_centre/conversation/service.hpp>

#include <string>
#include <vector>

namespace chat_centre::conversation {

std::vector<stored_message> messages_after(db::tx& t, std::int64_t conversation, int after_seq,
                                           std::int64_t limit);
std::vector<stored_message> messages_before(db::tx& t, std::int64_t conversation, int before_seq,
                                            std::int64_t limit);
json turns_of(db::tx& t, std::int64_t conversation);
json notes_of(db::tx& t, std::int64_t conversation);
json draft_of(db::tx& t, std::int64_t staff, std::int64_t conversation, const char* kind);
int unread_of(db::tx& t, std::int64_t staff,
              std::int64_t conversation); // messages of the customer not yet read
std::optional<int> queue_position(db::tx& t, const row& c);

// The new version; nullopt when a newer draft than the one edited is stored.
std::optional<int> put_draft(db::tx& t, std::int64_t staff, std::int64_t conversation,
                             const std::string& kind, const std::string& body, int version, time_point now);
// (conversation, seq) of a message; conversation 0 looks everywhere.
// See reply_waiter::reply_to.
std::optional<stored_message> find_reply(db::tx& t, std::int64_t conversation, int seq);

std::optional<std::pair<std::int64_t, int>> find_message(db::tx& t, const std::string& message_id,
                                                         std::int64_t conversation);
void put_feedback(db::tx& t, std::int64_t conversation, int seq, const std::string& giver,
                  const std::string& feedback, const std::optional<std::string>& comment, time_point now);
void mark_survey_sent(db::tx& t, std::int64_t conversation, time_point now);

// Locks and returns the conversation whether or not the caller may see it; throws 404 when there is none.
row lock_any(db::tx& t, std::int64_t id);

struct list_filter {
    std::optional<std::vector<std::string>> statuses;
    std::optional<std::string> department, channel, priority, text;
    std::optional<std::int64_t> assigned;
    bool unassigned = false;
    std::optional<time_point> from, to;
    // Keysets: the last row shown, of the list by change or of the list by waiting time.
    std::int64_t last_id = 0;
    std::optional<time_point> before_updated;
    std::optional<int> after_band;
    std::optional<time_point> after_waiting;
    bool longest_waiting_first = false; // in the order of serving (SQL queue_band); else newest change first
    std::int64_t limit = 50;
};
std::vector<row> list(db::tx& t, const principal& who, const list_filter& f);
std::vector<row> waiting_list(db::tx& t, const principal& who);

struct queue_totals {
    std::int64_t active = 0, waiting = 0, resolved_today = 0, conversations_today = 0;
    std::optional<double> average_wait, average_resolution, satisfaction, first_response, average_wait_today;
};
queue_totals totals(db::tx& t, const principal& who, time_point day_start, time_point now);

} // namespace chat_centre::conversation
