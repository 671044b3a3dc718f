#include "channel/monitor_call.hpp"

#include "channel/queries.hpp"
#include "channel/transcript.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/channel/adapter.hpp>
#include <chat_centre/channel/heard.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto settled_after = 1s; // what was sent before a socket broke may be lost for so long
constexpr auto others_first =
    1500ms; // what the customer writes is reported by their page, too, and that is better known
constexpr std::chrono::seconds look_anyway = 20s;
constexpr int most_partings = 8;          // attempts of handing back, some four minutes
constexpr std::size_t most_frames = 1000; // that wait to be stored; about a hundred are repeated at the start
constexpr int most_attempts = 3;          // of storing one of them
constexpr std::size_t longest_why = 200;
constexpr std::string_view answered = "answered "; // as outbound_socket says it

bool said_no(const agent_end& end) { return !end.opened && end.reason.starts_with("answered 4"); }

// For staff and admins: base/staff_text.cpp has the Arabic.
std::string why_it_ended(const agent_end& end) {
    std::string reason = end.reason.empty() ? "code " + std::to_string(end.code) : end.reason;
    reason.resize(std::min(reason.size(), longest_why));
    if (!end.opened && reason.starts_with(answered)) return "ElevenLabs " + reason;
    return (end.opened ? "ElevenLabs closed the connection: " : "ElevenLabs could not be reached: ") + reason;
}

} // namespace

std::chrono::seconds monitor_pause(int failures, bool refused) {
    const std::chrono::seconds pause(1LL << std::clamp(failures - 1, 0, 10));
    return std::min(pause, refused ? std::chrono::seconds(300) : std::chrono::seconds(60));
}

void monitor_call::wake() {
    woken_ = true;
    timer_.cancel();
}

void monitor_call::drop() {
    dropped_ = true;
    if (const auto socket = std::exchange(socket_, nullptr)) socket->forget();
    wake();
}

asio::awaitable<void> monitor_call::rest(std::chrono::milliseconds most) {
    if (!woken_) {
        timer_.expires_after(most);
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    woken_ = false;
}

asio::awaitable<std::optional<monitor_standing>> monitor_call::look() {
    auto read = [id = conversation_, process = desk_.process](db::tx& t) {
        return look_at_monitor(t, id, process);
    };
    auto at = co_await desk_.centre.chats.pool.run(std::move(read));
    // Switched off is as if everybody had handed back.
    if (at && !desk_.centre.desk.setup()->monitor) at->staff = false;
    co_return at;
}

asio::awaitable<void> monitor_call::run(std::shared_ptr<monitor_call> self) {
    while (!self->dropped_) {
        auto pause = std::chrono::seconds(1);
        try {
            auto looking = self->look();
            const auto at = co_await std::move(looking);
            if (!at || self->dropped_) break;
            const bool nothing_to_undo = at->taken_session.empty() && at->unsent.empty();
            if (!at->staff && nothing_to_undo) {
                auto ending = self->finish("");
                co_await std::move(ending);
                break;
            }
            // The newest of their conversations; when that is refused, the others in turn. What we have silenced has to be
            // undone where it was done.
            const auto& known = at->sessions;
            std::string session = !at->staff ? at->taken_session
                                  : known.empty()
                                      ? ""
                                      : known[static_cast<std::size_t>(self->failures_) % known.size()];
            const bool in_vain = self->partings_ >= most_partings || (self->partings_ > 0 && self->refused_);
            if (!at->staff && (session.empty() || in_vain)) {
                // Handed back, and their conversation is over or never was one: nothing more can be said there.
                auto ending =
                    self->finish("The conversation at ElevenLabs was over before this could be sent.");
                co_await std::move(ending);
                break;
            }
            if (!session.empty()) {
                self->newest_ = known.empty() ? "" : known.front();
                auto talking = self->talk(std::move(session));
                const auto how = co_await std::move(talking);
                if (self->dropped_) break;
                if (how == outcome::done) {
                    auto ending = self->finish("");
                    co_await std::move(ending);
                    break;
                }
                if (!at->staff) ++self->partings_;
                auto noting = self->failed();
                co_await std::move(noting);
            }
            pause = self->failures_ > 0 ? monitor_pause(self->failures_, self->refused_) : look_anyway;
        } catch (const std::exception& e) { // the database; it comes back
            spdlog::warn("the monitor of {}: {}", format_id("CONV", self->conversation_), e.what());
        }
        if (self->dropped_) break;
        auto resting = self->rest(pause);
        co_await std::move(resting);
    }
    self->over_ = true;
    if (const auto socket = std::exchange(self->socket_, nullptr)) socket->forget();
}

void monitor_call::open(const std::string& session) {
    opened_ = taken_ = leaving_ = false;
    end_.reset();
    frames_.clear();
    on_the_way_.clear();
    const auto setup = desk_.centre.desk.setup();
    agent_handlers handlers;
    handlers.opened = [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->opened_ = true;
        self->wake();
    };
    handlers.frame = [weak = weak_from_this()](const json& frame) {
        const auto self = weak.lock();
        if (!self) return;
        auto said = read_monitor_frame(frame);
        if (!said) return;
        if (self->frames_.size() >= most_frames) { // after a pause they are repeated
            if (self->socket_) self->socket_->close("more than can be stored");
            return;
        }
        self->frames_.push_back({std::move(*said), std::chrono::steady_clock::now()});
        self->wake();
    };
    handlers.closed = [weak = weak_from_this()](const agent_end& end) {
        const auto self = weak.lock();
        if (!self) return;
        self->end_ = end;
        self->socket_.reset();
        self->wake();
    };
    socket_ = desk_.dialer.open_monitor({setup->api_url, setup->api_key, desk_.rules}, session,
                                        std::move(handlers));
}

asio::awaitable<monitor_call::outcome> monitor_call::talk(std::string session) {
    open(session);
    const auto opened_at = std::chrono::steady_clock::now();
    while (!opened_ && !lost()) {
        auto resting = rest(look_anyway);
        co_await std::move(resting);
    }
    while (!lost()) {
        auto attending = attend(session);
        co_await std::move(attending);
        if (lost()) break;
        auto settling = settle();
        co_await std::move(settling);
        if (leaving_ && on_the_way_.empty() && std::chrono::steady_clock::now() - sent_at_ >= settled_after) {
            if (socket_) socket_->close("handed back");
            co_return outcome::done;
        }
        auto hearing = hear(session);
        co_await std::move(hearing);
        if (lost()) break;
        const bool soon = !on_the_way_.empty() || leaving_ || !frames_.empty();
        auto resting = rest(soon ? 250ms : std::chrono::milliseconds(look_anyway));
        co_await std::move(resting);
        if (std::chrono::steady_clock::now() - opened_at > 30s) failures_ = 0;
    }
    co_return outcome::failed;
}

// Says there what is to be said.
asio::awaitable<void> monitor_call::attend(std::string session) {
    if (leaving_) co_return;
    auto looking = look();
    const auto at = co_await std::move(looking);
    if (lost()) co_return;
    if (!at) {
        drop();
        co_return;
    }
    if (at->staff && !at->sessions.empty() && at->sessions.front() != newest_ &&
        at->sessions.front() != session) {
        // The customer has begun anew, and is there now.
        if (socket_) socket_->close("the customer is elsewhere");
        co_return;
    }
    if (!taken_ && (at->staff || !at->unsent.empty())) {
        taken_ = true;
        socket_->send(monitor_command("enable_human_takeover"));
        auto put = [id = conversation_, session](db::tx& t) {
            t.exec(sql::monitor_took, id, session);
            t.exec(sql::monitor_works, id);
        };
        co_await desk_.centre.chats.pool.run(std::move(put));
        desk_.centre.desk.uses.note("monitor");
        refused_ = false;
        if (lost()) co_return;
    }
    const int sent = on_the_way_.empty() ? 0 : on_the_way_.back().seq;
    for (const auto& line : at->unsent) {
        if (line.seq <= sent) continue;
        if (!socket_ || !socket_->send(monitor_human_message(line.text))) co_return;
        on_the_way_.push_back(line);
        sent_at_ = std::chrono::steady_clock::now();
    }
    if (at->staff || at->unsent.size() > on_the_way_.size() || !socket_) co_return;
    socket_->send(monitor_command("disable_human_takeover"));
    leaving_ = true;
    sent_at_ = std::chrono::steady_clock::now();
}

asio::awaitable<void> monitor_call::settle() {
    if (on_the_way_.empty() || std::chrono::steady_clock::now() - sent_at_ < settled_after) co_return;
    auto note = [id = conversation_, lines = on_the_way_, now = desk_.centre.chats.clock.now()](db::tx& t) {
        note_told(t, id, lines, now);
    };
    co_await desk_.centre.chats.pool.run(std::move(note));
    on_the_way_.clear();
    failures_ = 0;
}

asio::awaitable<void> monitor_call::hear(std::string session) {
    while (!frames_.empty() && !dropped_) {
        const auto& next = frames_.front();
        if (next.said.user && std::chrono::steady_clock::now() - next.at < others_first) co_return;
        overheard said = next.said;
        frames_.pop_front();
        for (int attempt = 1; attempt <= most_attempts; ++attempt) {
            bool again = false;
            try {
                auto taking = take_in(session, said);
                co_await std::move(taking);
            } catch (const error& e) { // such as a conversation that was closed meanwhile
                spdlog::info("what was said at ElevenLabs was not stored: {}", e.what());
            } catch (const std::exception& e) { // the transcript after the conversation has it, too
                spdlog::warn("what was said at ElevenLabs was not stored: {}", e.what());
                again = true;
            }
            if (!again) break;
            asio::steady_timer pause(timer_.get_executor(), 500ms);
            co_await pause.async_wait(asio::use_awaitable);
        }
        if (!on_the_way_.empty()) co_return; // staff do not wait for a long past
    }
}

asio::awaitable<void> monitor_call::take_in(std::string session, overheard o) {
    if (o.user) {
        auto taking = take_in_users(std::move(session), std::move(o));
        co_await std::move(taking);
        co_return;
    }
    auto store = [id = conversation_, session = std::move(session), o = std::move(o),
                  assistant = desk_.centre.assistant_name, now = desk_.centre.chats.clock.now()](db::tx& t) {
        std::vector<event::entry> events;
        add_agents_line(t, id, session, o, assistant, now, events);
        if (!events.empty()) event::append(t, events);
    };
    co_await desk_.centre.chats.pool.run(std::move(store));
}

// As it happens: staff are told, and it counts as what the customer has just said.
asio::awaitable<void> monitor_call::take_in_users(std::string session, overheard o) {
    const auto& chats = desk_.centre.chats;
    const auto now = chats.clock.now();
    auto count = [id = conversation_, session, o, now](db::tx& t) {
        return number_of_overheard(t, id, session, o, now);
    };
    const auto n = co_await chats.pool.run(std::move(count));
    if (n) {
        conversation::incoming m;
        m.channel = elevenlabs_desk::name;
        m.conversation = conversation_;
        m.role = conversation::speaker::user;
        m.sender = "user";
        m.text = in_parts(o.text, most_characters_stored).front();
        m.message_id = session_message_id(session, true, o.text, *n);
        m.body_hash = hash64(m.message_id);
        m.metadata = dump({{"source", "monitor"}});
        if (const auto language = detect_language(o.text); language != "mixed") m.language = language;
        if (chats.screen) m.handover = chats.screen(o.text, m.role);
        if (chats.concerns_rules) m.concerns_rules = chats.concerns_rules(o.text, m.channel);
        auto storing = chats.lane.append(std::move(m));
        co_await std::move(storing);
    }
    auto remember = [session = std::move(session), o = std::move(o), now](db::tx& t) {
        remember_overheard(t, session, o, now);
    };
    co_await chats.pool.run(std::move(remember));
}

asio::awaitable<void> monitor_call::failed() {
    ++failures_;
    const agent_end end = end_.value_or(agent_end{});
    if (end.ours) { // on purpose: at once to the right one
        failures_ = 0;
        woken_ = true;
        co_return;
    }
    refused_ = said_no(end);
    std::string why = why_it_ended(end);
    spdlog::log(failures_ == 1 ? spdlog::level::warn : spdlog::level::debug, "the monitor of {}: {}",
                format_id("CONV", conversation_), why);
    desk_.centre.desk.uses.note("monitor_refused", why);
    auto looking = look();
    const auto at = co_await std::move(looking);
    if (!at) co_return;
    auto note = [id = conversation_, lines = at->unsent, refused = refused_, why,
                 now = desk_.centre.chats.clock.now()](db::tx& t) {
        note_not_told(t, id, lines, refused, why, now);
    };
    co_await desk_.centre.chats.pool.run(std::move(note));
    on_the_way_.clear();
}

asio::awaitable<void> monitor_call::finish(std::string why) {
    auto put = [id = conversation_, why = std::move(why), process = desk_.process,
                now = desk_.centre.chats.clock.now()](db::tx& t) {
        const auto at = look_at_monitor(t, id, process);
        if (!at) return;
        t.exec(sql::monitor_done, id, now, why);
        if (!why.empty() && !at->unsent.empty()) note_not_told(t, id, at->unsent, true, why, now);
    };
    co_await desk_.centre.chats.pool.run(std::move(put));
}

} // namespace chat_centre::channel
