#pragma once
// Everything that leaves the server: a row in the transaction of its cause, and a job of the same number that sends it
// until it has arrived. At least once; the message id is the same at every attempt, so a receiver can tell.

#include "notify/context.hpp"

#include <chat_centre/db/tx.hpp>
#include <chat_centre/jobs/jobs.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace chat_centre::notify {

struct outgoing {
    std::string kind;  // mail, slack, teams, webhook
    std::string cause; // one row for one cause; "": no matter
    std::int64_t webhook = 0;
    std::int64_t integration = 0;
    std::string recipient;
    std::string subject;
    std::string payload; // mail: {"text" or "sealed","language","name"}; else the body
};

// The number of the row; 0: this cause had one already.
std::int64_t put(db::tx& t, const context& c, const outgoing& o, time_point due);
// Starts the attempts anew: of a dead one, or with `any_state` of one that arrived as well. False: there is none such.
bool send_again(db::tx& t, std::int64_t id, bool any_state, time_point now);

struct stored_outgoing {
    std::int64_t id = 0;
    std::string kind, message_id;
    std::int64_t webhook = 0, integration = 0;
    std::string recipient, subject, payload, state;
    int attempts = 0;
    time_point created_at{};
};
std::optional<stored_outgoing> find_outgoing(db::tx& t, std::int64_t id);

// An attempt that failed.
class not_delivered : public std::runtime_error {
public:
    not_delivered(int s, const std::string& text, bool final_answer = false)
        : std::runtime_error(text), status(s), for_good(final_answer) {}
    int status;    // of HTTP or SMTP; 0: no answer
    bool for_good; // trying again would change nothing
};

class sender {
public:
    explicit sender(const context& c) : c_(c) {} // c outlives it
    // Webhooks and chats have a runner of their own: endpoints that hang must not hold up mail.
    void attach(jobs::runner& mail, jobs::runner& endpoints);

private:
    void perform(const jobs::job& j, const jobs::retry_rule& rule);
    // Returns the status of the answer; throws not_delivered.
    int deliver(const stored_outgoing& o) const;
    int deliver_mail(const stored_outgoing& o) const;
    int deliver_chat(const stored_outgoing& o) const;
    int deliver_webhook(const stored_outgoing& o) const;

    const context& c_;
};

} // namespace chat_centre::notify
