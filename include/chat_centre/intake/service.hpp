#pragma once
// The guided intake around its pure step: state in the database, words through the append lane, effects as jobs.
//
// A customer's message is stored by the append lane like any other; the assistant's follower asks guide() what is said to
// it. guide() keeps the new state in the follower's transaction and schedules the job "intake.settle" there, which does
// what was decided (labels, ticket, handover) in a transaction of its own. So a process may die anywhere: each part is
// done once. Locks are taken in this order: intake, conversation, event counter. Database threads, unless said otherwise.

#include <chat_centre/conversation/service.hpp>
#include <chat_centre/intake/flow.hpp>
#include <chat_centre/jobs/jobs.hpp>
#include <chat_centre/ticket/service.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace chat_centre::intake {

inline constexpr const char* call_channel = "call"; // conversations that the intake always leads

struct features { // what the document's system switches off in call-centre mode; false: off
    bool avatar_display = false, face_recognition = false, visual_context = false, tavus_avatar = false;
};

// What the feature needs from its surroundings. References outlive it.
struct surroundings {
    db::pool& pool;
    conversation::surroundings& chats;
    std::function<const ticket::surroundings&()> tickets;
    const clock_source& clock;
    std::string company_en, company_ar, assistant_name;
    bool enabled = true;               // CALL_CENTER_MODE
    settings rules;                    // its judges are filled in from the functions below
    std::chrono::seconds patience{30}; // IVR_TIMEOUT_SECONDS
    intake::features flags;
    std::function<analysis::subject(db::tx&, std::string_view text)> route;
    std::function<bool(std::string_view text)> wants_person;
    std::function<std::optional<std::string>(std::string_view text, std::string_view language)> answer;
    std::function<std::string(std::int64_t conversation)> make_token; // any thread
};

struct heard { // what the assistant was called for
    std::int64_t conversation = 0;
    int seq = 0;
    std::string channel, text, language;
    bool lead = false; // the conversation's scenario wants an intake
};
struct said {
    std::string text;
    std::string metadata; // JSON object
};

class service {
public:
    explicit service(surroundings s) : s_(std::move(s)) {}

    // nullopt: the intake has nothing to do with this conversation (any more). Locks neither the conversation nor the
    // event counter, which the append lane needs before this transaction ends.
    std::optional<said> guide(db::tx& t, const heard& h);
    static bool leads(db::tx& t, std::int64_t conversation); // has it still something to ask?

    // Follows conversation.moved: people take over, hand back and resolve.
    void follow(db::tx& t, const std::vector<event::entry>& moves);
    void handle_jobs(jobs::runner& runner); // before it is started

    const surroundings& around() const { return s_; }

    // --- for the routes ---
    struct begun {
        std::string text; // the parts in one
        std::vector<std::string> parts;
        intake::state state;
    };
    begun open(db::tx& t, const std::string& language, const std::string& phone) const;
    void enter(db::tx& t, std::int64_t conversation, const begun& b); // its row, timeout and event
    // A step that no message led to: a switch, a button. What is said to it must be appended by the caller.
    struct acted {
        std::string text;
        std::string message_id;
    };
    acted act(db::tx& t, std::int64_t conversation, const input& in);
    void hold(db::tx& t, std::int64_t conversation, bool on);

private:
    settings rules_for(db::tx& t) const;
    void settle(db::tx& t, const jobs::job& j);
    void remind(db::tx& t, const jobs::job& j);
    void tell_ticket(const jobs::job& j);

    surroundings s_;
};

} // namespace chat_centre::intake
