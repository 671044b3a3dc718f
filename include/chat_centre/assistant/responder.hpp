#pragma once
// The built-in assistant's voice in the channels that are ours (widget, portal): it follows the event log, answers
// while it has the turn, and says once that a person is coming.

#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/event/relay.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace chat_centre::assistant {

std::string greeting(std::string_view language, std::string_view company);
std::string holding_answer(std::string_view language);
std::string handover_notice(std::string_view language);

class responder {
public:
    // `lane` outlives it. assistant_name is the sender of what it says.
    responder(db::settings s, conversation::append_lane& lane, std::string assistant_name);
    void start() { follower_.start(); }
    void notice(const event::entries& batch) { follower_.notice(batch); } // any thread
    void stop() { follower_.stop(); }

private:
    void handle(const std::vector<event::entry>& events);
    void say(const event::entry& cause, int seq, conversation::speaker role, std::string text);

    conversation::append_lane& lane_;
    std::string name_;
    event::follower follower_;
};

} // namespace chat_centre::assistant
