#include "channel/llm_request.hpp"

#include "channel/session_names.hpp"
#include "channel/transcript.hpp"

#include <chat_centre/base/text.hpp>

#include <algorithm>

namespace chat_centre::channel {
namespace {

constexpr json_limits llm_limits{40, 200'000};
constexpr std::size_t longest_turn = 16'000; // characters
constexpr std::size_t longest_name = 200;
constexpr std::string_view prompt_mark = "cc-conversation-id:";

std::string text_member(const json& j, const char* name) {
    if (!j.is_object()) return "";
    const auto it = j.find(name);
    return it != j.end() && it->is_string() ? it->get<std::string>() : "";
}

// Text, or a list of parts of which those of type text count.
std::string content_of(const json& message) {
    const auto it = message.find("content");
    if (it == message.end()) return "";
    if (it->is_string()) return it->get<std::string>();
    std::string out;
    if (it->is_array())
        for (const auto& part : *it) {
            const auto text = part.is_string() ? part.get<std::string>() : text_member(part, "text");
            if (!out.empty() && !text.empty()) out += '\n';
            out += text;
        }
    return out;
}

// A name that may become part of a key: printable, and not too long.
std::string name_or_nothing(std::string_view given) {
    const auto name = trimmed(given);
    const bool plain =
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    return plain && name.size() <= longest_name && !is_unfilled(name) ? std::string(name) : "";
}

std::string named_in_prompt(std::string_view prompt) {
    const auto at = prompt.find(prompt_mark);
    if (at == std::string_view::npos) return "";
    auto rest = prompt.substr(at + prompt_mark.size());
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    return name_or_nothing(rest.substr(0, rest.find_first_of(" \t\r\n\"'.,;")));
}

bool offers_skip(const json& tools) {
    if (!tools.is_array()) return false;
    return std::any_of(tools.begin(), tools.end(), [](const json& tool) {
        return tool.is_object() && tool.contains("function") &&
               text_member(tool.at("function"), "name") == "skip_turn";
    });
}

std::string shortened(std::string text) {
    if (text.size() <= longest_turn) return text;
    std::string_view rest(text);
    for (std::size_t n = 0; n < longest_turn && !rest.empty(); ++n) next_code_point(rest);
    text.resize(text.size() - rest.size());
    return text;
}

} // namespace

llm_request read_llm_request(const http::request& r) {
    const json body = parse_json(r.body, llm_limits);
    const auto messages = body.is_object() ? body.find("messages") : body.end();
    if (!body.is_object() || messages == body.end() || !messages->is_array() || messages->empty())
        throw error::unprocessable("messages", "must be a list of messages");
    llm_request q;
    std::string prompt;
    for (const auto& m : *messages) {
        if (!m.is_object()) throw error::unprocessable("messages", "must be a list of objects");
        const auto role = text_member(m, "role");
        if (role == "system" || role == "developer") prompt += content_of(m) + "\n";
        if (role != "user") continue;
        auto text = shortened(content_of(m));
        if (!plain_words(text).empty()) q.user_texts.push_back(std::move(text));
    }
    q.session = name_or_nothing(r.header("x-el-conversation-id"));
    if (q.session.empty()) q.session = named_in_prompt(prompt);
    q.cc_session = name_or_nothing(r.header("x-cc-session"));
    if (q.cc_session.empty())
        if (const auto extra = body.find("elevenlabs_extra_body"); extra != body.end())
            q.cc_session = name_or_nothing(text_member(*extra, "cc_session"));
    q.user_id = name_or_nothing(text_member(body, "user_id"));
    if (q.user_id.empty()) q.user_id = name_or_nothing(text_member(body, "user"));
    if (q.session.empty() && q.cc_session.empty() && q.user_id.empty())
        throw error::unprocessable("user_id",
                                   "or the header X-EL-Conversation-Id must say whose conversation it is");
    q.model = text_member(body, "model").substr(0, longest_name);
    if (const auto stream = body.find("stream"); stream != body.end() && stream->is_boolean())
        q.stream = stream->get<bool>();
    else
        q.stream = false; // OpenAI's default
    if (const auto tools = body.find("tools"); tools != body.end()) q.may_skip = offers_skip(*tools);
    return q;
}

turn_plan plan_turns(const std::vector<std::string>& known, const std::vector<std::string>& asked) {
    turn_plan out;
    const auto m = known.size();
    const auto n = asked.size();
    if (n == 0) return out;
    const auto add_from = [&](std::size_t first, std::size_t number) {
        for (std::size_t i = first; i < n; ++i)
            out.add.push_back({i, static_cast<int>(number + (i - first))});
        out.n = out.add.back().n;
    };
    const auto same = static_cast<std::size_t>(
        std::mismatch(asked.begin(), asked.end(), known.begin(), known.end()).first - asked.begin());
    if (same == n) { // the same again, or the last turns were withdrawn
        out.n = static_cast<int>(n);
        return out;
    }
    if (same == m) { // all that was seen, and more
        add_from(m, m + 1);
        return out;
    }
    // The beginning was trimmed: what it begins with is what was seen last.
    for (std::size_t kept = std::min(n, m); kept > 0; --kept)
        if (std::equal(known.end() - static_cast<std::ptrdiff_t>(kept), known.end(), asked.begin())) {
            if (kept == n)
                out.n = static_cast<int>(m);
            else
                add_from(kept, m + 1);
            return out;
        }
    // The last of it is known from somewhere else: nothing new was said.
    if (const auto again = std::find(known.rbegin(), known.rend(), asked.back()); again != known.rend()) {
        out.n = static_cast<int>(known.rend() - again);
        return out;
    }
    // A revision: what stands in the place of the last turn, and what was said since. Of earlier ones that differ the
    // words that were stored stay.
    if (n >= m)
        add_from(m - 1, m);
    else
        add_from(n - 1, m + 1);
    return out;
}

} // namespace chat_centre::channel
