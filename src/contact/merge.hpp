#pragma once
// Two records that are one person: looking first, doing it, and taking it back.

#include <chat_centre/contact/contact.hpp>

#include <string>
#include <vector>

namespace chat_centre::contact {

struct moved_counts {
    std::int64_t conversations = 0, tickets = 0, leads = 0, activities = 0, tasks = 0, identities = 0;
};
json to_json(const moved_counts& m);

// Of other features, whose views name the contact.
struct moved_ids {
    std::vector<std::int64_t> conversations;
    std::vector<std::string> tickets;
};

struct merge_result {
    contact::person person; // as it is, or would be
    moved_counts moved;
    moved_ids ids; // none for a preview
    std::vector<std::string> warnings;
    std::int64_t merge = 0; // 0: only a preview
};
// Both are locked by it. Throws 409 when they cannot become one.
merge_result preview_merge(db::tx& t, std::int64_t kept, std::int64_t other);
merge_result merge(db::tx& t, std::int64_t kept, std::int64_t other, std::int64_t by_staff, time_point now);

struct undo_result {
    std::int64_t kept = 0;
    std::int64_t other = 0;
    moved_counts moved;
    moved_ids ids;
};
// Gives back what moved and is still there; fields of the kept record that were changed since stay as they are.
// Throws 404 for no such merge, 409 when it was undone already or one of the two was merged again since.
undo_result undo_merge(db::tx& t, std::int64_t merge, std::int64_t by_staff, time_point now);

} // namespace chat_centre::contact
