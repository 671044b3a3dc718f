// The wire format of models: events cut anywhere, and what servers send instead of an answer.

#include "assistant/chat_completion.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::assistant;
using fault = completion_reader::fault;

namespace {

std::vector<std::string> events_of(const std::vector<std::string>& pieces) {
    sse_reader reader(1000);
    std::vector<std::string> out;
    const auto take = [&out](std::string_view data) {
        out.emplace_back(data);
        return true;
    };
    for (const auto& p : pieces) REQUIRE(reader.feed(p, take) == sse_reader::progress::more);
    reader.finish(take);
    return out;
}

completion_reader read_all(const std::string& type, const std::vector<std::string>& pieces) {
    completion_reader r(type);
    for (const auto& p : pieces)
        if (!r.feed(p)) break;
    r.finish();
    return r;
}

std::string delta(const std::string& text) {
    return R"(data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":")" + text +
           "\"},\"finish_reason\":null}]}\n\n";
}
const std::string role_chunk =
    "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const std::string stop_chunk = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string usage_chunk =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}\n\n";
const std::string done_chunk = "data: [DONE]\n\n";
const std::string stream_type = "text/event-stream; charset=utf-8";

} // namespace

TEST_CASE("server-sent events, cut at every byte", "[sse]") {
    const std::string text =
        "\xef\xbb\xbf: a comment\r\ndata: one\r\n\r\nevent: x\nid: 7\ndata:two\ndata:  lines\n\n"
        "data\n\nretry: 5\n\rdata: cr\r\rdata: last";
    const std::vector<std::string> expected{"one", "two\n lines", "", "cr", "last"};
    CHECK(events_of({text}) == expected);
    for (std::size_t a = 0; a <= text.size(); ++a) {
        INFO("cut at " << a);
        CHECK(events_of({text.substr(0, a), text.substr(a)}) == expected);
    }
    std::vector<std::string> bytes;
    for (const char c : text) bytes.emplace_back(1, c);
    CHECK(events_of(bytes) == expected);
}

TEST_CASE("an event has a limit, with and without an end", "[sse]") {
    const auto ignore = [](std::string_view) { return true; };
    sse_reader one(100);
    CHECK(one.feed("data: " + std::string(200, 'x'), ignore) == sse_reader::progress::too_long);
    sse_reader many(100);
    sse_reader::progress p = sse_reader::progress::more;
    for (int i = 0; i < 20 && p == sse_reader::progress::more; ++i)
        p = many.feed("data: 0123456789\n", ignore);
    CHECK(p == sse_reader::progress::too_long);
    sse_reader short_ones(100);
    for (int i = 0; i < 50; ++i) CHECK(short_ones.feed("data: x\n\n", ignore) == sse_reader::progress::more);
}

TEST_CASE("a streamed answer, cut at every byte", "[completion]") {
    const std::string text = ": wait\n\n" + role_chunk + delta("Gr\\u00fc") + delta("ße, ") +
                             delta("مرحبا \\n") + stop_chunk + usage_chunk + done_chunk;
    for (std::size_t a = 0; a <= text.size(); ++a) {
        const auto r = read_all(stream_type, {text.substr(0, a), text.substr(a)});
        INFO("cut at " << a);
        REQUIRE(r.complete());
        CHECK(r.text == "Grüße, مرحبا");
        CHECK(r.model == "m-1");
        CHECK(r.input_tokens == 12);
        CHECK(r.output_tokens == 3);
    }
    completion_reader early(stream_type);
    CHECK(early.feed(role_chunk));
    CHECK_FALSE(early.started());
    CHECK(early.feed(delta("H")));
    CHECK(early.started());
    CHECK_FALSE(early.said_all());
    CHECK(early.feed(stop_chunk));
    CHECK(early.said_all());
    CHECK_FALSE(early.feed(done_chunk));
    CHECK(early.complete());
}

TEST_CASE("answers that are accepted", "[completion]") {
    struct accepted_answer {
        const char* name;
        std::string type;
        std::string body;
        std::string text;
    };
    const std::string whole =
        R"({"model":"m","choices":[{"message":{"role":"assistant","content":" Hi. "},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})";
    for (const auto& a : std::vector<accepted_answer>{
             {"without [DONE]", stream_type, delta("a") + stop_chunk, "a"},
             {"without a finish_reason", stream_type, delta("a") + done_chunk, "a"},
             {"without the last empty line", stream_type, delta("a") + "data: [DONE]", "a"},
             {"streamed without a type", "", "\r\n" + delta("a") + done_chunk, "a"},
             {"not streamed", "application/json", whole, "Hi."},
             {"not streamed, without a type", "text/plain", "\n" + whole, "Hi."},
             {"content in parts", "application/json",
              R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}}]})",
              "ab"},
             {"a thought before it", stream_type,
              delta("<think>hm") + delta(" hm</think>\\n") + delta("Yes.") + done_chunk, "Yes."},
             {"null content first", stream_type,
              "data: {\"choices\":[{\"delta\":{\"content\":null}}]}\n\n" + delta("a") + done_chunk, "a"},
             {"no choices at first", stream_type,
              "data: {\"prompt_filter_results\":[]}\n\n" + delta("a") + done_chunk, "a"},
         }) {
        INFO(a.name);
        const auto r = read_all(a.type, {a.body});
        CHECK(r.complete());
        CHECK(r.wrong() == fault::none);
        CHECK(r.text == a.text);
    }
}

TEST_CASE("what is no answer", "[completion]") {
    struct no_answer_case {
        const char* name;
        std::string type;
        std::string body;
        fault why;
    };
    for (const auto& a : std::vector<no_answer_case>{
             {"nothing", stream_type, "", fault::malformed},
             {"nothing as JSON", "application/json", "", fault::malformed},
             {"a page", "text/html", "<html><body>502</body></html>", fault::malformed},
             {"a page that calls itself plain", "text/plain", "<html>", fault::malformed},
             {"only the end", stream_type, done_chunk, fault::malformed},
             {"only blanks", stream_type, delta("  \\n ") + stop_chunk + done_chunk, fault::malformed},
             {"broken off", stream_type, delta("The answer is"), fault::truncated},
             {"broken off in an event", stream_type, delta("The answer is") + "data: {\"choices\":[{\"del",
              fault::malformed},
             {"cut by its length", stream_type,
              delta("The answer is") +
                  "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n" + done_chunk,
              fault::truncated},
             {"filtered", stream_type,
              "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n" + done_chunk,
              fault::refused},
             {"not JSON", stream_type, "data: hello\n\n", fault::malformed},
             {"a list", stream_type, "data: [1]\n\n", fault::malformed},
             {"content of another kind", stream_type, "data: {\"choices\":[{\"delta\":{\"content\":7}}]}\n\n",
              fault::malformed},
             {"a character that no text may have", stream_type, delta("a\\u0000b") + done_chunk,
              fault::malformed},
             {"no UTF-8", stream_type, delta("a\xff") + done_chunk, fault::malformed},
             {"too deep", stream_type,
              "data: {\"x\":" + std::string(5000, '[') + std::string(5000, ']') + "}\n\n", fault::malformed},
             {"an error in the stream", stream_type,
              delta("a") + "data: {\"error\":\"Internal error occurred!\"}\n\n", fault::failing},
             {"an error as an answer", "application/json",
              R"({"error":{"message":"x","type":"server_error"}})", fault::failing},
             {"no choices", "application/json", R"({"choices":[]})", fault::malformed},
             {"half of it", "application/json", R"({"choices":[{"message":{"content":"a)", fault::malformed},
             {"a thought without an end", stream_type, delta("<think>hm hm") + stop_chunk + done_chunk,
              fault::truncated},
             {"an endless line", stream_type, "data: " + std::string(100'000, 'x'), fault::too_long},
             {"an endless page of blanks", "", std::string(100'000, '\n'), fault::malformed},
             {"an endless document", "application/json", "{" + std::string(300'000, ' '), fault::too_long},
         }) {
        INFO(a.name);
        const auto r = read_all(a.type, {a.body});
        CHECK_FALSE(r.complete());
        CHECK(to_string(r.wrong()) == to_string(a.why));
    }
    completion_reader endless(stream_type);
    int events = 0;
    while (events < 100'000 && endless.feed(delta("word after word "))) ++events;
    CHECK(endless.wrong() == fault::too_long);
    CHECK(events < 5000);
}

TEST_CASE("a request in the dialect of its server", "[completion]") {
    model_request r;
    r.messages = {{author::system, "Be kind."}, {author::user, "Hi \"you\""}, {author::assistant, "Hello."}};
    r.json_object = true;
    dialect d;
    json body = json::parse(completion_body(r, "m", d));
    CHECK(body["messages"][1] == json{{"role", "user"}, {"content", "Hi \"you\""}});
    CHECK(body["messages"][2]["role"] == "assistant");
    CHECK(body["max_tokens"] == 400);
    CHECK(body["stream"] == true);
    CHECK(body["stream_options"]["include_usage"] == true);
    CHECK(body["response_format"]["type"] == "json_object");

    const std::string no_max =
        R"({"error":{"message":"Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}})";
    CHECK_FALSE(learn_from_refusal(d, 500, no_max));
    CHECK(learn_from_refusal(d, 400, no_max));
    CHECK_FALSE(learn_from_refusal(d, 400, no_max)); // once
    CHECK(learn_from_refusal(
        d, 422, R"({"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]})"));
    CHECK(learn_from_refusal(d, 400, R"({"error":{"param":"temperature"}})"));
    CHECK(learn_from_refusal(d, 400, "response_format is not supported"));
    CHECK_FALSE(learn_from_refusal(d, 400, R"({"error":{"param":"messages"}})"));
    body = json::parse(completion_body(r, "m", d));
    CHECK(body["max_completion_tokens"] == 400);
    for (const char* gone : {"max_tokens", "temperature", "stream_options", "response_format"})
        CHECK_FALSE(body.contains(gone));
}

TEST_CASE("of a refusal only its code is kept", "[completion]") {
    CHECK(
        refusal_code(
            R"({"error":{"message":"Incorrect key sk-12","type":"invalid_request_error","code":"invalid_api_key"}})") ==
        "invalid_api_key");
    CHECK(refusal_code(R"([{"error":{"code":403,"message":"x","status":"PERMISSION_DENIED"}}])") ==
          "PERMISSION_DENIED");
    for (const char* none :
         {"", "<html>", "{}", "[]", R"({"error":"a sentence of the customer"})",
          R"({"error":{"code":"two words"}})", R"({"error":{"code":null}})", "{\"error\":["})
        CHECK(refusal_code(none).empty());
}
