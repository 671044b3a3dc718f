#include <chat_centre/assistant/responder.hpp>

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/json.hpp>
#include <chat_centre/base/text.hpp>
#include <chat_centre/conversation/conversation.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::assistant {
namespace {

using conversation::speaker;

bool arabic(std::string_view language) { return language.substr(0, 2) == "ar"; }

} // namespace

std::string greeting(std::string_view language, std::string_view company) {
    if (arabic(language)) return "مرحبًا بك في " + std::string(company) + "! كيف يمكنني مساعدتك؟";
    return "Welcome to " + std::string(company) + "! How can I help you?";
}

std::string holding_answer(std::string_view language) {
    if (arabic(language))
        return "شكرًا لك، وصلتني رسالتك. أخبرني بالمزيد، أو اكتب «أريد التحدث مع موظف» وسينضم إليك أحد زملائنا.";
    return "Thank you, I have noted that. Tell me more, or write “talk to a person” and a colleague will join you.";
}

std::string handover_notice(std::string_view language) {
    if (arabic(language)) return "سأوصلك بأحد زملائنا. ابقَ معنا من فضلك، سيرى كل ما كتبته هنا.";
    return "I am connecting you with a colleague. Please stay here: they will see everything you wrote.";
}

responder::responder(db::settings s, conversation::append_lane& lane, std::string assistant_name,
                     assistant::guide guide)
    : lane_(lane), name_(std::move(assistant_name)), guide_(std::move(guide)),
      follower_(std::move(s), "assistant", {"assistant.call"},
                [this](db::tx& t, const std::vector<event::entry>& e) { handle(t, e); }) {}

void responder::handle(db::tx& t, const std::vector<event::entry>& events) {
    for (const auto& e : events) {
        const json call = json::parse(e.data, nullptr, false);
        std::string language = call.value("language", "");
        if (language.empty()) language = detect_language(call.value("text", ""));
        const int seq = call.value("seq", 0);
        if (call.value("cause", "") == "handover")
            say(e, seq, speaker::system, handover_notice(language));
        else if (const auto guided = guide_ ? guide_(t, {e.id, e.conversation, seq, call.value("channel", ""),
                                                         call.value("text", ""), call.value("language", "")})
                                            : std::nullopt)
            say(e, seq, speaker::ai, guided->text, guided->metadata);
        else
            say(e, seq, speaker::ai, holding_answer(language));
    }
}

// The id derives from the event, so a second delivery of it stores nothing twice.
void responder::say(const event::entry& cause, int seq, speaker role, std::string text, std::string metadata) {
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = cause.conversation;
    m.role = role;
    m.sender = name_;
    m.own_assistant = true;
    m.message_id = "MSG-EV" + std::to_string(cause.id);
    m.body_hash = hash64(text);
    m.client_message_id = conversation::reply_mark(seq);
    m.text = std::move(text);
    m.metadata = std::move(metadata);
    try {
        lane_.append_blocking(std::move(m));
    } catch (const error& e) {
        if (e.status() == 503) throw; // try this event again
        // 409: somebody took the turn meanwhile, and that is the rule.
        spdlog::debug("the assistant stays silent in {}: {}", format_id("CONV", cause.conversation),
                      e.detail());
    }
}

} // namespace chat_centre::assistant
