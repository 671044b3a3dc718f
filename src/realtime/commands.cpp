// Frames from a client. Nothing a client sends closes its socket: what cannot be followed gets an error frame.

#include "hub_impl.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/asio/co_spawn.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace chat_centre::realtime {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_commands = 32; // waiting on one socket, behind one that takes time
constexpr int most_messages = 16;         // of one socket on their way to the database

} // namespace

// Runs on this thread; what it waits for runs elsewhere.
void hub::impl::spawn(asio::awaitable<void> work) {
    ++calls_;
    asio::co_spawn(io_, std::move(work), [this](const std::exception_ptr& failure) {
        --calls_;
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            spdlog::error("socket: {}", e.what());
        }
        finish_stop();
    });
}

bool hub::impl::allowed(client& c) {
    const moment at = now();
    const std::chrono::duration<double> passed = at - c.refilled;
    c.refilled = at;
    c.allowance = std::min<double>(o_.frames_per_second, c.allowance + passed.count() * o_.frames_per_second);
    if (c.allowance >= 1) {
        c.allowance -= 1;
        return true;
    }
    // One complaint a second: answering each frame would double the flood.
    if (at - c.complained >= std::chrono::seconds(1)) {
        c.complained = at;
        c.say(error_frame("rate_limited", "Too many frames: slow down and send it again.", {}));
    }
    return false;
}

void hub::impl::text(client& c, std::string_view frame) {
    c.heard = now();
    counters_.frames.fetch_add(1, std::memory_order_relaxed);
    if (!allowed(c)) return;
    if (!c.spoken) {
        follow(c, frame);
        return;
    }
    try {
        if (!c.parting) c.spoken->heard(frame);
    } catch (const std::exception& e) { // a session answers for what it reads; the socket goes on reading
        spdlog::error("socket: {}", e.what());
    }
}

void hub::impl::follow(client& c, std::string_view frame) {
    try {
        command(c.shared_from_this(), parse_frame(frame));
    } catch (const frame_error& e) {
        c.say(error_frame(e.code, e.message, e.ref));
    } catch (const std::exception& e) { // the socket goes on reading
        spdlog::error("socket: {}", e.what());
        c.say(error_frame("internal", "Something went wrong on our side: try again.", {}));
    }
}

void hub::impl::command(const std::shared_ptr<client>& c, client_frame f) {
    switch (f.type) {
    case frame_type::ping:
        c->say(head_frame("pong", c->holding ? c->holding->floor : passed_, f.ref));
        return;
    case frame_type::auth: authenticate(*c, f); return;
    case frame_type::message: spawn_message(c, std::move(f)); return;
    case frame_type::subscribe:
    case frame_type::unsubscribe:
    case frame_type::typing:
    case frame_type::viewing: queue_command(c, std::move(f)); return;
    }
}

// What needs no question is done in its place in the stream of frames.
bool hub::impl::done_at_once(client& c, const client_frame& f) {
    if (c.serving || f.type == frame_type::subscribe) return false;
    try {
        if (f.type != frame_type::unsubscribe) return appear_at_once(c, f);
        unsubscribe(c, f);
    } catch (const error& e) {
        c.say(error_frame(e, f.ref));
    }
    return true;
}

void hub::impl::queue_command(const std::shared_ptr<client>& c, client_frame f) {
    if (done_at_once(*c, f)) return;
    auto& waiting = c->commands_ready();
    if (waiting.size() >= most_commands) {
        c->say(error_frame("busy", "Earlier frames of this socket are still being worked on.", f.ref));
        return;
    }
    waiting.push_back(std::move(f));
    if (c->serving) return;
    c->serving = true;
    spawn(serve(c));
}

asio::awaitable<void> hub::impl::serve(std::shared_ptr<client> c) {
    while (c->live() && !c->commands()->empty()) {
        client_frame f = std::move(c->commands()->front());
        c->commands()->pop_front();
        auto work = serve_one(c, std::move(f));
        co_await std::move(work);
    }
    c->commands_done();
    c->serving = false;
}

asio::awaitable<void> hub::impl::serve_one(std::shared_ptr<client> c, client_frame f) {
    const std::string ref = f.ref;
    const bool subscribing = f.type == frame_type::subscribe;
    try {
        if (f.type == frame_type::unsubscribe) {
            unsubscribe(*c, f);
        } else {
            auto work = subscribing ? subscribe(c, std::move(f)) : appear(c, std::move(f));
            co_await std::move(work);
        }
        co_return;
    } catch (const error& e) {
        c->say(error_frame(e, ref));
    } catch (const std::exception& e) {
        spdlog::error("socket: {}", e.what());
        c->say(error_frame("internal", "Something went wrong on our side: try again.", ref));
    }
    // A replay that failed half way: the client must not believe that it has everything.
    if (subscribing && c->live() && c->holding) resync(*c, ref);
}

void hub::impl::unsubscribe(client& c, const client_frame& f) {
    for (const topic& t : f.topics) drop_topic(c, t);
    if (!f.ref.empty()) c.say(ack_frame(f.ref));
}

void hub::impl::authenticate(client& c, const client_frame& f) {
    try {
        principal fresh = s_.authenticate_token(f.token);
        const bool same = fresh.kind == c.who.kind && fresh.staff == c.who.staff &&
                          (fresh.kind == caller::staff || fresh.conversation == c.who.conversation);
        if (!same) throw error::forbidden("This token is another person's: open a new socket with it.");
        if (!f.ref.empty()) c.say(ack_frame(f.ref));
        apply_rights(c, std::move(fresh));
    } catch (const error& e) {
        c.say(error_frame(e, f.ref));
    }
}

void hub::impl::spawn_message(const std::shared_ptr<client>& c, client_frame f) {
    if (c->messages >= most_messages) {
        c->say(error_frame("busy", "Wait for the ack of earlier messages.", f.ref));
        return;
    }
    ++c->messages;
    spawn(store_message(c, std::move(f)));
}

asio::awaitable<void> hub::impl::store_message(std::shared_ptr<client> c, client_frame f) {
    std::string answer;
    try {
        const std::int64_t conversation = f.conversation != 0 ? f.conversation : c->bound;
        if (conversation == 0) throw error::unprocessable("conversation_id", "is required");
        if (!c->who.may(permission::conversation_write))
            throw error::forbidden("You may not write messages.");
        if (c->who.kind == caller::customer && conversation != c->who.conversation)
            throw error::not_found("There is no such conversation.");
        auto storing =
            s_.post_message(c->who, conversation, std::move(f.text), std::move(f.client_message_id));
        const std::string message = co_await std::move(storing);
        answer = ack_frame(f.ref, message);
    } catch (const error& e) {
        answer = error_frame(e, f.ref);
    } catch (const std::exception& e) {
        spdlog::error("socket: {}", e.what());
        answer = error_frame("internal", "Something went wrong on our side: try again.", f.ref);
    }
    --c->messages;
    c->say(std::move(answer));
}

} // namespace chat_centre::realtime
