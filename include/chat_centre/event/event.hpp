#pragma once
// The event log: one durable, ordered list of everything that happened. Every other part follows it.
//
// Ids are dense and increase in commit order: append() takes them from one counter row, whose lock is held until
// COMMIT. That lock comes last, so append() must be the last statement of a transaction.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/tx.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::event {

// Who may learn of an event. `internal` never leaves the server (cache invalidation); `people` is staff at large;
// `person` is the one member of staff whom scope::assigned names (topic `mine`).
enum class audience : std::uint8_t {
    internal = 0,
    people = 1,
    conversation_staff = 2,
    conversation_public = 3,
    person = 4
};

// What visibility is judged by, at the time of the event: mirrors the SQL predicate of conversations.
struct scope {
    std::int64_t assigned = 0;   // staff id; 0: nobody
    std::int64_t department = 0; // 0: none chosen
    bool waiting = false;        // status pending

    bool operator==(const scope&) const = default;
};

struct entry {
    std::int64_t id = 0; // set by append()
    std::string type;    // "message.new"
    time_point at{};
    std::int64_t conversation = 0; // 0: none
    audience who = audience::internal;
    scope now;
    std::optional<scope> before; // when the event changed who may see the conversation
    std::string data;            // JSON object text
    std::string public_data;     // what the customer gets; "": same as data for conversation_public
    int message_seq = 0;         // not 0: data is this message of the conversation, and is stored there only
};

using entries = std::shared_ptr<const std::vector<entry>>;

// Appends in order, sets the ids, and wakes the relays of all processes on commit. The last statement of a
// transaction. Returns the first id.
std::int64_t append(db::tx& t, std::vector<entry>& batch);

// For the append lane, which appends in a statement of its own: the columns of table event for a batch, in the order
// of event.append in queries.sql, and the ids once they are known.
struct columns {
    db::array type, at, conversation, who, assigned, department, waiting, was_assigned, was_department,
        was_waiting, data, public_data, message_seq;
};
columns columns_of(const std::vector<entry>& batch);
void number(std::vector<entry>& batch, std::int64_t first);

// Events after `after`, oldest first, at most `limit`.
std::vector<entry> read(db::tx& t, std::int64_t after, int limit);
// Internal events of some types, the same way.
std::vector<entry> read_internal(db::tx& t, std::int64_t after, const std::vector<std::string>& types,
                                 int limit);
// Events of any audience but internal with ids after..reached, of some types. Walks the ids between, so it is for spans
// of a few thousand.
std::vector<entry> read_public(db::tx& t, std::int64_t after, std::int64_t reached,
                               const std::vector<std::string>& types);
std::int64_t head(db::tx& t);   // id of the newest event; 0 when there is none
std::int64_t oldest(db::tx& t); // id of the oldest event kept; a cursor below oldest - 1 needs a resync

// {"id":7,"type":"...","at":"...","conversation_id":"CONV-1","data":{...}}
std::string to_json(const entry& e, std::string_view data);

} // namespace chat_centre::event
