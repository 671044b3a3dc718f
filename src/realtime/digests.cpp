// Live events that differ from reader to reader, such as counts of what each may see.

#include "hub_impl.hpp"

#include <chat_centre/base/ids.hpp>

#include <boost/asio/post.hpp>

namespace chat_centre::realtime {

void hub::publish_each(std::string type, std::function<std::string(const principal&)> data) {
    boost::asio::post(
        impl_->io_, [this, type = std::move(type), data = std::move(data)] { impl_->tell_each(type, data); });
}

void hub::impl::tell_each(const std::string& type, const std::function<std::string(const principal&)>& data) {
    std::unordered_map<std::int64_t, frame> made; // one frame for all sockets of a person; empty: nothing new
    for (const auto& c : clients_) {
        if (!c->live() || c->who.kind != caller::staff) continue;
        if (!c->topics.has({topic_kind::queue, 0}) && !c->topics.has({topic_kind::all, 0})) continue;
        const auto [at, first] = made.try_emplace(c->who.staff);
        if (first) {
            std::string text = data(c->who);
            std::string& last = digests_[c->who.staff];
            if (text != last) {
                event::entry e;
                e.type = type;
                e.at = clock_.now();
                at->second = std::make_shared<const std::string>(R"({"type":"events","events":[)" +
                                                                 event::to_json(e, text) + "]}");
                last = std::move(text);
            }
        }
        if (at->second) c->send(at->second);
    }
}

void hub::publish_places(places p) {
    boost::asio::post(impl_->io_, [this, p = std::move(p)]() mutable {
        impl_->places_ = std::move(p);
        for (const auto& c : impl_->clients_) impl_->tell_place(*c);
    });
}

bool hub::serves_customers() const { return impl_->counters_.customers > 0; }

void hub::impl::tell_place(client& c) {
    if (!c.live() || c.holding || c.who.kind != caller::customer) return;
    const auto found = places_.data.find(c.bound);
    if (found == places_.data.end()) {
        c.place_digest = 0; // should they wait again, they hear of it again
        return;
    }
    const auto digest = hash64(found->second);
    // What was read before the last change that they know of would take them back.
    if (c.place_digest == digest || c.state_event > places_.head) return;
    c.place_digest = digest;
    event::entry e;
    e.type = "conversation.update";
    e.at = clock_.now();
    e.conversation = c.bound;
    c.say(R"({"type":"events","events":[)" + event::to_json(e, found->second) + "]}");
}

bool hub::impl::note_state(client& c, const event::entry& e) {
    if (c.bound == 0 || c.who.kind != caller::customer || e.type != "conversation.update") return false;
    c.state_event = e.id;
    c.place_digest = 0; // the event does not know it
    return true;
}

} // namespace chat_centre::realtime
