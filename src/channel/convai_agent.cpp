// Relay mode of a session: who has the turn decides whether ElevenLabs' agent hears and speaks.

#include "channel/convai_session.hpp"

#include <utility>

namespace chat_centre::channel {
namespace {

constexpr std::size_t most_greetings = 8;
constexpr std::uint16_t agent_ended = 1000;

// Our token is not theirs to see.
std::string first_frame_of(std::string_view given, const std::string& session) {
    json first = json::parse(given, nullptr, false);
    if (!first.is_object()) first = {{"type", "conversation_initiation_client_data"}};
    for (const char* name : {"custom_llm_extra_body", "dynamic_variables"}) {
        const auto members = first.find(name);
        if (members == first.end() || !members->is_object() || !members->contains("cc_session")) continue;
        const json& ticket = (*members)["cc_session"];
        if (ticket.is_string() && ticket.get_ref<const std::string&>().starts_with(convai_ticket_prefix))
            (*members)["cc_session"] = session;
    }
    return dump(first);
}

} // namespace

void convai_session::connect_agent(std::string_view frame) {
    convai_relay::hooks hooks;
    const auto weak = weak_from_this();
    hooks.began = [weak](const std::string& id) {
        const auto self = weak.lock();
        if (!self || !self->line_->open()) return;
        if (id.starts_with("conv_") && id.size() <= 100) self->session_id_ = id;
        self->greet();
    };
    hooks.show = [weak](std::string text) {
        const auto self = weak.lock();
        if (!self) return;
        self->stage_.pass(std::move(text));
        self->flush();
    };
    hooks.said = [weak](std::string text, std::int64_t event) {
        const auto self = weak.lock();
        if (!self) return;
        self->stage_.customer_spoke(self->line_->now()); // a new line on the screen
        if (self->bound_ != 0 || self->working_)
            self->enqueue({.what = job::kind::record, .text = std::move(text), .event = event});
        else if (self->greetings_.size() < most_greetings)
            self->greetings_.emplace_back(std::move(text), event);
    };
    hooks.ended = [weak] {
        if (const auto self = weak.lock())
            self->line_->close(agent_ended, convai_words(convai_line::ended, self->stage_.language()));
    };
    hooks.lost = [weak] {
        if (const auto self = weak.lock()) self->agent_lost();
    };
    stage_.relay();
    const auto executor = line_->executor();
    relay_ = std::make_shared<convai_relay>(
        [dial = call_.dial, executor](std::string first_frame, agent_handlers handlers) {
            return dial(executor, std::move(first_frame), std::move(handlers));
        },
        first_frame_of(frame, session_id_), std::move(hooks));
    relay_->start();
}

// People go on where the agent cannot.
void convai_session::agent_lost() {
    if (agent_lost_ || !line_->open()) return;
    agent_lost_ = true;
    relay_->pause();
    if (!greeted_) greet();
    stage_.say(convai_line::no_agent, line_->now());
    enqueue({.what = job::kind::hand_over});
    flush();
}

void convai_session::follow_turn() {
    if (!relay_ || agent_lost_) return;
    const bool staff = stage_.standing().handler == "staff";
    if (staff == relay_->paused()) return;
    if (staff) {
        taken_over_at_ = memory_.size();
        relay_->pause();
    } else {
        relay_->resume(memory_.since(taken_over_at_));
    }
}

void convai_session::remember(const json& frame) {
    const auto events = frame.find("events");
    if (events == frame.end() || !events->is_array()) return;
    for (const json& e : *events) {
        if (e.value("type", "") != "message.new") continue;
        const json& said = e["data"];
        const std::string role = said.value("role", "");
        if (role == "system") continue;
        memory_.heard(role == "user" ? "Customer" : said.value("sender", "Agent"), said.value("message", ""));
    }
}

void convai_session::gone() {
    if (relay_) relay_->leave();
    call_.dial = nullptr; // nothing here keeps the dialer longer than the hub does
}

} // namespace chat_centre::channel
