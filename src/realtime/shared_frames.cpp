#include "shared_frames.hpp"

#include <string_view>

namespace chat_centre::realtime {

void shared_frames::reset() {
    nodes_.resize(1);
    nodes_.front() = node{};
    steps_.clear();
    edges_.clear();
    last_ = {};
}

void shared_frames::next_event(const event::entry& e) {
    steps_.emplace_back().source = &e;
    edges_.clear(); // an edge belongs to one event
    last_ = {};
}

shared_frames::node_id shared_frames::add(node_id at, rendition r) {
    edge& remembered = last_[static_cast<std::size_t>(r)];
    if (remembered.to != root && remembered.from == at) return remembered.to;
    const auto key = std::uint64_t{at} << 2U | static_cast<std::uint64_t>(r);
    const auto [it, fresh] = edges_.try_emplace(key, static_cast<node_id>(nodes_.size()));
    if (fresh) {
        node n;
        n.parent = at;
        n.event = static_cast<std::uint32_t>(steps_.size() - 1);
        n.count = nodes_[at].count + 1;
        n.how = r;
        nodes_.push_back(std::move(n));
    }
    remembered = {at, it->second};
    return it->second;
}

const std::string& shared_frames::text_of(const node& n) {
    step& s = steps_[n.event];
    std::string& text = s.text[static_cast<std::size_t>(n.how)];
    if (text.empty()) text = render(*s.source, n.how);
    return text;
}

frame shared_frames::encoded(node_id at) {
    if (nodes_[at].text) return nodes_[at].text;
    constexpr std::string_view head = R"({"type":"events","events":[)";
    path_.clear();
    std::size_t size = head.size() + 2;
    for (node_id n = at; n != root; n = nodes_[n].parent) {
        path_.push_back(n);
        size += text_of(nodes_[n]).size() + 1;
    }
    std::string text;
    text.reserve(size);
    text += head;
    for (auto it = path_.rbegin(); it != path_.rend(); ++it) {
        if (it != path_.rbegin()) text += ',';
        text += text_of(nodes_[*it]);
    }
    text += "]}";
    nodes_[at].text = std::make_shared<const std::string>(std::move(text));
    return nodes_[at].text;
}

} // namespace chat_centre::realtime
