#pragma once
// Our server as the language model of an ElevenLabs agent: OpenAI's chat completions. Customer turns are stored by the
// append lane as everywhere; what is answered is what the log says was said to them, by our assistant or by staff.

#include <chat_centre/channel/elevenlabs.hpp>

#include <cstdint>
#include <string>

namespace chat_centre::channel {

struct llm_request;
struct llm_reply;
struct llm_turn;

struct completion_view {
    std::string id, object, model;
    std::int64_t created = 0;
    std::vector<json> choices;
};
BOOST_DESCRIBE_STRUCT(completion_view, (), (id, object, model, created, choices))

class custom_llm {
public:
    explicit custom_llm(const elevenlabs_context& c) : c_(c) {}

    boost::asio::awaitable<http::response> complete(http::request r);

    static constexpr auto table() {
        constexpr auto io = [] {
            auto s = http::limited(http::answers<completion_view>(), http::rate::none);
            s.body_limit = 2UL * 1024 * 1024;
            return http::described(
                s,
                "OpenAI's chat completions: `messages`, `stream`, `tools`, `user_id`, `elevenlabs_extra_body`; other "
                "fields are ignored. With `stream` the answer is text/event-stream. The conversation is named by the "
                "header X-EL-Conversation-Id, X-CC-Session, `elevenlabs_extra_body.cc_session`, or "
                "`cc-conversation-id:` in the system prompt, else by `user_id`. The same turn again is answered as "
                "the first time. While staff have the conversation only their words are answered.");
        }();
        return std::to_array<http::row<custom_llm>>({
            {http::verb::post, "/v1/chat/completions", permission::assistant_use, &custom_llm::complete,
             "createChatCompletion",
             "The assistant's answer to a customer's turn, for another system's agent", io},
            {http::verb::post, "/chat/completions", permission::assistant_use, &custom_llm::complete,
             "createChatCompletionShort", "The same, for agents that are given the address without /v1", io},
        });
    }

private:
    boost::asio::awaitable<llm_turn> store(llm_request q);
    boost::asio::awaitable<llm_reply> say(llm_turn turn);
    boost::asio::awaitable<llm_reply> greet(llm_turn turn);
    boost::asio::awaitable<llm_reply> answer(llm_turn turn);
    boost::asio::awaitable<llm_reply> keep(llm_turn turn, llm_reply reply);

    const elevenlabs_context& c_;
};

} // namespace chat_centre::channel
