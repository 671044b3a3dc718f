#pragma once
// What may happen to a ticket, as pure functions: the row before and a wish, the row after or a refusal (409, 403).
// Services lock the row, call one of these, and store what comes back; the history is the difference of the two.

#include <chat_centre/ticket/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::ticket {

// The status machine.
bool may_move(std::string_view from, std::string_view to);
// Nobody on our side can do anything: the clocks stand still.
bool is_paused(std::string_view status);

struct department_ref {
    std::int64_t id = 0;
    std::string slug, name_en, name_ar;
};
struct colleague {
    std::int64_t id = 0;
    std::string name;
    chat_centre::role role = chat_centre::role::agent;
};

row set_status(row t, std::string_view to, time_point now);
row answered(row t, time_point now);       // by staff: open becomes in_progress, the first one is remembered
row customer_wrote(row t, time_point now); // waiting_customer and resolved become in_progress
// Document 002's chart: to an agent: they handle it; to an engineer: level L2; to a manager: manager review. All
// branches are in progress. Assigning never lowers a level.
row assign(row t, const colleague& to, time_point now);
row unassign(row t, time_point now);
row move_to(row t, const department_ref& to, time_point now); // to its list: nobody has it then
row escalate(row t, std::string_view level, time_point now);
row merge(row t, const row& into, time_point now);

// The level that a missed target leads to: an answer is a manager's affair at once (engineers do not answer customers), a
// late solution goes up step by step.
std::string next_level(std::string_view level, bool first_response);
int rank(std::string_view level); // L1 0, L2 1, manager 2; -1: none of them

enum class act : std::uint8_t { comment, answer, change, take, reassign, escalate, lower };
// Of a ticket that they may see. Throws 403 saying who may.
void allow(const principal& who, act what, const row& t);

struct field_change {
    std::string field;
    std::optional<std::string> before, after;
    bool operator==(const field_change&) const = default;
};
std::vector<field_change> difference(const row& before, const row& after);

// Which of a customer's messages, newest first, says what they want: "yes", "1" and a telephone number do not. The newest
// when none does. `words` is not empty.
std::size_t telling_one(const std::vector<std::string>& words);

} // namespace chat_centre::ticket
