// Requests of the custom LLM: what is read, which turns are new, and how an answer looks.

#include "channel/llm_answer.hpp"
#include "channel/llm_request.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

using namespace chat_centre;
using namespace chat_centre::channel;

namespace {

using texts = std::vector<std::string>;

// "3: 1=2 2=3": turn 3, text 1 of the request is turn 2, text 2 is turn 3.
std::string planned(const texts& known, const texts& asked) {
    const auto plan = plan_turns(known, asked);
    std::string out = std::to_string(plan.n) + ":";
    for (const auto& f : plan.add) out += " " + std::to_string(f.index) + "=" + std::to_string(f.n);
    return out;
}

http::request asking(const json& body) {
    http::request r;
    r.body = dump(body);
    return r;
}

json one_message() {
    return {{"messages", json::array({{{"role", "user"}, {"content", "Hello"}}})}, {"user_id", "u1"}};
}

completion about_test() { return {"chatcmpl-1", "m", 1761065131}; }

} // namespace

TEST_CASE("which turns of a request are new", "[channel][custom_llm]") {
    struct line {
        const char* what;
        texts known, asked;
        const char* plan;
    };
    const line table[] = {
        {"nothing said yet", {}, {}, "0:"},
        {"the first", {}, {"a"}, "1: 0=1"},
        {"three at once", {}, {"a", "b", "c"}, "3: 0=1 1=2 2=3"},
        {"one more", {"a", "b"}, {"a", "b", "c"}, "3: 2=3"},
        {"again", {"a", "b"}, {"a", "b"}, "2:"},
        {"withdrawn", {"a", "b", "c"}, {"a", "b"}, "2:"},
        {"revised", {"a", "b"}, {"a", "x"}, "2: 1=2"},
        {"the only one revised", {"a"}, {"x"}, "1: 0=1"},
        {"revised, and one more", {"a", "b"}, {"a", "x", "c"}, "3: 1=2 2=3"},
        {"trimmed, and one more", {"a", "b", "c"}, {"b", "c", "d"}, "4: 2=4"},
        {"trimmed to the last, and one more", {"a", "b", "c"}, {"c", "d"}, "4: 1=4"},
        {"trimmed, nothing new", {"a", "b", "c"}, {"b", "c"}, "3:"},
        {"trimmed to nothing that is known", {"a", "b", "c"}, {"d"}, "4: 0=4"},
        {"an old one alone", {"a", "b", "c"}, {"b"}, "2:"},
        {"the same words twice", {"yes"}, {"yes", "yes"}, "2: 1=2"},
        {"the same words, again", {"yes", "yes"}, {"yes", "yes"}, "2:"},
    };
    for (const auto& l : table) {
        INFO(l.what);
        CHECK(planned(l.known, l.asked) == l.plan);
    }
}

TEST_CASE("the sample request is read", "[channel][custom_llm]") {
    std::ifstream in(std::string(CHAT_CENTRE_SOURCE_DIR) + "/tests/channel/elevenlabs/custom_llm_request.json");
    std::stringstream all;
    all << in.rdbuf();
    http::request r;
    r.body = all.str();
    const auto q = read_llm_request(r);
    CHECK(q.session == "conv_0501ka14afvrfb4b20swa73q4pk3");
    CHECK(q.cc_session == "ccs_01J9Q6T0M8N4F5R7");
    CHECK(q.user_id == "user_789");
    CHECK(q.model == "bgf-chat-centre");
    CHECK(q.stream);
    CHECK(q.may_skip);
    CHECK(q.user_texts.size() == 2);
    r.headers = {{"x-el-conversation-id", "conv_header"}, {"x-cc-session", "ccs_header"}};
    CHECK(read_llm_request(r).session == "conv_header");
    CHECK(read_llm_request(r).cc_session == "ccs_header");
}

TEST_CASE("requests are read leniently, but not without a conversation", "[channel][custom_llm]") {
    auto body = one_message();
    body["messages"][0]["content"] =
        json::array({{{"type", "text"}, {"text", "Hello"}}, {{"type", "image_url"}}, "there", 5});
    body["stream_options"] = {{"include_usage", true}};
    body["tools"] = "none";
    body["elevenlabs_extra_body"] = nullptr;
    const auto q = read_llm_request(asking(body));
    CHECK(q.user_texts == texts{"Hello\nthere"});
    CHECK_FALSE(q.stream);
    CHECK_FALSE(q.may_skip);
    for (const auto* content : {R"(null)", R"("  \n ")", R"([])", R"(7)"}) {
        auto silent = one_message();
        silent["messages"][0]["content"] = json::parse(content);
        CHECK(read_llm_request(asking(silent)).user_texts.empty());
    }
    auto nobody = one_message();
    nobody.erase("user_id");
    CHECK_THROWS_AS(read_llm_request(asking(nobody)), error);
    nobody["user_id"] = "has space";
    CHECK_THROWS_AS(read_llm_request(asking(nobody)), error);
    nobody["user_id"] = std::string(201, 'a');
    CHECK_THROWS_AS(read_llm_request(asking(nobody)), error);
    for (const auto* bad : {"[]", "7", "{}", R"({"messages":[]})", R"({"messages":"x","user_id":"u"})",
                            R"({"messages":[1],"user_id":"u"})", "not json"}) {
        http::request r;
        r.body = bad;
        INFO(bad);
        CHECK_THROWS_AS(read_llm_request(r), error);
    }
}

TEST_CASE("an answer as server-sent events and as one object", "[channel][custom_llm]") {
    const std::string words =
        "One two three four five six seven eight nine ten eleven twelve thirteen. نعم، الكلمات كلها.";
    const auto whole = json::parse(whole_completion(about_test(), {words, false, true, 3}));
    CHECK(whole["choices"][0]["message"]["content"] == words);
    CHECK(whole["choices"][0]["finish_reason"] == "stop");
    std::istringstream lines(first_chunk(about_test()) + later_chunks(about_test(), {words, false, true, 3}));
    std::string text;
    std::string last;
    std::string reason;
    for (std::string l; std::getline(lines, l);) {
        if (l.empty()) continue;
        REQUIRE(l.substr(0, 6) == "data: ");
        last = l.substr(6);
        if (last == "[DONE]") continue;
        const auto choice = json::parse(last)["choices"][0];
        text += choice["delta"].value("content", "");
        if (choice["finish_reason"].is_string()) reason = choice["finish_reason"];
    }
    CHECK(text == words);
    CHECK(reason == "stop");
    CHECK(last == "[DONE]");
    const auto skipped = json::parse(whole_completion(about_test(), {"", true, false, 0}));
    CHECK(skipped["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "skip_turn");
    CHECK(skipped["choices"][0]["finish_reason"] == "tool_calls");
    CHECK(later_chunks(about_test(), {"", true, false, 0}).find("\"skip_turn\"") != std::string::npos);
}
