#pragma once
// From an event's topics to the sockets that subscribed to them.

#include "client.hpp"
#include "topic.hpp"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace chat_centre::realtime {

class topic_index {
public:
    struct slot {
        client* who = nullptr;
        std::int64_t from = 0; // as in subscription
    };
    using slots = std::vector<slot>;

    void set(const topic& t, client& c, std::int64_t from);
    void remove(const topic& t, client& c);
    const slots* conversation(std::int64_t id) const;

    // Calls visit(const slot&) for every socket with a topic that carries the event; a socket with several topics
    // is visited several times. visit must not change the index.
    template <class Visit>
    void each(const routing& r, Visit&& visit) const {
        const auto all_of = [&](const slots& list) {
            for (const slot& s : list) visit(s);
        };
        if (r.all) all_of(all_);
        if (r.queue) all_of(queue_);
        if (r.staff) all_of(staff_);
        if (r.tickets) all_of(tickets_);
        if (r.conversation != 0)
            if (const slots* list = conversation(r.conversation)) all_of(*list);
        for (const std::int64_t holder : r.holders) {
            if (holder == 0) continue;
            if (const auto it = mine_.find(holder); it != mine_.end()) all_of(it->second);
        }
    }

private:
    slots* find(const topic& t, const client& c, bool create);

    slots queue_, staff_, tickets_, all_;
    std::unordered_map<std::int64_t, slots> mine_; // by staff id
    std::unordered_map<std::int64_t, slots> conversations_;
};

} // namespace chat_centre::realtime
