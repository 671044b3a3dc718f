#pragma once
// The built-in assistant's voice in the channels that are ours (widget, portal): it follows the event log, answers
// while it has the turn, and says once that a person is coming.

#include <chat_centre/conversation/append_lane.hpp>
#include <chat_centre/event/relay.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chat_centre::assistant {

std::string greeting(std::string_view language, std::string_view company);
std::string holding_answer(std::string_view language);
std::string handover_notice(std::string_view language);

struct call { // what the assistant was called for
    std::int64_t event = 0, conversation = 0;
    int seq = 0; // of the customer's message
    std::string channel, text, language;
};
// What somebody else wants said in the assistant's turn (a guided intake).
struct guided_reply {
    std::string text;
    std::string metadata; // JSON object, or ""
};
// In the follower's transaction, before the answer is stored. It must neither lock the conversation nor append events:
// the append lane needs both before this transaction ends. nullopt: the assistant speaks itself.
using guide = std::function<std::optional<guided_reply>(db::tx&, const call&)>;

class responder {
public:
    // `lane` outlives it. assistant_name is the sender of what it says.
    responder(db::settings s, conversation::append_lane& lane, std::string assistant_name,
              assistant::guide guide = {});
    void start() { follower_.start(); }
    void notice(const event::entries& batch) { follower_.notice(batch); } // any thread
    void stop() { follower_.stop(); }

private:
    void handle(db::tx& t, const std::vector<event::entry>& events);
    void say(const event::entry& cause, int seq, conversation::speaker role, std::string text,
             std::string metadata = {});

    conversation::append_lane& lane_;
    std::string name_;
    assistant::guide guide_;
    event::follower follower_;
};

} // namespace chat_centre::assistant
