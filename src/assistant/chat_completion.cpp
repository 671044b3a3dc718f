#include "assistant/chat_completion.hpp"

#include <algorithm>
#include <array>

namespace chat_centre::assistant {
namespace {

constexpr std::size_t longest_text = 32 * 1024;
constexpr std::size_t longest_stream_event = 64 * 1024;
constexpr std::size_t longest_body = 256 * 1024;
constexpr std::size_t longest_code = 64;
constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view thought_begin = "<think>";
constexpr std::string_view thought_end = "</think>";

std::string_view name_of(author a) {
    if (a == author::system) return "system";
    return a == author::user ? "user" : "assistant";
}

std::string_view without_blank(std::string_view s) {
    const auto begin = s.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return s.substr(begin, s.find_last_not_of(blank) - begin + 1);
}

// Some models write down how they came to an answer before it, which is nothing for a customer. nullopt: it never ends.
std::optional<std::string_view> without_thought(std::string_view s) {
    s = without_blank(s);
    if (!s.starts_with(thought_begin)) return s;
    const auto end = s.find(thought_end);
    if (end == std::string_view::npos) return std::nullopt;
    return without_blank(s.substr(end + thought_end.size()));
}

json parsed_or_null(std::string_view text) {
    try {
        return parse_json(text);
    } catch (const error&) {
        return nullptr;
    }
}

const json& member(const json& o, const char* name) {
    static const json none;
    if (!o.is_object()) return none;
    const auto it = o.find(name);
    return it == o.end() ? none : *it;
}

std::string text_of(const json& o, const char* name) {
    const json& v = member(o, name);
    return v.is_string() ? v.get<std::string>() : std::string{};
}

int count_of(const json& o, const char* name) {
    const json& v = member(o, name);
    if (!v.is_number_integer()) return 0;
    return static_cast<int>(std::clamp<std::int64_t>(v.get<std::int64_t>(), 0, 10'000'000));
}

std::string lower_ascii(std::string_view s) {
    std::string out(s);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// Servers put it into {"error":{...}}, {"error":"..."} or a list of one of these.
const json& error_of(const json& answer) {
    const json& o = answer.is_array() && !answer.empty() ? answer.front() : answer;
    return member(o, "error");
}

} // namespace

std::string completion_body(const model_request& r, std::string_view model, const dialect& d) {
    json messages = json::array();
    for (const auto& m : r.messages) messages.push_back({{"role", name_of(m.role)}, {"content", m.content}});
    json body{{"model", model}, {"messages", std::move(messages)}, {"stream", true}};
    body[d.max_tokens ? "max_tokens" : "max_completion_tokens"] = r.max_tokens;
    if (d.temperature) body["temperature"] = r.temperature;
    if (d.stream_options) body["stream_options"] = {{"include_usage", true}};
    if (r.json_object && d.response_format) body["response_format"] = {{"type", "json_object"}};
    return dump(body);
}

bool learn_from_refusal(dialect& d, int status, std::string_view body) {
    if (status != 400 && status != 422) return false;
    struct option {
        std::string_view name;
        bool dialect::* given;
    };
    static constexpr std::array<option, 4> options{{{"max_tokens", &dialect::max_tokens},
                                                    {"temperature", &dialect::temperature},
                                                    {"stream_options", &dialect::stream_options},
                                                    {"response_format", &dialect::response_format}}};
    const json answer = parsed_or_null(body);
    const std::string param = text_of(error_of(answer), "param");
    for (const auto& [name, given] : options) {
        const bool named = param.empty() ? body.find(name) != std::string_view::npos : param.starts_with(name);
        if (!named || !(d.*given)) continue;
        d.*given = false;
        return true;
    }
    return false;
}

std::string refusal_code(std::string_view body) {
    const json answer = parsed_or_null(body);
    const json& e = error_of(answer);
    for (const char* name : {"code", "type", "status"}) {
        const std::string word = text_of(e, name);
        const auto plain = [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
        };
        if (!word.empty() && word.size() <= longest_code && std::all_of(word.begin(), word.end(), plain))
            return word;
    }
    return "";
}

completion_reader::completion_reader(std::string content_type) : events_(longest_stream_event) {
    const std::string type = lower_ascii(content_type.substr(0, content_type.find(';')));
    if (type.find("event-stream") != std::string::npos)
        shape_ = shape::stream;
    else if (type.find("json") != std::string::npos)
        shape_ = shape::whole;
    else
        guess_ =
            type.empty() || type.starts_with("text/plain") || type.find("octet-stream") != std::string::npos;
}

bool completion_reader::feed(std::string_view piece) {
    if (complete_ || fault_ != fault::none) return false;
    if (shape_ == shape::unknown) {
        if (!guess_) return fail(fault::malformed); // a page of HTML, say
        body_ += piece;
        const auto seen = body_.find_first_not_of(blank);
        if (seen == std::string::npos) return body_.size() <= longest_stream_event || fail(fault::malformed);
        shape_ = body_[seen] == '{' || body_[seen] == '[' ? shape::whole : shape::stream;
        const std::string begun = std::move(body_);
        body_.clear();
        return feed(begun);
    }
    if (shape_ == shape::whole) {
        if (body_.size() + piece.size() > longest_body) return fail(fault::too_long);
        body_ += piece;
        return true;
    }
    const auto progress = events_.feed(piece, [this](std::string_view data) { return event(data); });
    if (progress == sse_reader::progress::too_long) return fail(fault::too_long);
    return progress == sse_reader::progress::more;
}

void completion_reader::finish() {
    if (complete_ || fault_ != fault::none) return;
    if (shape_ == shape::whole) {
        whole();
        return;
    }
    if (shape_ == shape::stream) events_.finish([this](std::string_view data) { return event(data); });
    if (complete_ || fault_ != fault::none) return;
    if (stopped_)
        end(); // some never say [DONE]
    else
        fail(shape_ == shape::unknown || text_.empty() ? fault::malformed : fault::truncated);
}

bool completion_reader::event(std::string_view data) {
    if (without_blank(data) == "[DONE]") return end();
    const json chunk = parsed_or_null(data);
    if (!chunk.is_object()) return fail(fault::malformed);
    if (!error_of(chunk).is_null()) return fail(fault::failing);
    read_common(chunk);
    const json& choices = member(chunk, "choices");
    if (!choices.is_array() || choices.empty()) return true; // the one with the usage
    const json& choice = choices.front();
    add(member(member(choice, "delta"), "content"));
    const std::string reason = text_of(choice, "finish_reason");
    if (reason == "length") return fail(fault::truncated);
    if (reason == "content_filter") return fail(fault::refused);
    stopped_ = stopped_ || !reason.empty();
    return fault_ == fault::none;
}

void completion_reader::whole() {
    const json answer = parsed_or_null(body_);
    if (!error_of(answer).is_null()) {
        fail(fault::failing);
        return;
    }
    const json& choices = member(answer, "choices");
    if (!choices.is_array() || choices.empty()) {
        fail(fault::malformed);
        return;
    }
    read_common(answer);
    const json& choice = choices.front();
    add(member(member(choice, "message"), "content"));
    const std::string reason = text_of(choice, "finish_reason");
    if (fault_ != fault::none) return;
    if (reason == "length")
        fail(fault::truncated);
    else if (reason == "content_filter")
        fail(fault::refused);
    else
        end();
}

void completion_reader::read_common(const json& answer) {
    if (model.empty()) model = text_of(answer, "model").substr(0, 100);
    const json& usage = member(answer, "usage");
    if (!usage.is_object()) return;
    input_tokens = count_of(usage, "prompt_tokens");
    output_tokens = count_of(usage, "completion_tokens");
}

// A text, or a list of parts of which some are text.
void completion_reader::add(const json& content) {
    if (content.is_string()) {
        text_ += content.get_ref<const std::string&>();
    } else if (content.is_array()) {
        for (const json& part : content) text_ += text_of(part, "text");
    } else if (!content.is_null()) {
        fail(fault::malformed);
    }
    if (text_.size() > longest_text) fail(fault::too_long);
}

bool completion_reader::fail(fault f) {
    if (fault_ == fault::none) fault_ = f;
    return false;
}

bool completion_reader::end() {
    const auto said = without_thought(text_);
    if (!said) return fail(fault::truncated);
    if (said->empty()) return fail(fault::malformed);
    text = *said;
    complete_ = true;
    return false;
}

std::string_view to_string(completion_reader::fault f) {
    switch (f) {
    case completion_reader::fault::none: return "none";
    case completion_reader::fault::malformed: return "malformed";
    case completion_reader::fault::truncated: return "truncated";
    case completion_reader::fault::too_long: return "too_long";
    case completion_reader::fault::refused: return "refused";
    case completion_reader::fault::failing: return "failing";
    }
    return "";
}

} // namespace chat_centre::assistant
