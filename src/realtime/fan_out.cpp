// From a batch of events to one write per socket.
//
// A pass takes what has come since the last one, works out for each event which sockets get it, and then sends
// each socket one frame with all of it; sockets with the same events share the frame. The next pass waits at least
// as long as this one took (up to a limit): under load the batches grow instead of the share of the processor.

#include "hub_impl.hpp"

#include <chat_centre/event/ticket_audience.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>

namespace chat_centre::realtime {

namespace {

constexpr std::size_t pass_events = 512;
// A pass must not fill a socket's queue: then the next one would close sockets that keep up.
std::size_t pass_bytes(const options& o) { return std::min<std::size_t>(256 * 1024, o.queue_bytes / 8); }
constexpr std::chrono::milliseconds longest_pause{8};

} // namespace

void hub::impl::publish(event::entries batch) {
    if (!batch || batch->empty()) return;
    {
        const std::lock_guard lock(inbox_mutex_);
        inbox_events_ += batch->size();
        if (inbox_events_ > o_.backlog_events) {
            // Nobody reads the old ones any more; what matters is the newest id.
            inbox_lost_ = true;
            inbox_.clear();
            inbox_events_ = batch->size();
        }
        inbox_.push_back(std::move(batch));
        if (woken_) return;
        woken_ = true;
    }
    boost::asio::post(io_, [this] { wake(); });
}

void hub::impl::wake() {
    if (pass_waiting_ || stopping_) return;
    const moment at = now();
    if (at >= next_pass_) {
        pass();
        return;
    }
    pass_waiting_ = true;
    pass_timer_.expires_after(next_pass_ - at);
    pass_timer_.async_wait([this](const boost::system::error_code& ec) {
        pass_waiting_ = false;
        if (!ec && !stopping_) pass();
    });
}

bool hub::impl::take_inbox() {
    const std::lock_guard lock(inbox_mutex_);
    woken_ = false;
    const bool lost = std::exchange(inbox_lost_, false);
    if (lost) {
        for (const event::entries& batch : inbox_) passed_ = std::max(passed_, batch->back().id);
        backlog_.clear();
        backlog_at_ = 0;
        inbox_events_ = 0;
    } else {
        backlog_.insert(backlog_.end(), inbox_.begin(), inbox_.end());
    }
    inbox_.clear();
    return !lost;
}

void hub::impl::pass() {
    const moment began = now();
    const std::size_t most_bytes = pass_bytes(o_);
    std::size_t events = 0;
    if (!take_inbox()) resync_everybody();

    std::size_t bytes = 0;
    std::vector<event::entries> alive; // frames_ points into them until flush()
    while (!backlog_.empty() && events < pass_events && bytes < most_bytes) {
        const event::entries batch = backlog_.front();
        alive.push_back(batch);
        for (; backlog_at_ < batch->size() && events < pass_events && bytes < most_bytes; ++backlog_at_) {
            const event::entry& e = (*batch)[backlog_at_];
            ++events;
            bytes += e.data.size();
            ++event_number_;
            frames_.next_event(e);
            topics_.each(route(e), [&](const topic_index::slot& s) {
                offer(s, batch, static_cast<std::uint32_t>(backlog_at_));
            });
            passed_ = std::max(passed_, e.id);
        }
        if (backlog_at_ == batch->size()) {
            backlog_.pop_front();
            backlog_at_ = 0;
        }
    }
    flush();
    {
        const std::lock_guard lock(inbox_mutex_);
        inbox_events_ -= std::min(inbox_events_, events);
    }

    const moment ended = now();
    next_pass_ = ended + std::min<moment::duration>(ended - began, longest_pause);
    if (!backlog_.empty()) boost::asio::post(io_, [this] { wake(); });
}

void hub::impl::offer(const topic_index::slot& s, const event::entries& batch, std::uint32_t index) {
    client& c = *s.who;
    if (c.offered == event_number_ || !c.live()) return;
    const event::entry& e = (*batch)[index];
    if (c.holding) {
        c.offered = event_number_;
        if (c.holding->overflow) return;
        if (c.holding->events.size() >= o_.held_events) {
            c.holding->overflow = true;
            c.holding->events.clear();
            return;
        }
        c.holding->events.push_back({batch, index});
        return;
    }
    if (e.id <= s.from) return;
    c.offered = event_number_;
    deliver(c, e);
}

void hub::impl::deliver(client& c, const event::entry& e) {
    const rendition r = judge(c.who, e);
    if (r == rendition::hidden) return;
    if (note_state(c, e)) placeless_.push_back(&c);
    if (c.node == shared_frames::root) touched_.push_back(&c);
    c.node = frames_.add(c.node, r);
    if (r == rendition::stub && !event::is_ticket(e.who)) lost_sight_.emplace_back(&c, e.conversation);
}

void hub::impl::flush() {
    for (client* c : touched_) {
        counters_.delivered.fetch_add(frames_.count(c->node), std::memory_order_relaxed);
        c->send(frames_.encoded(c->node));
        c->node = shared_frames::root;
    }
    touched_.clear();
    frames_.reset();
    for (client* c : placeless_) tell_place(*c);
    placeless_.clear();
    for (const auto& [c, conversation] : lost_sight_)
        drop_topic(*c, topic{topic_kind::conversation, conversation});
    lost_sight_.clear();
}

void hub::impl::resync_everybody() {
    for (const auto& c : clients_) {
        if (!c->live()) continue;
        if (c->holding && !c->holding->opening)
            c->holding->overflow = true; // the resume under way ends in a resync
        else
            resync(*c);
    }
}

// The client has to load afresh; from here on it gets everything.
void hub::impl::resync(client& c, std::string_view ref_json) {
    c.holding.reset();
    const std::vector<subscription> list = c.topics.list();
    for (const subscription& s : list) set_topic(c, s.what, passed_, passed_);
    counters_.resyncs.fetch_add(1, std::memory_order_relaxed);
    c.say(head_frame("resync", passed_, ref_json));
}

} // namespace chat_centre::realtime
