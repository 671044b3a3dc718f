#pragma once
// What happens in a sample conversation, as data. Texts are templates (wording.hpp); who acts on our side is a desk,
// which staff.hpp turns into an account.

#include <cstdint>
#include <span>
#include <string_view>

namespace chat_centre::demo {

enum class act : std::uint8_t {
    says, // the customer writes
    answers, // the assistant of the channel writes (never in the widget: there the server's own assistant speaks)
    asks,     // the customer presses "talk to a person" (widget only)
    routes,   // the duty manager sends it to a department (text: its slug)
    takes,    // a desk takes it over and holds it from here on
    replies,  // whoever holds it writes
    notes,    // whoever holds it writes an internal note
    holds,    // whoever holds it puts it on hold ...
    resumes,  // ... and goes on
    passes,   // whoever holds it transfers it to a desk (text: the note for the colleague)
    resolves, // whoever holds it, or the duty manager, resolves it (text: resolution, more: outcome)
    rates     // the customer rates it (text: comment; widget only)
};

enum class desk : std::uint8_t { none, admin, education, medical, support, orders, arabic, manager };

struct line {
    std::string_view text;
    std::string_view more;
    int score = 0;
    act what = act::says;
    desk who = desk::none;
};

constexpr line says(std::string_view text) { return {.text = text, .what = act::says}; }
constexpr line answers(std::string_view text) { return {.text = text, .what = act::answers}; }
constexpr line asks() { return {.what = act::asks}; }
constexpr line routes(std::string_view department) { return {.text = department, .what = act::routes}; }
constexpr line takes(desk who) { return {.what = act::takes, .who = who}; }
constexpr line replies(std::string_view text) { return {.text = text, .what = act::replies}; }
constexpr line notes(std::string_view text) { return {.text = text, .what = act::notes}; }
constexpr line holds() { return {.what = act::holds}; }
constexpr line resumes() { return {.what = act::resumes}; }
constexpr line passes(desk to, std::string_view note) {
    return {.text = note, .what = act::passes, .who = to};
}
constexpr line resolves(std::string_view outcome, std::string_view resolution) {
    return {.text = resolution, .more = outcome, .what = act::resolves};
}
constexpr line rates(int score, std::string_view comment = {}) {
    return {.text = comment, .score = score, .what = act::rates};
}

struct dialogue {
    std::string_view id;
    std::string_view channel; // "widget" goes through conversations/start, everything else through chat/sync
    std::string_view language;
    std::string_view customer; // name, a template
    std::string_view email;    // "": made up from the customer's number
    std::string_view phone;    // "": only where the channel is a phone's
    std::string_view issue_type;
    std::string_view priority; // "": not sent
    std::span<const line> lines;
    int minutes_ago = 0; // in the opening: when the first message was written
};

// The opening, in document 000's dashboard: who is with staff, who waits, who was helped today.
std::span<const dialogue> opening_active();
std::span<const dialogue> opening_waiting();
std::span<const dialogue> opening_resolved();

std::span<const dialogue> english_traffic();
std::span<const dialogue> arabic_traffic();

} // namespace chat_centre::demo
