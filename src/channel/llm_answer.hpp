#pragma once
// What the custom LLM answers, and its two forms: one JSON object, or server-sent events. Pure but for the stream, which
// waits for the answer.

#include <chat_centre/http/message.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace chat_centre::channel {

struct llm_reply {
    std::string text;  // "": nothing is said
    bool skip = false; // the tool skip_turn is called instead
    bool by_assistant = false;
    int told_seq = 0; // the customer has then been told everything up to here
};

struct completion { // what every part of an answer carries
    std::string id, model;
    std::int64_t created = 0; // Unix seconds
};

std::string whole_completion(const completion& c, const llm_reply& r); // chat.completion
std::string first_chunk(const completion& c);                          // the role, before anything is known
std::string later_chunks(const completion& c,
                         const llm_reply& r); // the words in parts, the reason to stop, [DONE]
std::string failed_chunks(const std::string& what);

// The role is sent at once; then `ask` is awaited.
http::body_stream stream_completion(completion c, std::function<boost::asio::awaitable<llm_reply>()> ask);

} // namespace chat_centre::channel
