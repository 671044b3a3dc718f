#include "hub_impl.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace chat_centre::realtime {

namespace asio = boost::asio;

namespace {

// What a page shows its customer is in the customer's language.
std::string reason_for(const client& c, std::uint16_t code, const char* plain) {
    return c.spoken ? c.spoken->parting(code) : plain;
}

} // namespace

// --- the public face

hub::hub(options o, services s, const clock_source& clock)
    : impl_(std::make_unique<impl>(o, std::move(s), clock)) {}
hub::~hub() = default;

void hub::start() { impl_->start(); }
void hub::publish(event::entries batch) { impl_->publish(std::move(batch)); }
void hub::access_changed(std::int64_t staff, std::string session) {
    asio::post(impl_->io_, [this, staff, s = std::move(session)] { impl_->access_changed(staff, s); });
}
std::vector<person> hub::viewers(std::int64_t conversation) const {
    return impl_->presence_.viewers(conversation);
}
bool hub::online(std::int64_t staff) const { return impl_->presence_.online(staff); }
void hub::stop(std::chrono::milliseconds deadline) { impl_->stop(deadline); }
const counters& hub::count() const { return impl_->counters_; }

// --- thread

hub::impl::impl(options o, services s, const clock_source& clock) : o_(o), s_(std::move(s)), clock_(clock) {}

hub::impl::~impl() { stop(std::chrono::seconds(1)); }

void hub::impl::start() {
    passed_ = s_.head();
    work_.emplace(io_.get_executor());
    sweep();
    thread_ = std::thread([this] { run(); });
}

void hub::impl::run() {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception& e) { // one socket's trouble must not end the others
            spdlog::error("socket: {}", e.what());
        }
    }
}

void hub::impl::stop(std::chrono::milliseconds deadline) {
    refusing_ = true;
    if (!thread_.joinable()) return;
    asio::post(io_, [this, deadline] { begin_stop(now() + deadline); });
    thread_.join();
}

void hub::impl::begin_stop(moment until) {
    stopping_ = true;
    pass_timer_.cancel();
    const auto left = until - now();
    // The last fifth is for cutting off those that did not answer.
    const moment answer_by = until - left / 5;
    const auto open = clients_;
    for (const auto& c : open) {
        c->close(close_code::restart, reason_for(*c, close_code::restart, "restart"),
                 std::min(answer_by, now() + o_.close_grace));
        detach(*c);
    }
    stop_timer_.expires_after(left * 4 / 5);
    stop_timer_.async_wait([this, left](const boost::system::error_code& ec) {
        if (ec) return;
        const auto rest = clients_;
        for (const auto& c : rest) c->cut();
        stop_timer_.expires_after(left / 5);
        stop_timer_.async_wait([this](const boost::system::error_code& again) {
            if (!again) io_.stop();
        });
    });
    finish_stop();
}

void hub::impl::finish_stop() {
    if (stopping_ && clients_.empty() && calls_ == 0) io_.stop();
}

// --- one sweep for every deadline: timers of their own would cost memory and time per socket

void hub::impl::sweep() {
    const moment at = now();
    for (const auto& c : clients_) check(*c, at);
    heartbeat_.reset();
    for (const std::int64_t staff : presence_.gone(at))
        if (!stopping_) s_.presence_changed(staff, false);
    tell(presence_.lapsed(at));

    sweep_timer_.expires_after(o_.sweep);
    sweep_timer_.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) sweep();
    });
}

void hub::impl::check(client& c, moment at) {
    if (c.state == client::phase::handshake || c.state == client::phase::closing) {
        if (at >= c.deadline) c.cut();
        return;
    }
    if (!c.live()) return;
    if (at - c.heard >= o_.silence_limit) {
        close(c, close_code::silent, reason_for(c, close_code::silent, "no sign of life"));
        return;
    }
    if (c.stalled(at - o_.silence_limit)) {
        counters_.slow_closed.fetch_add(1, std::memory_order_relaxed);
        close(c, close_code::slow, reason_for(c, close_code::slow, "does not read"));
        return;
    }
    if (c.parting) {
        part(c);
        return;
    }
    if (c.holding && c.holding->opening && at >= c.holding->until) release_now(c);
    if (c.spoken) c.spoken->looked_at();
    if (at >= c.heartbeat) heartbeat(c);
}

void hub::impl::heartbeat(client& c) {
    const moment at = now();
    c.heartbeat = at + o_.heartbeat;
    if (c.holding) {
        c.say(head_frame("heartbeat", c.holding->floor));
    } else {
        if (!heartbeat_) heartbeat_ = std::make_shared<const std::string>(head_frame("heartbeat", passed_));
        c.send(heartbeat_);
    }
    // A browser's script does not answer a heartbeat; the browser itself answers a ping.
    if (at - c.heard >= o_.heartbeat / 2) c.ping();
}

// --- what sockets tell

void hub::impl::opened(client& c) {
    const moment at = now();
    c.heard = c.refilled = at;
    c.heartbeat = at + o_.heartbeat;
    c.allowance = o_.frames_per_second;
    c.counted = true;
    counters_.open.fetch_add(1, std::memory_order_relaxed);
    if (c.who.kind == caller::customer) counters_.customers.fetch_add(1, std::memory_order_relaxed);
    if (c.who.kind == caller::staff && presence_.opened(c.who.staff)) s_.presence_changed(c.who.staff, true);
    if (c.spoken) {
        open_session(c);
        return;
    }
    c.say(hello_frame(passed_, c.who, o_.heartbeat));
    if (c.bound != 0) {
        // Held for a moment: when the client subscribes with since, older events must come first.
        set_topic(c, {topic_kind::conversation, c.bound}, passed_, passed_);
        begin_hold(c, true);
        c.holding->until = at + o_.opening_hold;
    }
}

void hub::impl::drained(client& c) {
    if (c.holding && c.holding->drained && c.waiting_bytes() <= o_.queue_bytes / 4)
        c.holding->drained->cancel();
    if (c.parting && c.waiting_bytes() == 0) asio::post(io_, [this, c = c.shared_from_this()] { part(*c); });
}

void hub::impl::overflowed(client& c) {
    // Not at once: the caller may be walking over the topics.
    asio::post(io_, [this, c = c.shared_from_this()] {
        if (!c->live()) return;
        counters_.slow_closed.fetch_add(1, std::memory_order_relaxed);
        close(*c, close_code::slow, reason_for(*c, close_code::slow, "too slow: resume with since"));
    });
}

void hub::impl::close(client& c, std::uint16_t code, std::string_view reason) {
    c.close(code, reason, now() + o_.close_grace);
    detach(c);
}

void hub::impl::detach(client& c) {
    const std::vector<subscription> list = c.topics.list();
    c.topics.clear();
    for (const subscription& s : list) topics_.remove(s.what, c);
    if (c.holding) {
        c.holding->events.clear();
        if (c.holding->drained) c.holding->drained->cancel();
    }
    if (!c.counted) return;
    c.counted = false;
    counters_.open.fetch_sub(1, std::memory_order_relaxed);
    if (c.who.kind == caller::customer) counters_.customers.fetch_sub(1, std::memory_order_relaxed);
    if (c.spoken) c.spoken->gone();
    tell(presence_.leave(c.key));
    if (c.who.kind == caller::staff) presence_.closed(c.who.staff, now() + o_.presence_grace);
}

void hub::impl::gone(client& c) {
    detach(c);
    if (c.place >= clients_.size() || clients_[c.place].get() != &c) return;
    const auto keep = std::move(clients_[c.place]);
    if (c.place + 1 != clients_.size()) {
        clients_[c.place] = std::move(clients_.back());
        clients_[c.place]->place = c.place;
    }
    clients_.pop_back();
    finish_stop();
}

// --- rights

void hub::impl::access_changed(std::int64_t staff, const std::string& session) {
    for (const auto& c : clients_) {
        if (!c->live() || c->who.kind != caller::staff) continue;
        const bool theirs =
            (staff != 0 && c->who.staff == staff) || (!session.empty() && c->who.session == session);
        if (!theirs) continue;
        if (auto fresh = s_.refresh(c->who))
            apply_rights(*c, std::move(*fresh));
        else
            close(*c, close_code::revoked, "access ended");
    }
}

void hub::impl::apply_rights(client& c, principal fresh) {
    const bool same = fresh.kind == c.who.kind && fresh.role == c.who.role &&
                      fresh.permissions == c.who.permissions && fresh.departments == c.who.departments;
    c.who = std::move(fresh);
    if (!same) spawn(check_open_conversations(c.shared_from_this()));
}

// What they had open may be out of sight now, and their lists are others: they load afresh.
asio::awaitable<void> hub::impl::check_open_conversations(std::shared_ptr<client> c) {
    if (!c->who.may(permission::events_all)) drop_topic(*c, {topic_kind::all});
    const std::vector<subscription> list = c->topics.list();
    for (const subscription& s : list) {
        if (s.what.kind != topic_kind::conversation || c->who.kind != caller::staff) continue;
        auto question = s_.may_see(c->who, s.what.conversation);
        const bool visible = co_await std::move(question);
        if (!c->live()) co_return;
        if (!visible) drop_topic(*c, s.what);
    }
    if (c->holding && !c->holding->opening)
        c->holding->overflow = true; // the resume under way ends in a resync
    else
        resync(*c);
}

} // namespace chat_centre::realtime
