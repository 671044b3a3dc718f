// The client of ElevenLabs' sockets, against a server of a test's own.

#include "channel/agent_server.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace chat_centre::tests;
using namespace std::chrono_literals;

TEST_CASE("a session with an agent", "[agent]") {
    std::vector<std::string> got;
    std::string target;
    agent_server server([&](talk& ws, const upgrade_request& r) {
        target =
            std::string(r.target()) + " " + std::string(r[boost::beast::http::field::sec_websocket_protocol]);
        got.push_back(frame_heard(ws));
        say_frame(
            ws,
            R"({"type":"conversation_initiation_metadata","conversation_initiation_metadata_event":{"conversation_id":"conv_1"}})");
        say_frame(ws, R"({"type":"ping","ping_event":{"event_id":7,"ping_ms":50}})");
        got.push_back(frame_heard(ws));
        for (const char* odd : {"hello", "[1]", "{}", R"({"type":5})", R"({"type":"new_kind","x":1})"})
            say_frame(ws, odd);
        got.push_back(frame_heard(ws));
        error_code ec;
        ws.close({websocket::close_code::normal, "agent ended"}, ec);
    });
    caller_side c;
    c.open(server);
    CHECK(c.until([&] { return c.told.size() == 3; }));
    c.on_thread([&] { CHECK(c.call->send(R"({"type":"user_message","text":"Hi"})")); });
    REQUIRE(c.ended());
    CHECK(server.asked == "/v1/convai/conversation/get-signed-url?agent_id=agent%201");
    CHECK(server.key == "xi-secret");
    CHECK(target == "/v1/convai/conversation?agent_id=a&token=t0p convai");
    CHECK(got == std::vector<std::string>{R"({"type":"conversation_initiation_client_data"})",
                                          R"({"event_id":7,"type":"pong"})",
                                          R"({"type":"user_message","text":"Hi"})"});
    CHECK(c.told[0] == "opened");
    CHECK(c.told[1].find("conv_1") != std::string::npos);
    CHECK(c.told[2] == R"({"type":"new_kind","x":1})");
    CHECK(c.end->code == 1000);
    CHECK(c.end->opened);
    CHECK_FALSE(c.end->ours);
    CHECK(c.end->reason == "agent ended");
    c.on_thread([&] { CHECK_FALSE(c.call->send("{}")); });
}

TEST_CASE("closing from this side sends what waits, then says goodbye", "[agent]") {
    std::vector<std::string> got;
    std::atomic<int> code{0};
    agent_server server([&](talk& ws, const upgrade_request&) {
        for (;;) {
            auto text = frame_heard(ws);
            if (text.empty()) break;
            got.push_back(std::move(text));
        }
        code = ws.reason().code;
    });
    caller_side c;
    c.open(server);
    CHECK(c.until([&] { return c.told.size() == 1; }));
    c.on_thread([&] {
        c.call->send("1");
        c.call->send("2");
        c.call->close("the customer left");
        CHECK_FALSE(c.call->send("3"));
    });
    REQUIRE(c.ended());
    CHECK(c.end->ours);
    CHECK(c.end->code == 1000);
    for (int i = 0; i < 100 && code == 0; ++i) std::this_thread::sleep_for(10ms);
    CHECK(code == 1000);
    CHECK(got.size() == 3);
}

TEST_CASE("whom nobody waits for is told nothing", "[agent]") {
    agent_server server([&](talk& ws, const upgrade_request&) {
        while (!frame_heard(ws).empty()) say_frame(ws, R"({"type":"x"})");
    });
    caller_side c;
    c.open(server);
    // Mostly before the signed URL is here; on a busy machine it may be open by then.
    std::size_t until_then = 0;
    c.on_thread([&] {
        c.call->forget();
        until_then = c.told.size();
    });
    c.on_thread([&] { c.call.reset(); });
    std::this_thread::sleep_for(200ms);
    CHECK(c.told.size() == until_then);
    CHECK_FALSE(c.end);
}

TEST_CASE("sessions that do not begin", "[agent]") {
    agent_server server([](talk& ws, const upgrade_request&) { frame_heard(ws); });
    caller_side c;
    SECTION("the key is refused") {
        server.signed_status = 401;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "ElevenLabs gave no signed URL: answered 401");
    }
    SECTION("an answer without a URL") {
        server.signed_answer = R"({"signed_url":null})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "ElevenLabs gave no signed URL: there is none in the answer");
    }
    SECTION("an answer that is not JSON") {
        server.signed_answer = "<html>";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "ElevenLabs gave no signed URL: the answer is not JSON");
    }
    SECTION("a URL of another kind") {
        server.signed_answer = R"({"signed_url":"file:///etc/passwd"})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "its address is none of a WebSocket");
    }
    SECTION("a URL to a private address") {
        server.signed_answer = R"({"signed_url":"ws://10.1.2.3/x"})";
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason.find("not on the public internet") != std::string::npos);
    }
    SECTION("the upgrade is refused") {
        server.refuse = true;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "answered 403");
    }
    SECTION("another subprotocol") {
        server.convai = false;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->reason == "it does not speak convai");
    }
    SECTION("a key that is none") {
        auto a = caller_side::access_to(server);
        a.api_key = "x\r\nHost: y";
        c.on_thread([&] { c.call = c.dialer.open_agent(a, "agent", "{}", c.handlers()); });
        REQUIRE(c.ended());
        CHECK(c.end->reason == "no usable API key is set");
    }
    CHECK(c.end->code == 0);
    CHECK_FALSE(c.end->opened);
    CHECK(c.told.empty());
    CHECK(c.end->reason.find("t0p") == std::string::npos);
}

TEST_CASE("ends of the other side's making", "[agent]") {
    SECTION("a close code") {
        agent_server server([](talk& ws, const upgrade_request&) {
            error_code ec;
            ws.close({websocket::close_code::policy_error, "missing_dynamic_variable"}, ec);
        });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 1008);
        CHECK(c.end->reason == "missing_dynamic_variable");
    }
    SECTION("no word") {
        agent_server server([](talk& ws, const upgrade_request&) { ws.next_layer().close(); });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 0);
        CHECK(c.end->opened);
    }
    SECTION("too much") {
        agent_server server([](talk& ws, const upgrade_request&) {
            say_frame(ws, R"({"type":")" + std::string(2 * 1024 * 1024, 'x') + "\"}");
            frame_heard(ws);
        });
        caller_side c;
        c.open(server);
        REQUIRE(c.ended());
        CHECK(c.end->code == 1009);
    }
    SECTION("not listening") {
        std::atomic<bool> done{false};
        agent_server server([&done](talk&, const upgrade_request&) {
            while (!done) std::this_thread::sleep_for(5ms);
        });
        caller_side c;
        c.open(server);
        CHECK(c.until([&] { return c.told.size() == 1; }));
        c.on_thread([&] {
            int sent = 0;
            while (sent < 100'000 && c.call->send(std::string(64 * 1024, 'x'))) ++sent;
            CHECK(sent < 100);
        });
        REQUIRE(c.ended());
        CHECK(c.end->code == 1013);
        done = true;
    }
}

TEST_CASE("the monitor of a session", "[agent]") {
    std::string target, key, got;
    agent_server server([&](talk& ws, const upgrade_request& r) {
        target = std::string(r.target());
        key = std::string(r["xi-api-key"]);
        say_frame(
            ws,
            R"({"type":"user_transcript","user_transcription_event":{"user_transcript":"Hi","event_id":3}})");
        got = frame_heard(ws);
        error_code ec;
        ws.close(websocket::close_code::normal, ec);
    });
    caller_side c;
    c.on_thread(
        [&] { c.call = c.dialer.open_monitor(caller_side::access_to(server), "conv_1/../x", c.handlers()); });
    CHECK(c.until([&] { return c.told.size() == 2; }));
    c.on_thread([&] { c.call->send(R"({"command_type":"enable_human_takeover"})"); });
    REQUIRE(c.ended());
    CHECK(target == "/v1/convai/conversations/conv_1%2F..%2Fx/monitor");
    CHECK(key == "xi-secret");
    CHECK(got == R"({"command_type":"enable_human_takeover"})");
}
