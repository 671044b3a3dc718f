// The frames of ElevenLabs' monitor socket, and when it is tried again.

#include "channel/monitor_call.hpp"
#include "channel/monitor_frames.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace chat_centre;
using namespace std::chrono_literals;
using channel::monitor_pause;
using channel::read_monitor_frame;

TEST_CASE("what is said on a monitor socket", "[monitor]") {
    const auto user = read_monitor_frame(json::parse(
        R"({"type":"user_transcript","user_transcription_event":{"user_transcript":"Hello","event_id":3}})"));
    REQUIRE(user);
    CHECK(user->user);
    CHECK(user->text == "Hello");
    CHECK(user->event == 3);
    const auto agent = read_monitor_frame(json::parse(
        R"({"type":"agent_response","agent_response_event":{"agent_response":"Hi","event_id":"4"}})"));
    REQUIRE(agent);
    CHECK_FALSE(agent->user);
    CHECK(agent->event == 4);
    CHECK_FALSE(read_monitor_frame(
                    json::parse(R"({"type":"agent_response","agent_response_event":{"agent_response":"Hi"}})"))
                    ->event);
    const auto corrected = read_monitor_frame(json::parse(
        R"({"type":"agent_response_correction","agent_response_correction_event":)"
        R"({"original_agent_response":"Hi there","corrected_agent_response":"Hi","event_id":4}})"));
    REQUIRE(corrected);
    CHECK(corrected->instead_of == "Hi there");
    CHECK(corrected->text == "Hi");
}

TEST_CASE("frames in which nothing is said", "[monitor]") {
    for (const char* frame :
         {"null", "[]", "{}", R"({"type":7})", R"({"type":"something_new"})", R"({"type":"user_transcript"})",
          R"({"type":"user_transcript","user_transcription_event":[]})",
          R"({"type":"user_transcript","user_transcription_event":{"user_transcript":null}})",
          R"({"type":"user_transcript","user_transcription_event":{"user_transcript":"  ","event_id":1}})",
          R"({"type":"agent_response","agent_response_event":{"agent_response":{"x":1}}})",
          R"({"type":"agent_response_correction","agent_response_correction_event":{"corrected_agent_response":"x"}})",
          R"({"type":"interruption","interruption_event":{"event_id":4}})"})
        CHECK_FALSE(read_monitor_frame(json::parse(frame)));
}

TEST_CASE("commands to a monitor socket", "[monitor]") {
    CHECK(channel::monitor_command("enable_human_takeover") == R"({"command_type":"enable_human_takeover"})");
    CHECK(channel::monitor_human_message("a \"b\" مرحبا") ==
          R"({"command_type":"send_human_message","parameters":{"text":"a \"b\" مرحبا"}})");
}

TEST_CASE("a monitor is tried again later and later", "[monitor]") {
    CHECK(monitor_pause(0, false) == 1s);
    CHECK(monitor_pause(1, false) == 1s);
    CHECK(monitor_pause(4, true) == 8s);
    CHECK(monitor_pause(7, false) == 60s);
    CHECK(monitor_pause(7, true) == 64s);
    CHECK(monitor_pause(100, false) == 60s);
    CHECK(monitor_pause(1'000'000, true) == 300s);
}
