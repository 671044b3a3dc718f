#pragma once
// Relay mode: an agent at ElevenLabs speaks, and what it and the customer say passes through here. While staff have the
// conversation nothing passes; the agent hears of it when they hand back. Everything on one thread.

#include "channel/agent_socket.hpp"

#include <chat_centre/base/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chat_centre::channel {

// What was said lately, for an agent that did not hear it.
class convai_memory {
public:
    void heard(std::string_view who, std::string_view text);
    std::size_t size() const { return lines_.size() + dropped_; } // of all that was heard
    // What was heard from the n-th on, as far as it is still known: one line each, "who: text".
    std::string since(std::size_t n) const;

private:
    std::deque<std::string> lines_;
    std::size_t dropped_ = 0;
};

class convai_relay : public std::enable_shared_from_this<convai_relay> {
public:
    using dial =
        std::function<std::shared_ptr<agent_socket>(std::string first_frame, agent_handlers handlers)>;
    struct hooks {
        std::function<void(const std::string& conversation_id)> began; // once: the page may be told that it is connected
        std::function<void(std::string frame)> show;                   // for the page, as it came
        std::function<void(std::string text, std::int64_t event)> said; // by the agent, shown already
        std::function<void()> ended;                                    // the agent ended the conversation
        std::function<void()> lost;                                     // it cannot be reached
    };

    convai_relay(dial d, std::string first_frame, hooks h)
        : dial_(std::move(d)), first_frame_(std::move(first_frame)), hooks_(std::move(h)) {}

    void start();
    void pass(std::string frame); // of the page; dropped while paused
    // What the customer said, stored already and due to be answered by the agent. background: what it may have missed.
    void ask(std::string frame, const std::string& background);
    void pause() { paused_ = true; }
    // Staff have handed back: what was said meanwhile.
    void resume(const std::string& meanwhile);
    void leave(); // no hook is called any more
    bool paused() const { return paused_; }

private:
    void open();
    void arrived(const json& frame);
    void closed(const agent_end& end);
    void tell(const std::string& what, const std::string& background);

    dial dial_;
    std::string first_frame_;
    hooks hooks_;
    std::shared_ptr<agent_socket> socket_;
    bool began_ = false; // the page knows its conversation
    bool paused_ = false;
    bool quiet_ = false; // a second session begins with a greeting that nobody asked for
    bool gone_ = false;
};

} // namespace chat_centre::channel
