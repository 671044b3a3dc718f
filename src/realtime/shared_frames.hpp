#pragma once
// The frames of one pass over a batch of events: encoded once, shared by every socket that gets the same events.
//
// Sockets move through a tree whose edges are "gets event i as rendition r". All that end at one node get the same
// frame, so the frame belongs to the node. Adding an event to a socket is one look-up of the edge, and that is
// remembered from the socket before, which mostly took the same one. Pure; one thread.

#include "frames.hpp"
#include "topic.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace chat_centre::realtime {

class shared_frames {
public:
    using node_id = std::uint32_t;
    static constexpr node_id root = 0; // gets nothing

    shared_frames() { reset(); }
    void reset(); // begins a pass; frames handed out live on

    // The next event of the pass; it must stay where it is until reset().
    void next_event(const event::entry& e);
    // The node of a socket at `at` that also gets the event given last.
    node_id add(node_id at, rendition r);
    // {"type":"events","events":[...]} with what led to this node. Not for root.
    frame encoded(node_id at);
    std::uint32_t count(node_id at) const { return nodes_[at].count; }

private:
    struct node {
        node_id parent = root;
        std::uint32_t event = 0;
        std::uint32_t count = 0;
        rendition how = rendition::hidden;
        frame text;
    };
    struct step {
        const event::entry* source = nullptr;
        std::array<std::string, 4> text; // by rendition, filled when needed
    };
    struct edge {
        node_id from = root;
        node_id to = root; // root: nothing remembered
    };

    const std::string& text_of(const node& n);

    std::vector<node> nodes_;
    std::vector<step> steps_;
    std::unordered_map<std::uint64_t, node_id> edges_; // of the event given last
    std::array<edge, 4> last_{};                       // by rendition
    std::vector<node_id> path_;
};

} // namespace chat_centre::realtime
