#pragma once
// A language model behind an interface: what the engine asks of one, and what it gets. The engine works without any.

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace chat_centre::assistant {

enum class author : std::uint8_t { system, user, assistant };

// What a customer wrote goes into messages of author::user only.
struct prompt_message {
    author role = author::user;
    std::string content; // UTF-8
};

// What the call is for: another model may be set for each, and both are counted apart.
enum class purpose : std::uint8_t { answer, intent };

struct model_request {
    purpose what = purpose::answer;
    std::vector<prompt_message> messages; // at least one
    double temperature = 0.2;
    int max_tokens = 400;
    bool json_object = false; // the reply has to be one JSON object (providers have a switch for it)
    // All attempts, their pauses and the reading of the reply are over by then (by the client's own limits anyway).
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    // Looked at now and then while waiting, on the calling thread; true: give up with model_unavailable. May be empty.
    std::function<bool()> cancelled;
};

struct model_answer {
    std::string text;      // never empty, valid UTF-8
    std::string model;     // as the provider names it
    int input_tokens = 0;  // 0 when the provider does not say
    int output_tokens = 0; // likewise
    std::chrono::milliseconds to_first_token{0};
};

// No answer, for whatever reason: refused, timed out, circuit open, cancelled, not understood. what() is for the log and
// holds neither key nor prompt.
class model_unavailable : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class model {
public:
    virtual ~model() = default;
    // Blocks. Any thread, several at once. Throws model_unavailable and nothing else.
    virtual model_answer complete(const model_request& request) = 0;

protected:
    model() = default;
    model(const model&) = default;
    model& operator=(const model&) = default;
};

} // namespace chat_centre::assistant
