// Live events that differ from reader to reader, such as counts of what each may see.

#include "hub_impl.hpp"

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

} // namespace chat_centre::realtime
