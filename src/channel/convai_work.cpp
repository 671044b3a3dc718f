// What takes time in a session, one after the other: looking for the conversation, storing what was said.

#include "channel/convai_session.hpp"

#include <chat_centre/auth/auth.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/customer.hpp>
#include <chat_centre/conversation/server_actions.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;

constexpr std::string_view convai_channel = "elevenlabs";
constexpr int most_missed = 10; // messages from before this session that are said again
constexpr std::string_view unreachable = "The assistant could not be reached.";
constexpr int close_not_stored = 1011;

principal customer_of(std::int64_t conversation) {
    principal who;
    who.kind = caller::customer;
    who.conversation = conversation;
    who.permissions = auth::permissions_of_customer();
    return who;
}

} // namespace

void convai_session::enqueue(job j) {
    if (jobs_.size() >= 4 * most_jobs) return; // judgements; messages were counted before
    jobs_.push_back(std::move(j));
    if (working_) return;
    working_ = true;
    line_->spawn(work(shared_from_this()));
}

asio::awaitable<void> convai_session::work(std::shared_ptr<convai_session> self) {
    while (!self->jobs_.empty()) {
        job next = std::move(self->jobs_.front());
        self->jobs_.pop_front();
        auto doing = next.what == job::kind::find        ? self->find()
                     : next.what == job::kind::judge     ? self->judge(std::move(next))
                     : next.what == job::kind::record    ? self->record(std::move(next))
                     : next.what == job::kind::hand_over ? self->hand_over()
                                                         : self->store(std::move(next));
        co_await std::move(doing);
        self->flush();
    }
    self->working_ = false;
}

asio::awaitable<void> convai_session::find() {
    struct found {
        conversation::row row;
        std::vector<conversation::stored_message> missed;
    };
    const std::int64_t since = line_->head();
    try {
        auto look = [user = user_id_](db::tx& t) -> std::optional<found> {
            auto open = conversation::open_conversation_of(t, std::string(convai_channel), user);
            if (!open) return std::nullopt;
            auto missed = conversation::unanswered_by_customer(t, open->id, most_missed);
            return found{std::move(*open), std::move(missed)};
        };
        auto got = co_await s_.pool.run(std::move(look));
        if (!got || !line_->open()) co_return;
        const auto& missed = got->missed;
        if (!language_given_) stage_.speak(got->row.language);
        const auto now = line_->now();
        const auto before = missed.empty() ? got->row.last_seq : missed.front().seq - 1;
        stage_.enter(convai_standing_of(conversation::to_public_json(got->row)), before, now);
        json events = json::array();
        for (const auto& m : missed)
            events.push_back({{"id", 0}, {"type", "message.new"}, {"data", json::parse(to_json(m))}});
        stage_.tell({{"type", "events"}, {"events", std::move(events)}}, now);
        join(got->row.id, since);
        follow_turn();
    } catch (const std::exception& e) { // they begin anew, then
        spdlog::warn("looking for the conversation of a visitor: {}", e.what());
    }
}

asio::awaitable<void> convai_session::store(job j) {
    conversation::incoming m = next_message();
    m.role = conversation::speaker::user;
    m.sender = m.user_name.empty() ? "user" : m.user_name;
    m.language = said_.language;
    if (m.language.empty())
        if (const auto language = detect_language(j.text); language != "mixed") m.language = language;
    m.body_hash = hash64(j.text);
    m.metadata = std::move(j.metadata);
    if (s_.screen) m.handover = s_.screen(j.text, m.role);
    if (s_.concerns_rules) m.concerns_rules = s_.concerns_rules(j.text, m.channel);
    if (agent_lost_ && !m.handover) m.handover = conversation::handover_signal{std::string(unreachable)};
    m.text = std::move(j.text);
    const std::int64_t since = line_->head();
    try {
        // What the agent said before anybody had written belongs in front of it.
        for (const auto& [text, event] : std::exchange(greetings_, {})) {
            auto greeting = record({.what = job::kind::record, .text = text, .event = event});
            co_await std::move(greeting);
        }
        auto storing = s_.lane.append(std::move(m));
        const conversation::receipt got = co_await std::move(storing);
        if (got.message.conversation != bound_) {
            if (bound_ != 0) stage_.enter({}, 0, line_->now()); // the old one was closed
            join(got.message.conversation, since);
        }
        if (relay_ && got.handler != "staff") relay_->ask(std::move(j.frame), memory_.since(0));
    } catch (const std::exception& e) {
        // Nothing that the customer has said may get lost without a word.
        spdlog::warn("a visitor's message was not stored: {}", e.what());
        stage_.say(convai_line::not_stored, line_->now());
        line_->send(convai_error(close_not_stored, "message_not_stored",
                                 convai_words(convai_line::not_stored, "en")));
    }
}

asio::awaitable<void> convai_session::judge(job j) {
    if (bound_ == 0) co_return;
    try {
        auto put = [id = bound_, j, now = s_.clock.now()](db::tx& t) {
            conversation::judge_message(t, id, j.seq, j.liked, now);
        };
        co_await s_.pool.run(std::move(put));
    } catch (const std::exception& e) {
        spdlog::warn("a visitor's feedback was not stored: {}", e.what());
    }
}

// What the agent has said. Shown already: it came from them.
asio::awaitable<void> convai_session::record(job j) {
    conversation::incoming m = next_message();
    m.role = conversation::speaker::ai;
    m.sender = settings_->assistant_name;
    m.body_hash = hash64(j.text);
    if (s_.screen) m.handover = s_.screen(j.text, m.role);
    m.text = std::move(j.text);
    try {
        auto storing = s_.lane.append(std::move(m));
        const conversation::receipt got = co_await std::move(storing);
        stage_.sent(j.event, got.message.seq);
    } catch (const std::exception& e) { // such as staff who took the turn at this moment
        spdlog::info("what an agent said was not stored: {}", e.what());
    }
}

asio::awaitable<void> convai_session::hand_over() {
    if (bound_ == 0) co_return; // with their next message, then
    try {
        auto ask = [id = bound_, now = s_.clock.now()](db::tx& t) {
            std::vector<event::entry> events;
            conversation::hand_over_by_server(t, id, std::string(unreachable), now, events);
            if (!events.empty()) event::append(t, events);
        };
        co_await s_.pool.run(std::move(ask));
    } catch (const std::exception& e) {
        spdlog::warn("a conversation whose agent is lost was not handed over: {}", e.what());
    }
}

conversation::incoming convai_session::next_message() const {
    conversation::incoming m;
    m.channel = convai_channel;
    m.user_id = user_id_;
    m.conversation = bound_;
    if (bound_ == 0) m.session_id = session_id_;
    m.own_brain = !relay_;
    m.message_id = "MSG-" + random_id(20);
    m.user_name = said_.user_name;
    m.user_email = said_.user_email;
    m.user_phone = said_.user_phone;
    m.scenario = said_.scenario;
    return m;
}

void convai_session::join(std::int64_t conversation, std::int64_t since) {
    bound_ = conversation;
    since_ = since;
    joined_ = line_->now();
    line_->join(customer_of(conversation), since);
}

} // namespace chat_centre::channel
