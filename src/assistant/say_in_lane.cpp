#include "assistant/say_in_lane.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/conversation.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::assistant {
conversation::incoming message_for(std::int64_t event, std::int64_t conversation, int seq,
                                   conversation::speaker role, std::string sender, std::string text) {
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = conversation;
    m.role = role;
    m.sender = std::move(sender);
    m.own_assistant = true;
    m.message_id = "MSG-EV" + std::to_string(event);
    m.client_message_id = conversation::reply_mark(seq);
    m.body_hash = hash64(text);
    m.text = std::move(text);
    return m;
}

std::vector<stored> say_all(conversation::append_lane& lane, std::vector<conversation::incoming> messages) {
    std::vector<std::int64_t> conversations;
    conversations.reserve(messages.size());
    for (const auto& m : messages) conversations.push_back(m.conversation);
    const auto answers = lane.append_blocking(std::move(messages));
    std::vector<stored> out;
    out.reserve(answers.size());
    const error* unavailable = nullptr;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto* failed = std::get_if<error>(&answers[i]);
        out.push_back(failed == nullptr ? stored::yes : stored::refused);
        if (failed == nullptr) continue;
        if (failed->status() == 503) unavailable = failed;
        spdlog::debug("the assistant stays silent in {}: {}", format_id("CONV", conversations[i]),
                      failed->detail());
    }
    if (unavailable != nullptr) throw error(*unavailable);
    return out;
}

} // namespace chat_centre::assistant
