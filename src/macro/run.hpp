#pragma once
// Doing the steps of a macro, and undoing them.

#include "macro/store.hpp"

#include <string>
#include <vector>

namespace chat_centre::macro {

// The steps for one conversation: texts rendered, templates read. Throws 422 when a text cannot be filled.
struct prepared {
    macro_row macro;
    std::vector<std::string> texts; // per step; "" where there is none
    std::vector<std::int64_t> templates;
};
prepared prepare(db::tx& t, const http::request& r, std::int64_t macro, std::int64_t conversation,
                 const company_names& company);

// What was done, as it is stored: macro_step's JSON and what undoing it needs.
using record = json;

// Does steps that are no messages, all or nothing, and adds their records to `done`.
void do_segment(db::tx& t, const http::request& r, const prepared& p, const std::vector<std::size_t>& steps,
                std::int64_t conversation, time_point now, record& done, std::vector<event::entry>& events);

struct undone {
    json undone = json::array();
    json not_undone = json::array();
};
// Last step first, but who has the conversation before anything else: it decides what the caller sees.
undone undo_steps(db::tx& t, const http::request& r, const record& done, std::int64_t conversation,
                  time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::macro
