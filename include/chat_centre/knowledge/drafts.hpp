#pragma once
// Articles that other parts of the server propose. People publish them.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace chat_centre::knowledge {

struct draft_article {
    std::string slug, language; // "en" or "ar"
    std::string category;
    std::string title, body; // the body is plain text
    std::int64_t staff = 0;  // who wants it
};

// Adds it with status draft; its id. Throws error 409 when slug and language are taken. The event that articles changed
// is added to `events`, which the caller appends.
std::int64_t add_draft(db::tx& t, const draft_article& d, time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::knowledge
