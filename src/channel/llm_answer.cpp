#include "channel/llm_answer.hpp"

#include <chat_centre/base/json.hpp>

#include <spdlog/spdlog.h>

#include <memory>

namespace chat_centre::channel {
namespace {

constexpr std::size_t part_bytes = 48;
constexpr const char* skip_arguments = R"({"reason":"a colleague has this conversation"})";

json skip_call() {
    return json::array({{{"index", 0},
                         {"id", "call_skip_turn"},
                         {"type", "function"},
                         {"function", {{"name", "skip_turn"}, {"arguments", skip_arguments}}}}});
}

std::string data_line(const json& j) { return "data: " + dump(j) + "\n\n"; }

std::string chunk(const completion& c, json delta, json reason = nullptr) {
    return data_line(
        {{"id", c.id},
         {"object", "chat.completion.chunk"},
         {"created", c.created},
         {"model", c.model},
         {"choices",
          json::array({{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", std::move(reason)}}})}});
}

// As a model would send it: some words at a time. Cut behind a space, never within a letter.
std::size_t part_end(std::string_view text) {
    if (text.size() <= part_bytes) return text.size();
    const auto space = text.find(' ', part_bytes);
    return space == std::string_view::npos ? text.size() : space + 1;
}

struct completion_stream {
    completion about;
    std::function<boost::asio::awaitable<llm_reply>()> ask;
    int step = 0;

    static boost::asio::awaitable<std::optional<std::string>> next(std::shared_ptr<completion_stream> self) {
        ++self->step;
        if (self->step == 1) co_return first_chunk(self->about);
        if (self->step > 2) co_return std::nullopt;
        std::string failure;
        try {
            const llm_reply r = co_await self->ask();
            co_return later_chunks(self->about, r);
        } catch (const std::exception& e) {
            spdlog::warn("an answer of the custom LLM failed: {}", e.what());
            failure = "The answer could not be made. Ask again.";
        }
        co_return failed_chunks(failure);
    }
};

} // namespace

std::string whole_completion(const completion& c, const llm_reply& r) {
    json message = {{"role", "assistant"}, {"content", r.text}};
    if (r.skip) {
        message["content"] = nullptr;
        message["tool_calls"] = skip_call();
        message["tool_calls"][0].erase("index");
    }
    return dump({{"id", c.id},
                 {"object", "chat.completion"},
                 {"created", c.created},
                 {"model", c.model},
                 {"choices", json::array({{{"index", 0},
                                           {"message", message},
                                           {"finish_reason", r.skip ? "tool_calls" : "stop"}}})},
                 {"usage", {{"prompt_tokens", 0}, {"completion_tokens", 0}, {"total_tokens", 0}}}});
}

std::string first_chunk(const completion& c) { return chunk(c, {{"role", "assistant"}, {"content", ""}}); }

std::string later_chunks(const completion& c, const llm_reply& r) {
    std::string out;
    std::string_view rest = r.text;
    while (!r.skip && !rest.empty()) {
        const auto end = part_end(rest);
        out += chunk(c, {{"content", std::string(rest.substr(0, end))}});
        rest.remove_prefix(end);
    }
    if (r.skip) out += chunk(c, {{"tool_calls", skip_call()}});
    out += chunk(c, json::object(), r.skip ? "tool_calls" : "stop");
    return out + "data: [DONE]\n\n";
}

std::string failed_chunks(const std::string& what) {
    return data_line({{"error", what}}) + "data: [DONE]\n\n";
}

http::body_stream stream_completion(completion c, std::function<boost::asio::awaitable<llm_reply>()> ask) {
    auto state = std::make_shared<completion_stream>(completion_stream{std::move(c), std::move(ask)});
    return [state] { return completion_stream::next(state); };
}

} // namespace chat_centre::channel
