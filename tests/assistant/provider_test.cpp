// The provider against a server that does what a test tells it to.

#include "support/scripted_http.hpp"

#include <chat_centre/assistant/provider.hpp>
#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::assistant;
using namespace std::chrono_literals;
using chat_centre::tests::scripted_http;

namespace {

const std::string secret_key = "sk-very-secret";
const std::string secret_text = "my card is 4111";

std::string said(const std::string& text) {
    return "data: {\"model\":\"m-7\",\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
}
const std::string the_end =
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500}}\n\n"
    "data: [DONE]\n\n";

void answer_well(scripted_http::exchange& x) {
    x.begin_stream();
    x.write(said("Good ") + said("morning.") + the_end);
}

provider_settings settings_for(const scripted_http& server) {
    provider_settings s;
    s.base_url = server.url() + "/v1/";
    s.api_key = secret_key;
    s.answer_model = "big";
    s.intent_model = "small";
    s.rules.allow.push_back(*parse_network("127.0.0.0/8"));
    s.rules.connect_limit = 1s;
    s.first_token = 400ms;
    s.breaker.failures = 100;
    s.input_price = 2;
    s.output_price = 10;
    return s;
}

model_request hello(std::chrono::milliseconds most = 5s) {
    model_request r;
    r.messages = {{author::user, secret_text}};
    r.deadline = std::chrono::steady_clock::now() + most;
    return r;
}

// Why there is no answer; "" when there is one.
std::string why_not(provider& p, const model_request& r) {
    try {
        (void)p.complete(r);
        return "";
    } catch (const model_unavailable& e) {
        const std::string why = e.what();
        CHECK(why.find(secret_key) == std::string::npos);
        CHECK(why.find(secret_text) == std::string::npos);
        return why;
    }
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a model answers", "[provider]") {
    std::string head;
    json body;
    scripted_http server([&](scripted_http::exchange& x) {
        head = x.head;
        body = json::parse(x.body);
        answer_well(x);
    });
    provider p(settings_for(server), system_clock_source());
    const auto a = p.complete(hello());
    CHECK(a.text == "Good morning.");
    CHECK(a.model == "m-7");
    CHECK(a.input_tokens == 1000);
    CHECK(has(head, "POST /v1/chat/completions HTTP/1.1\r\n"));
    CHECK(has(head, "Authorization: Bearer " + secret_key));
    CHECK(body["model"] == "big");
    CHECK(body["messages"][0]["content"] == secret_text);

    auto r = hello();
    r.what = purpose::intent;
    (void)p.complete(r);
    CHECK(body["model"] == "small");
    const auto m = p.metrics();
    CHECK(has(m, "chat_centre_model_requests_total{purpose=\"answer\",outcome=\"answered\"} 1\n"));
    CHECK(has(m, "chat_centre_model_requests_total{purpose=\"intent\",outcome=\"answered\"} 1\n"));
    CHECK(has(m, "chat_centre_model_tokens_total{direction=\"output\"} 1000\n"));
    CHECK(has(m, "chat_centre_model_cost_total 0.014\n"));
    CHECK(has(m, "chat_centre_model_breaker{state=\"closed\"} 1\n"));
    CHECK(has(m, "chat_centre_model_seconds_count 2\n"));
}

TEST_CASE("what may pass is tried again, what may not is not", "[provider]") {
    struct refusal {
        const char* name;
        scripted_http::script first;
        int requests;
        std::string outcome; // "": an answer in the end
    };
    const auto status = [](int code, const char* more = "") {
        return [code, more](scripted_http::exchange& x) {
            x.answer(code, "application/json",
                     R"({"error":{"message":"you said my card is 4111","code":"some_code"}})", more);
        };
    };
    for (const auto& c : std::vector<refusal>{
             {"500", status(500), 2, ""},
             {"503", status(503), 2, ""},
             {"429", status(429), 2, ""},
             {"429, in a second", status(429, "Retry-After: 1\r\n"), 2, ""},
             {"429, in a minute", status(429, "Retry-After: 60\r\n"), 1, "rate_limited"},
             {"429, in an age", status(429, "Retry-After: 9223372036854775807\r\n"), 1, "rate_limited"},
             {"401", status(401), 1, "refused"},
             {"400", status(400), 1, "refused"},
             {"a redirect", status(302, "Location: http://127.0.0.1:1/\r\n"), 1, "refused"},
             {"hung up on", [](scripted_http::exchange&) {}, 2, ""},
             {"hung up on in the head",
              [](scripted_http::exchange& x) { x.write("HTTP/1.1 200 OK\r\nConte"); }, 2, ""},
             {"no HTTP", [](scripted_http::exchange& x) { x.write("hello\r\n\r\n"); }, 2, ""},
             {"an error before the first word",
              [](scripted_http::exchange& x) {
                  x.begin_stream();
                  x.write("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
              },
              2, ""},
             {"an error after it",
              [](scripted_http::exchange& x) {
                  x.begin_stream();
                  x.write(said("Good") + "data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
              },
              1, "failing"},
             {"broken off",
              [](scripted_http::exchange& x) {
                  x.begin_stream();
                  x.write(said("Good"));
              },
              1, "truncated"},
             {"a page", [](scripted_http::exchange& x) { x.answer(200, "text/html", "<html>"); }, 1,
              "malformed"},
             {"nothing", [](scripted_http::exchange& x) { x.answer(200, "application/json", ""); }, 2, ""},
             {"an endless line",
              [](scripted_http::exchange& x) {
                  x.begin_stream();
                  while (x.write(std::string(65536, 'x'))) {
                  }
              },
              1, "too_long"},
             {"an endless answer",
              [](scripted_http::exchange& x) {
                  x.begin_stream();
                  while (x.write(said("and so on "))) {
                  }
              },
              1, "too_long"},
         }) {
        scripted_http server([&c](scripted_http::exchange& x) {
            if (x.number == 1)
                c.first(x);
            else
                answer_well(x);
        });
        provider p(settings_for(server), system_clock_source());
        const auto why = why_not(p, hello());
        INFO(c.name << ": " << why);
        CHECK(server.requests() == c.requests);
        CHECK(why.empty() == c.outcome.empty());
        CHECK(has(p.metrics(), "outcome=\"" + (c.outcome.empty() ? "answered" : c.outcome) + "\"} 1\n"));
        if (c.requests == 2) CHECK(has(p.metrics(), "chat_centre_model_retries_total 1\n"));
    }
}

TEST_CASE("a dialect is learnt from a refusal", "[provider]") {
    std::vector<json> bodies;
    scripted_http server([&](scripted_http::exchange& x) {
        bodies.push_back(json::parse(x.body));
        if (bodies.back().contains("max_tokens"))
            x.answer(400, "application/json",
                     R"({"error":{"param":"max_tokens","code":"unsupported_parameter"}})");
        else if (bodies.back().contains("temperature"))
            x.answer(400, "application/json",
                     R"({"error":{"param":"temperature","code":"unsupported_value"}})");
        else
            answer_well(x);
    });
    provider p(settings_for(server), system_clock_source());
    CHECK(p.complete(hello()).text == "Good morning.");
    CHECK(p.complete(hello()).text == "Good morning.");
    CHECK(bodies.size() == 4);
    CHECK(bodies.back()["max_completion_tokens"] == 400);
}

TEST_CASE("waiting has an end", "[provider]") {
    const auto took = [](provider& p, const model_request& r, const std::string& outcome) {
        const auto began = std::chrono::steady_clock::now();
        const auto why = why_not(p, r);
        INFO(why);
        CHECK(has(why, outcome));
        return std::chrono::steady_clock::now() - began;
    };
    std::atomic<int> gone{0};
    const auto hang = [&gone](const std::string& begin) {
        return [&gone, begin](scripted_http::exchange& x) {
            if (!begin.empty()) x.begin_stream();
            x.write(begin);
            if (x.wait_for_end(5s)) ++gone;
        };
    };
    SECTION("for the first word") {
        scripted_http server(hang(": keep-alive\n\n"));
        provider p(settings_for(server), system_clock_source());
        CHECK(took(p, hello(), "timeout") < 1500ms);
        CHECK(server.requests() == 1);
    }
    SECTION("for the head") {
        scripted_http server(hang(""));
        provider p(settings_for(server), system_clock_source());
        CHECK(took(p, hello(), "timeout") < 1500ms);
    }
    SECTION("in the middle") {
        scripted_http server(hang(said("Good")));
        provider p(settings_for(server), system_clock_source());
        const auto time = took(p, hello(1500ms), "timeout");
        CHECK(time > 1400ms);
        CHECK(time < 2500ms);
    }
    SECTION("when it is no longer wanted") {
        scripted_http server(hang(said("Good")));
        provider p(settings_for(server), system_clock_source());
        auto r = hello();
        const auto no_more = std::chrono::steady_clock::now() + 100ms;
        r.cancelled = [no_more] { return std::chrono::steady_clock::now() > no_more; };
        CHECK(took(p, r, "cancelled") < 700ms);
    }
    SECTION("but an answer is an answer, even if the connection stays open after it") {
        scripted_http server([&gone](scripted_http::exchange& x) {
            x.begin_stream();
            x.write(said("Good.") + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
            if (x.wait_for_end(5s)) ++gone;
        });
        provider p(settings_for(server), system_clock_source());
        CHECK(p.complete(hello()).text == "Good.");
    }
}

TEST_CASE("after failures a provider is left alone, then tried", "[provider]") {
    std::atomic<bool> well{false};
    scripted_http server([&well](scripted_http::exchange& x) {
        if (well)
            answer_well(x);
        else
            x.answer(500, "text/plain", "no");
    });
    auto s = settings_for(server);
    s.attempts = 1;
    s.breaker.failures = 3;
    s.breaker.pause = 300ms;
    provider p(s, system_clock_source());
    for (int i = 0; i < 3; ++i) CHECK(has(why_not(p, hello()), "failing"));
    CHECK(has(p.metrics(), "chat_centre_model_breaker{state=\"open\"} 1\n"));
    CHECK(has(why_not(p, hello()), "circuit_open"));
    CHECK(server.requests() == 3);
    well = true;
    std::this_thread::sleep_for(350ms);
    CHECK(has(p.metrics(), "chat_centre_model_breaker{state=\"half_open\"} 1\n"));
    CHECK(p.complete(hello()).text == "Good morning.");
    CHECK(has(p.metrics(), "chat_centre_model_breaker{state=\"closed\"} 1\n"));
}

TEST_CASE("where a provider may be", "[provider]") {
    scripted_http server(answer_well);
    auto s = settings_for(server);
    s.rules.allow.clear();
    provider p(s, system_clock_source());
    CHECK(has(why_not(p, hello()), "not on the public internet"));
    CHECK(server.requests() == 0);
}
