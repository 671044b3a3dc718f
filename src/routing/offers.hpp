#pragma once
// An offer of a conversation to one person, who has some seconds to accept it. The conversation stays in the queue
// meanwhile, and counts as load of that person.

#include "routing/wording.hpp"

#include <chat_centre/base/clock.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/db/tx.hpp>
#include <chat_centre/event/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat_centre::routing {

struct proposal {
    std::int64_t conversation = 0;
    std::int64_t staff = 0;
    std::string user_name, priority;
    std::optional<std::string> category;
    wording reason; // why this person
};
// The caller holds the conversations' locks; none of them is offered to anybody. Adds events.
void make_offers(db::tx& t, const std::vector<proposal>& all, time_point expires, time_point now,
                 std::vector<event::entry>& events);
// What the event `offer` says.
json offer_data(const proposal& p, time_point expires);
// What a person may accept now, the most pressing first, each as the event `offer` told of it.
std::vector<json> open_offers(db::tx& t, std::int64_t staff, time_point now);

// What a person answers. Throws 409 when the offer is over or another's. Adds events.
void answer_offer(db::tx& t, std::int64_t conversation, std::int64_t staff, const std::string& name,
                  bool accept, time_point now, std::vector<event::entry>& events);

// Its time is up: the next one is asked. Nothing when it has ended.
void expire_offer(db::tx& t, std::int64_t offer, time_point now, std::vector<event::entry>& events);

// The conversation is no longer to be had (taken, closed, moved away) or the person is gone.
void withdraw_offer(db::tx& t, std::int64_t conversation, time_point now, std::vector<event::entry>& events);
void withdraw_offers_to(db::tx& t, std::int64_t staff, time_point now, std::vector<event::entry>& events);

} // namespace chat_centre::routing
