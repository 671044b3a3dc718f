#pragma once
// What may happen to a conversation, as pure functions: the row before and a wish, the row after or a refusal.
// Services lock the row, call one of these, and store what comes back.

#include <chat_centre/conversation/conversation.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace chat_centre::conversation {

struct turn {
    std::string kind; // handover, takeover, handback, transfer, hold, unhold, resolve, close, reopen
    std::int64_t staff = 0;
    std::int64_t to_staff = 0;
    std::int64_t to_department = 0;
    std::optional<std::string> reason;
};

struct step {
    row after;
    bool changed = false;     // false: the wish was already true
    std::optional<turn> said; // what the history shows
};

struct colleague {
    std::int64_t id = 0;
    std::string name;
};
struct department_ref {
    std::int64_t id = 0;
    std::string slug, name_en, name_ar;
};

step take_over(row c, const principal& who, bool force, time_point now);
step hand_back(row c, const principal& who, time_point now);
step ask_for_staff(row c, std::int64_t staff, const std::string& by, const std::string& reason,
                   time_point now);
// The assistant is switched off, and nobody is asked for: one of ours has the customer elsewhere.
step silence(row c, const std::string& reason, time_point now);
step assign_to(row c, const principal& who, const colleague& to, std::optional<std::string> note,
               time_point now);
step move_to(row c, const principal& who, const department_ref& to, std::optional<std::string> note,
             time_point now);
step hold(row c, const principal& who, bool on, time_point now);
step resolve(row c, const principal& who, std::optional<std::string> outcome,
             std::optional<std::string> resolution, bool close, time_point now);
step reopen(row c, const principal& who, time_point now);
// What the server does by itself. Each leaves the conversation alone when its state has changed meanwhile.
step give(row c, const colleague& to, const std::string& reason, time_point now);
step take_back(row c, const std::string& reason, time_point now); // from somebody, to the queue
step settle(row c, const std::string& outcome, time_point now);   // from the assistant, resolved
step close_quiet(row c, const std::string& reason, time_point now);

step rate(row c, int score, std::optional<std::string> comment, time_point now);

} // namespace chat_centre::conversation
