#pragma once
// Reads of the search index. SQL only; what to ask is decided in query.cpp.

#include "search/query.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/principal.hpp>
#include <chat_centre/conversation/service.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::search {

enum kind : std::uint8_t { conversations = 1, messages = 2, tickets = 3, contacts = 4, articles = 5 };

struct filter {
    std::vector<int> kinds{conversations, messages, tickets, contacts, articles};
    std::optional<std::vector<std::string>> statuses;
    std::optional<std::int64_t> department, assigned;
    bool unassigned = false;
    std::optional<std::string> channel, category, tag;
    std::optional<std::int64_t> rating;
    std::optional<time_point> from, to; // of the message, or the making of the thing

    // Set for what only conversations have; for what conversations and tickets have.
    bool conversations_only() const { return channel || rating; }
    bool any() const {
        return conversations_only() || statuses || department || assigned || unassigned || category || tag;
    }
};

struct hit {
    std::int64_t document = 0;
    int kind = 0;
    std::int64_t ref = 0; // conversation, ticket, contact or article
    int seq = 0;
    time_point at{};
    std::string id, title, snippet; // filled by describe()
    double score = 0.0;
};

// What the vocabulary has of longer words for the unfinished one, and of other forms.
void add_forms(db::tx& t, std::vector<term>& terms);
void add_longer(db::tx& t, std::vector<term>& terms);
// Words they may have been meant to be, of these the nearest. False: there is nothing like them.
bool add_typos(db::tx& t, std::vector<term>& terms);

// What sight and filters leave, looked up once for all the searches of a request.
struct reach {
    std::vector<std::int64_t> conversations; // few: searched one by one, in the kinds `within`
    std::vector<int> within;
    std::vector<int> kinds; // searched by their words and judged then
    span documents;         // of the times that are asked for
    bool nothing() const { return kinds.empty() && conversations.empty(); }
};
reach reach_of(db::tx& t, const principal& who, const filter& f);

// One request looks at this many documents with the words, the newest; the next one goes on from there. Otherwise a
// common word whose documents sight or a filter all but rules out would have every one of them judged.
inline constexpr std::int64_t most_judged = 5000;

struct found {
    std::vector<hit> hits; // newest first
    std::int64_t next = 0; // go on with the documents before this one; 0: there are no more
};
// Documents below `before` (0: from the newest on), at most `limit` hits.
found find(db::tx& t, const principal& who, const reach& within, const std::vector<term>& terms,
           const filter& f, std::int64_t before, std::int64_t limit);
// Titles and snippets; hits whose thing is gone are dropped.
void describe(db::tx& t, std::vector<hit>& hits, const std::vector<term>& terms);

std::optional<std::int64_t> department_id(db::tx& t, const std::string& slug);
std::int64_t events_behind(db::tx& t); // that the index has not taken in yet

} // namespace chat_centre::search
