#pragma once
// The OpenAI-compatible wire format: what a request looks like, and an answer put together from pieces cut anywhere.
// Pure: nothing here connects to anything.

#include "assistant/sse_reader.hpp"

#include <chat_centre/assistant/model.hpp>
#include <chat_centre/base/json.hpp>

#include <string>
#include <string_view>

namespace chat_centre::assistant {

// What servers that call themselves compatible differ in. Learnt from their refusals.
struct dialect {
    bool max_tokens = true; // false: only max_completion_tokens
    bool temperature = true;
    bool stream_options = true;
    bool response_format = true;
};
std::string completion_body(const model_request& r, std::string_view model, const dialect& d);
// Drops what a 400 or 422 names as unsupported. False: it names nothing that could be dropped.
bool learn_from_refusal(dialect& d, int status, std::string_view body);
// The code or type of an error answer, when it is a plain word; else "". Never its text, which may quote the prompt.
std::string refusal_code(std::string_view body);

// Reads the body of a 200, streamed or not.
class completion_reader {
public:
    enum class fault { none, malformed, truncated, too_long, refused, failing };

    explicit completion_reader(std::string content_type);

    bool feed(std::string_view piece); // false: complete, or at fault
    void finish();                     // the other side has ended

    fault wrong() const { return fault_; }
    bool started() const { return !text_.empty(); } // a first token is there
    bool said_all() const { return stopped_; }      // only numbers may follow
    bool complete() const { return complete_; }
    std::string text; // trimmed, once complete
    std::string model;
    int input_tokens = 0;
    int output_tokens = 0;

private:
    enum class shape { unknown, stream, whole };

    bool event(std::string_view data);
    void whole();
    void read_common(const json& answer);
    void add(const json& content);
    bool fail(fault f);
    bool end();

    shape shape_ = shape::unknown;
    bool guess_ = false;
    fault fault_ = fault::none;
    bool complete_ = false;
    bool stopped_ = false; // a finish_reason was there; usage may follow
    sse_reader events_;
    std::string body_; // of an answer that is not streamed, or until it is known which it is
    std::string text_;
};
std::string_view to_string(completion_reader::fault f);

} // namespace chat_centre::assistant
