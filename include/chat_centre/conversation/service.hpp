#pragma once
// What staff and customers do with conversations: transactions, events and audit around the pure rules.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/conversation/conversation.hpp>
#include <chat_centre/conversation/reply_waiter.hpp>
#include <chat_centre/db/pool.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/http/message.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::conversation {

struct viewer {
    std::int64_t staff = 0;
    std::string name;
    bool writing = false;
};

// What the feature needs from its surroundings. All members outlive it.
struct surroundings {
    db::pool& pool;
    event::relay& relay;
    append_lane& lane;
    const clock_source& clock;
    std::string time_zone = "UTC";
    std::function<std::vector<viewer>(std::int64_t conversation)> viewers; // who looks at it now
    std::function<bool(std::int64_t staff)> online;
    // Does a text ask for a person? nullopt: nothing in it says so. Cheap: runs on the I/O thread.
    std::function<std::optional<handover_signal>(std::string_view text, speaker role)> screen;
    // Might a rule be about this text? Cheap: runs on the I/O thread. Null: none is.
    std::function<bool(std::string_view text, std::string_view channel)> concerns_rules;
    // How long the customer at this place of the queue may have to wait, in seconds; null, or nullopt: nobody can tell.
    std::function<std::optional<int>(db::tx&, const row&, int place)> estimate;
    // With which colleague a supervisor writes in a conversation; 0: with nobody. Database threads.
    std::function<std::int64_t(db::tx&, std::int64_t conversation, std::int64_t staff)> joined_with = {};
    reply_waiter* replies = nullptr; // null: nobody waits for answers
    // Whether a guided intake leads the conversation. It judges itself what is said, so that words such as "complaint",
    // its own question's answer, hand nothing over before it is done; who asks for a person outright gets one at once.
    std::function<bool(db::tx&, std::int64_t conversation)> guided = {};
    // Whether what is said in the conversation leaves for where its customer is: "" when it need not (they read it
    // here), "queued", or "not_configured" when the channel has no gateway. Any thread; null: "".
    std::function<std::string_view(const row&)> delivery = {};
    // Keeps a reply that cannot leave, so that it can be sent once there is a gateway. Appends events: last in its
    // transaction.
    std::function<void(db::tx&, const row&, const stored_message&, time_point now)> keep_unsent = {};
};

// The three parameters of every SQL visibility predicate: sees everything, staff id, departments.
struct sight {
    bool everything = false;
    std::int64_t staff = 0;
    db::array departments;
};
sight sight_of(const principal& who);

// The conversation if this caller may see it. Throws 404 otherwise, whether it exists or not.
row find_visible(db::tx& t, const principal& who, std::int64_t id);
// The same, locked until COMMIT.
row lock_visible(db::tx& t, const principal& who, std::int64_t id);

// Everything up to seq has been read by this staff member.
void mark_read(db::tx& t, std::int64_t staff, std::int64_t conversation, int seq);

// Stores a message of a signed-in staff member or of the conversation's customer.
boost::asio::awaitable<receipt> post_message(surroundings& s, principal who, std::int64_t id, std::string text,
                                             std::string client_message_id, std::string idempotency_key);

// Counts of what may be judged visible alike; each reader is shown the sum of their groups.
struct count_group {
    event::scope scope;
    std::int64_t active = 0, waiting = 0, resolved_today = 0, waited_seconds = 0;
};
std::string queue_summary(const std::vector<count_group>& groups, const principal& who); // data of queue.update
std::vector<count_group> count_groups(db::tx& t, time_point day_start, time_point now);

// Everybody who waits; place counts from 1 within the department (0: none chosen), in the order of serving.
struct place_in_queue {
    std::int64_t conversation = 0, department = 0;
    int place = 0;
};
std::vector<place_in_queue> places(db::tx& t);

// Events after a cursor that this caller may see now (a stub where sight was lost); for replays. nullopt: the cursor
// is older than what is kept, or from the future.
struct replay_page {
    std::vector<event::entry> events;
    std::int64_t reached = 0;
};
std::optional<replay_page> replay(db::tx& t, const principal& who, std::int64_t after, int limit);

} // namespace chat_centre::conversation
