#include "topic_index.hpp"

namespace chat_centre::realtime {

topic_index::slots* topic_index::find(const topic& t, const client& c, bool create) {
    const auto in = [&](std::unordered_map<std::int64_t, slots>& map, std::int64_t id) -> slots* {
        if (create) return &map[id];
        const auto it = map.find(id);
        return it == map.end() ? nullptr : &it->second;
    };
    switch (t.kind) {
    case topic_kind::queue: return &queue_;
    case topic_kind::staff: return &staff_;
    case topic_kind::tickets: return &tickets_;
    case topic_kind::all: return &all_;
    case topic_kind::mine: return in(mine_, c.who.staff);
    case topic_kind::conversation: break;
    }
    return in(conversations_, t.conversation);
}

void topic_index::set(const topic& t, client& c, std::int64_t from) {
    slots& list = *find(t, c, true);
    for (slot& s : list) {
        if (s.who != &c) continue;
        s.from = from;
        return;
    }
    list.push_back({&c, from});
}

void topic_index::remove(const topic& t, client& c) {
    slots* list = find(t, c, false);
    if (!list) return;
    for (slot& s : *list) {
        if (s.who != &c) continue;
        s = list->back();
        list->pop_back();
        break;
    }
    if (!list->empty()) return;
    if (t.kind == topic_kind::mine) mine_.erase(c.who.staff);
    if (t.kind == topic_kind::conversation) conversations_.erase(t.conversation);
}

const topic_index::slots* topic_index::conversation(std::int64_t id) const {
    const auto it = conversations_.find(id);
    return it == conversations_.end() ? nullptr : &it->second;
}

} // namespace chat_centre::realtime
