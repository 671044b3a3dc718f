// Subscribing, with or without a past: hold live events, replay older ones, say "subscribed", release what was
// held. Everything up to `target` comes from the log and everything after it from the hold, so ids only grow.

#include "hub_impl.hpp"

#include <chat_centre/base/error.hpp>
#include <chat_centre/event/ticket_audience.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace chat_centre::realtime {

namespace asio = boost::asio;

namespace {

// Of replayed and released events: large enough to be cheap, small enough to wait for room in between.
std::size_t frame_size(const options& o) { return std::min<std::size_t>(64 * 1024, o.queue_bytes / 4); }

error out_of_sight() { return error::not_found("There is no such conversation, or you may not see it."); }

} // namespace

void hub::impl::set_topic(client& c, const topic& t, std::int64_t since, std::int64_t from) {
    c.topics.set(t, since, from);
    topics_.set(t, c, from);
}

void hub::impl::drop_topic(client& c, const topic& t) {
    if (!c.topics.remove(t)) return;
    topics_.remove(t, c);
    if (t.kind == topic_kind::conversation) tell(presence_.leave(c.key, t.conversation));
}

void hub::impl::begin_hold(client& c, bool opening) {
    if (!c.holding) c.holding = std::make_unique<hold>();
    c.holding->opening = opening;
    c.holding->floor = passed_;
}

std::optional<error> hub::impl::refusal(const client& c, const topic& t) const {
    if (c.who.kind == caller::customer) {
        if (t.kind != topic_kind::conversation) return error::forbidden("This topic is for staff.");
        if (t.conversation != c.who.conversation) return out_of_sight();
        return std::nullopt;
    }
    if (t.kind == topic_kind::all && !c.who.may(permission::events_all))
        return error::forbidden("The topic \"all\" is for managers and admins.");
    if (!c.topics.has(t) && c.topics.list().size() >= o_.topics)
        return error::conflict("This socket has too many topics: unsubscribe from some first.");
    return std::nullopt;
}

asio::awaitable<void> hub::impl::subscribe(std::shared_ptr<client> c, client_frame f) {
    for (const std::string& name : f.unknown_topics)
        c->say(error_frame("unknown_topic", "There is no such topic: see docs/protocol.md.", f.ref, name));
    if (f.topics.empty() && f.unknown_topics.empty() && c->bound != 0)
        f.topics.push_back({topic_kind::conversation, c->bound});
    if (f.topics.empty() && f.unknown_topics.empty()) throw error::unprocessable("topics", "is required");

    // First the topics and the hold, then the questions: nothing is missed while they are answered.
    const std::int64_t target = passed_;
    std::vector<topic> granted;
    bool ask = f.since.has_value();
    for (const topic& t : f.topics) {
        if (const auto no = refusal(*c, t)) {
            c->say(error_frame(code_of(no->status()), no->detail(), f.ref, to_string(t)));
            continue;
        }
        const bool had = c->topics.has(t);
        if (f.since)
            set_topic(*c, t, *f.since, *f.since);
        else if (!had)
            set_topic(*c, t, target, target);
        granted.push_back(t);
        ask = ask || (t.kind == topic_kind::conversation && c->who.kind == caller::staff);
    }
    const bool held = ask || c->holding;
    if (held) {
        begin_hold(*c, false);
        if (f.since) c->holding->floor = std::min(*f.since, target);
    }

    for (std::size_t i = 0; i < granted.size();) {
        const topic t = granted[i];
        bool visible = true;
        if (t.kind == topic_kind::conversation && c->who.kind == caller::staff) {
            auto question = s_.may_see(c->who, t.conversation);
            visible = co_await std::move(question);
            if (!c->live()) co_return;
        }
        if (visible) {
            ++i;
            continue;
        }
        granted.erase(granted.begin() + static_cast<std::ptrdiff_t>(i));
        drop_topic(*c, t);
        c->say(error_frame("not_found", out_of_sight().detail(), f.ref, to_string(t)));
    }

    if (granted.empty()) { // the error frames were the answer
        if (held) {
            auto rest = finish_hold(c);
            co_await std::move(rest);
        }
        co_return;
    }
    bool whole = true;
    if (f.since) {
        auto past = replay(c, granted, *f.since, target);
        whole = co_await std::move(past);
        if (!c->live()) co_return;
        if (whole) {
            for (const topic& t : granted) set_topic(*c, t, *f.since, std::max(*f.since, target));
            counters_.resumed.fetch_add(1, std::memory_order_relaxed);
        }
    }
    if (whole && !(held && c->holding->overflow)) {
        // A client takes `head` as its cursor, so nothing that is still held may lie before it.
        std::int64_t head = target;
        if (held && !c->holding->events.empty()) head = std::min(head, (*c->holding->events.front()).id - 1);
        c->say(subscribed_frame(granted, head, f.ref));
        if (held) {
            auto rest = finish_hold(c);
            co_await std::move(rest);
        }
        tell_place(*c);
    } else {
        resync(*c, f.ref);
        c->say(subscribed_frame(granted, passed_, f.ref));
        tell_place(*c);
    }
}

asio::awaitable<bool> hub::impl::replay(std::shared_ptr<client> c, std::vector<topic> asked,
                                        std::int64_t since, std::int64_t target) {
    replay_range range(since, target);
    if (since == target) co_return true;
    do {
        auto question = s_.replay(c->who, range.after());
        const std::optional<services::page> page = co_await std::move(question);
        if (!c->live()) co_return true;
        if (!page || c->holding->overflow) co_return false;
        events_frame out;
        for (const event::entry& e : page->events) {
            if (e.id <= since || e.id > target || !c->topics.replays(asked, e, c->who.staff)) continue;
            const rendition r = judge(c->who, e);
            if (r == rendition::hidden) continue;
            note_state(*c, e);
            out.add(render(e, r));
            if (out.bytes() < frame_size(o_)) continue;
            counters_.delivered.fetch_add(out.count(), std::memory_order_relaxed);
            c->say(out.take());
            auto room = room_for_more(c);
            co_await std::move(room);
            if (!c->live()) co_return true;
        }
        if (!out.empty()) {
            counters_.delivered.fetch_add(out.count(), std::memory_order_relaxed);
            c->say(out.take());
            auto room = room_for_more(c);
            co_await std::move(room);
            if (!c->live()) co_return true;
        }
        if (!range.advance(page->reached) && !range.done()) co_return false;
    } while (!range.done());
    co_return true;
}

asio::awaitable<bool> hub::impl::release(std::shared_ptr<client> c) {
    while (!c->holding->overflow && !c->holding->events.empty()) {
        events_frame out;
        while (!c->holding->events.empty() && out.bytes() < frame_size(o_)) {
            const held_event h = std::move(c->holding->events.front());
            c->holding->events.pop_front();
            if (!c->topics.owes(*h, c->who.staff)) continue;
            const rendition r = judge(c->who, *h);
            if (r == rendition::hidden) continue;
            note_state(*c, *h);
            out.add(render(*h, r));
            c->holding->floor = (*h).id;
            if (r == rendition::stub && !event::is_ticket((*h).who))
                drop_topic(*c, topic{topic_kind::conversation, (*h).conversation});
        }
        if (out.empty()) continue;
        counters_.delivered.fetch_add(out.count(), std::memory_order_relaxed);
        c->say(out.take());
        auto room = room_for_more(c);
        co_await std::move(room);
        if (!c->live()) co_return true;
    }
    if (c->holding->overflow) co_return false;
    c->holding.reset();
    co_return true;
}

asio::awaitable<void> hub::impl::finish_hold(std::shared_ptr<client> c) {
    auto rest = release(c);
    const bool whole = co_await std::move(rest);
    if (c->live() && !whole) resync(*c);
}

// The opening hold of a socket that did not subscribe: short, so what it holds fits its queue or is too much.
void hub::impl::release_now(client& c) {
    const std::unique_ptr<hold> held = std::move(c.holding);
    if (held->overflow) {
        resync(c);
        return;
    }
    events_frame out;
    for (const held_event& h : held->events) {
        if (!c.topics.owes(*h, c.who.staff)) continue;
        const rendition r = judge(c.who, *h);
        if (r == rendition::hidden) continue;
        note_state(c, *h);
        out.add(render(*h, r));
        if (r == rendition::stub && !event::is_ticket((*h).who))
            drop_topic(c, topic{topic_kind::conversation, (*h).conversation});
    }
    if (!out.empty()) {
        counters_.delivered.fetch_add(out.count(), std::memory_order_relaxed);
        c.say(out.take());
    }
    tell_place(c);
}

// Waits while more than half of the socket's queue is taken; a peer that does not read is closed by the sweep.
asio::awaitable<void> hub::impl::room_for_more(std::shared_ptr<client> c) {
    while (c->live() && c->waiting_bytes() > o_.queue_bytes / 2) {
        asio::steady_timer drained(io_, asio::steady_timer::time_point::max());
        c->holding->drained = &drained;
        boost::system::error_code cancelled;
        co_await drained.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (c->holding) c->holding->drained = nullptr;
    }
}

} // namespace chat_centre::realtime
