#pragma once
// Replies on their way to customers of channels with a send address. A follower of the log makes a row for each message
// of our side; a job for each conversation posts them, one after the other, in the order of seq. At least once, under the
// message's own id, so that the other side can tell a repetition.
//
// What was said before staff took over is still delivered, in its order: the conversation that both sides read is the one
// that is stored. After that nothing of the assistant can follow, as the log takes nothing more from it.

#include <chat_centre/channel/context.hpp>
#include <chat_centre/event/relay.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace chat_centre::channel {

class deliveries {
public:
    deliveries(const db::settings& database, db::pool& pool, const clock_source& clock, context& c);
    ~deliveries();
    void start();
    void notice(const event::entries& batch); // any thread
    void stop();                              // waits for what is under way

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

// The pause before the next attempt after `attempts` failed ones: 1 s, 2 s, 4 s ... at most ten minutes, and a fifth more
// or less at random. It never gives up: what gives up is the row.
std::optional<std::chrono::milliseconds> send_pause(int attempts);

// Would sending it again change nothing? Answers that speak of the message, not of the endpoint or of now.
bool refused_for_good(int status);

// A reply that has not arrived for so long is given up.
inline constexpr std::chrono::hours give_up_after{24};

// A message to be posted, as the values of the template.
// "" when nothing needs to leave (not a channel that is set up, or another system's conversation), "queued", or
// conversation::not_configured: there is no gateway. Static text; any thread.
std::string_view delivery_on(const directory& known, const conversation::row& c);
// Keeps such a reply as a dead delivery and says so to whoever shows the conversation. Appends events: last.
void keep_unsent(db::tx& t, const directory& known, const conversation::row& c,
                 const conversation::stored_message& m, time_point now);

struct reply_facts {
    std::string text, user_id, user_phone, name, sender, role, message_id, session;
    std::int64_t conversation = 0;
};
std::map<std::string, std::string, std::less<>> values_of(const reply_facts& f);

// Posts one text; returns status and the other side's id of it. Throws http::no_answer. Blocks.
struct posted {
    int status = 0;
    std::string external_id;
};
posted post_reply(const http::outbound_rules& rules, const send_address& to, const reply_facts& f,
                  const std::string& idempotency_key);

// Starts a dead one's attempts anew. False: there is none such.
bool deliver_again(db::tx& t, std::int64_t delivery, time_point now);

} // namespace chat_centre::channel
