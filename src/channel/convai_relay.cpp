#include "channel/convai_relay.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace chat_centre::channel {
namespace {

constexpr std::size_t most_lines = 40;
constexpr std::size_t longest_line = 500; // bytes

std::string agents_text(const json& frame, const char* envelope, const char* name) {
    const auto event = frame.find(envelope);
    if (event == frame.end() || !event->is_object()) return {};
    const auto text = event->find(name);
    return text != event->end() && text->is_string() ? text->get<std::string>() : std::string{};
}

std::int64_t agents_number(const json& frame, const char* envelope) {
    const auto event = frame.find(envelope);
    if (event == frame.end() || !event->is_object()) return 0;
    const auto number = event->find("event_id");
    return number != event->end() && number->is_number_integer() ? number->get<std::int64_t>() : 0;
}

std::string update_frame(const std::string& text) {
    return dump({{"type", "contextual_update"}, {"text", text}});
}

} // namespace

void convai_memory::heard(std::string_view who, std::string_view text) {
    std::string line = std::string(who) + ": ";
    std::size_t end = std::min(text.size(), longest_line);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    line += text.substr(0, end);
    if (end < text.size()) line += "…";
    lines_.push_back(std::move(line));
    if (lines_.size() <= most_lines) return;
    lines_.pop_front();
    ++dropped_;
}

std::string convai_memory::since(std::size_t n) const {
    std::string out;
    for (std::size_t i = n > dropped_ ? n - dropped_ : 0; i < lines_.size(); ++i) out += lines_[i] + "\n";
    return out;
}

void convai_relay::start() { open(); }

void convai_relay::open() {
    agent_handlers handlers;
    handlers.frame = [weak = weak_from_this()](const json& frame) {
        if (const auto self = weak.lock()) self->arrived(frame);
    };
    handlers.closed = [weak = weak_from_this()](const agent_end& end) {
        if (const auto self = weak.lock()) self->closed(end);
    };
    handlers.opened = [] {};
    socket_ = dial_(first_frame_, std::move(handlers));
}

void convai_relay::arrived(const json& frame) {
    if (gone_) return;
    const std::string type = frame.value("type", "");
    if (type == "conversation_initiation_metadata") {
        if (std::exchange(began_, true)) return; // of a second session: the page keeps its first
        hooks_.began(agents_text(frame, "conversation_initiation_metadata_event", "conversation_id"));
        return;
    }
    // The page is pinged by us, and hears no sound.
    if (type == "ping" || type == "audio" || paused_ || quiet_ || !began_) return;
    hooks_.show(dump(frame));
    if (gone_) return;
    if (type == "agent_response") {
        std::string text = agents_text(frame, "agent_response_event", "agent_response");
        if (!text.empty()) hooks_.said(std::move(text), agents_number(frame, "agent_response_event"));
    }
}

void convai_relay::closed(const agent_end& end) {
    socket_.reset();
    if (gone_ || end.ours) return;
    spdlog::info("an agent's session has ended: {} {}", end.code, end.reason);
    if (paused_) return; // a new one is opened when staff hand back
    constexpr int normal = 1000;
    if (end.opened && end.code == normal)
        hooks_.ended();
    else if (!end.opened || !began_)
        hooks_.lost();
    // Else it broke off: the customer's next message opens a new one.
}

void convai_relay::pass(std::string frame) {
    if (!paused_ && !gone_ && socket_) socket_->send(std::move(frame));
}

void convai_relay::ask(std::string frame, const std::string& background) {
    if (gone_ || paused_) return;
    if (!socket_) {
        open();
        if (!background.empty()) tell("The connection was lost. What was said before", background);
    }
    quiet_ = false;
    if (socket_) socket_->send(std::move(frame));
}

void convai_relay::resume(const std::string& meanwhile) {
    if (!std::exchange(paused_, false) || gone_) return;
    if (!socket_) {
        quiet_ = true;
        open();
    }
    if (!meanwhile.empty())
        tell("A colleague has spoken with the customer and hands back to you. What was said", meanwhile);
}

void convai_relay::tell(const std::string& what, const std::string& background) {
    if (socket_) socket_->send(update_frame(what + ":\n" + background));
}

void convai_relay::leave() {
    gone_ = true;
    dial_ = nullptr;
    if (const auto socket = std::exchange(socket_, nullptr)) socket->forget();
}

} // namespace chat_centre::channel
