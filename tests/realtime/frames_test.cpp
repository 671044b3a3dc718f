#include "builders.hpp"
#include "realtime/frames.hpp"

#include <chat_centre/base/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::realtime;
using namespace chat_centre::test;

namespace {

// The code of the error, or "" when the frame is good.
std::string judged(std::string_view text) {
    try {
        (void)parse_frame(text);
        return {};
    } catch (const frame_error& e) {
        return e.code;
    }
}

} // namespace

TEST_CASE("client frames: good and bad", "[realtime]") {
    struct row {
        std::string text;
        std::string code;
    };
    const std::vector<row> table = {
        {R"({"type":"ping"})", ""},
        {R"({"type":"ping","ref":7,"more":[1,2]})", ""}, // members it does not know are ignored
        {R"({"type":"subscribe","topics":["queue"]})", ""},
        {R"({"type":"subscribe","topics":["queue"],"since":null})", ""},
        {R"({"type":"subscribe"})", ""},
        {R"({"type":"subscribe","topics":["weather"]})", ""}, // answered topic by topic
        {R"({"type":"subscribe","topics":"queue"})", "invalid_frame"},
        {R"({"type":"subscribe","topics":[7]})", "invalid_frame"},
        {R"({"type":"subscribe","topics":["queue"],"since":-1})", "invalid_frame"},
        {R"({"type":"subscribe","topics":["queue"],"since":1.5})", "invalid_frame"},
        {R"({"type":"subscribe","topics":["queue"],"since":"7"})", "invalid_frame"},
        {R"({"type":"subscribe","topics":["queue"],"since":18446744073709551615})", "invalid_frame"},
        {R"({"type":"unsubscribe","topics":[]})", ""},
        {R"({"type":"unsubscribe"})", "invalid_frame"},
        {R"({"type":"typing","conversation_id":"CONV-1","typing":true})", ""},
        {R"({"type":"typing","typing":true,"kind":"note"})", ""},
        {R"({"type":"typing","typing":true,"kind":"letter"})", "invalid_frame"},
        {R"({"type":"typing","typing":"yes"})", "invalid_frame"},
        {R"({"type":"typing"})", "invalid_frame"},
        {R"({"type":"viewing","conversation_id":5,"viewing":true})", "invalid_frame"},
        {R"({"type":"viewing","conversation_id":"CONV-x","viewing":true})", "invalid_frame"},
        {R"({"type":"viewing","conversation_id":"CONV-5","viewing":false})", ""},
        {R"({"type":"message","message":"x"})", ""},
        {R"({"type":"message","message":""})", "invalid_frame"},
        {R"({"type":"message","message":["x"]})", "invalid_frame"},
        {R"({"type":"message","message":"x","client_message_id":1})", "invalid_frame"},
        {R"({"type":"auth","token":"t"})", ""},
        {R"({"type":"auth"})", "invalid_frame"},
        {R"({"type":"dance"})", "unknown_type"},
        {R"({"type":"PING"})", "unknown_type"},
        {R"({"type":7})", "invalid_frame"},
        {R"({})", "invalid_frame"},
        {R"([])", "invalid_frame"},
        {R"("ping")", "invalid_frame"},
        {R"(null)", "invalid_frame"},
        {"", "invalid_json"},
        {"{", "invalid_json"},
        {R"({"type":"ping"}})", "invalid_json"},
        {R"({"type":"ping","x":"\u0000"})", "invalid_json"},
        {"{\"type\":\"ping\",\"x\":\"\xff\"}", "invalid_json"},
        {std::string(60'000, '['), "invalid_json"},
        {R"({"type":"ping","x":)" + std::string(40, '[') + std::string(40, ']') + "}", "invalid_json"},
    };
    for (const row& r : table) {
        INFO(r.text.substr(0, 80));
        CHECK(judged(r.text) == r.code);
    }
}

TEST_CASE("client frames: what is read", "[realtime]") {
    const auto f = parse_frame(
        R"({"type":"subscribe","topics":["queue","conversation:CONV-12","queue","x"],"since":120,"ref":"a\"b"})");
    CHECK(f.type == frame_type::subscribe);
    REQUIRE(f.topics.size() == 2); // once each
    CHECK(f.topics[1] == topic{topic_kind::conversation, 12});
    CHECK(f.unknown_topics == std::vector<std::string>{"x"});
    CHECK(f.since == 120);
    CHECK(f.ref == R"("a\"b")");

    CHECK(parse_frame(R"({"type":"ping","ref":-5})").ref == "-5");
    CHECK(parse_frame(R"({"type":"ping","ref":{"a":1}})").ref.empty());
    CHECK(parse_frame(R"({"type":"ping","ref":")" + std::string(200, 'x') + "\"}").ref.empty());
    try {
        (void)parse_frame(R"({"type":"dance","ref":"r1"})");
        FAIL("no error");
    } catch (const frame_error& e) {
        CHECK(e.ref == R"("r1")"); // an error answers its frame
    }
    const auto typing =
        parse_frame(R"({"type":"typing","conversation_id":"CONV-9","typing":false,"kind":"note"})");
    CHECK((typing.conversation == 9 && !typing.on && typing.kind == typing_kind::note));
}

TEST_CASE("server frames are JSON as documented", "[realtime]") {
    auto agent = staff_member(role::agent, 3);
    agent.name = "Sarah \"S\" Johnson\n";
    CHECK(
        json::parse(hello_frame(7, agent, std::chrono::seconds(15))) ==
        json::parse(
            R"({"type":"hello","head":7,"you":{"kind":"staff","staff_id":"STF-3","name":"Sarah \"S\" Johnson\n","role":"agent"},"heartbeat_seconds":15})"));
    CHECK(json::parse(hello_frame(7, customer_of(12), std::chrono::seconds(15)))["you"] ==
          json({{"kind", "customer"}, {"conversation_id", "CONV-12"}}));
    CHECK(
        json::parse(subscribed_frame({{topic_kind::queue}, {topic_kind::conversation, 5}}, 9, "\"r\"")) ==
        json({{"type", "subscribed"}, {"topics", {"queue", "conversation:CONV-5"}}, {"head", 9}, {"ref", "r"}}));
    CHECK(json::parse(head_frame("pong", 4)) == json({{"type", "pong"}, {"head", 4}}));
    CHECK(json::parse(ack_frame("3", R"({"seq":1})")) ==
          json({{"type", "ack"}, {"ref", 3}, {"message", {{"seq", 1}}}}));
    CHECK(json::parse(ack_frame("")) == json({{"type", "ack"}}));

    auto e = error::unprocessable("message", "is \"too\" long");
    e.with("current", R"({"version":2})");
    const json j = json::parse(error_frame(e, "\"r\""));
    CHECK(j["code"] == "invalid");
    CHECK(j["status"] == 422);
    CHECK(j["errors"][0] == json({{"field", "message"}, {"message", "is \"too\" long"}}));
    CHECK(j["current"]["version"] == 2);
    CHECK(j["ref"] == "r");
    CHECK(json::parse(error_frame("not_found", "gone", "", "conversation:CONV-1"))["topic"] ==
          "conversation:CONV-1");

    events_frame frame;
    frame.add(R"({"id":1})");
    frame.add(R"({"id":2})");
    CHECK(frame.count() == 2);
    CHECK(frame.take() == R"({"type":"events","events":[{"id":1},{"id":2}]})");
    CHECK(frame.empty());
    CHECK(frame.bytes() == 0);
}

TEST_CASE("typing for the customer tells less", "[realtime]") {
    const participant sarah{3, "Sarah"};
    const auto data = [](const std::string& frame) { return json::parse(frame)["events"][0]["data"]; };
    CHECK(data(typing_frame(12, sarah, true, typing_kind::note, {}, false)) ==
          json({{"conversation_id", "CONV-12"},
                {"who", "staff"},
                {"staff_id", "STF-3"},
                {"name", "Sarah"},
                {"typing", true},
                {"kind", "note"}}));
    CHECK(data(typing_frame(12, sarah, false, typing_kind::reply, {}, true)) ==
          json({{"conversation_id", "CONV-12"}, {"who", "staff"}, {"name", "Sarah"}, {"typing", false}}));
    CHECK(data(typing_frame(12, {}, true, typing_kind::reply, {}, false)) ==
          json({{"conversation_id", "CONV-12"}, {"who", "customer"}, {"typing", true}}));
    CHECK(data(viewing_frame(12, sarah, true, {}))["viewing"] == true);
    const json event = json::parse(viewing_frame(12, sarah, true, {}))["events"][0];
    CHECK((event["id"] == 0 && event["type"] == "viewing" && event["conversation_id"] == "CONV-12"));
}

TEST_CASE("no text is more than an error", "[realtime]") {
    std::mt19937 random(1);
    const std::string seed =
        R"({"type":"subscribe","topics":["queue","conversation:CONV-12"],"since":120,"ref":"r"})";
    for (int i = 0; i < 20'000; ++i) {
        std::string text = seed;
        const int changes = 1 + static_cast<int>(random() % 6);
        for (int k = 0; k < changes && !text.empty(); ++k) {
            const auto at = random() % text.size();
            switch (random() % 3) {
            case 0: text[at] = static_cast<char>(random()); break;
            case 1: text.erase(at, random() % 8); break;
            default: text.insert(at, 1, "{}[]\",:0\\u"[random() % 10]); break;
            }
        }
        (void)judged(text); // frame_error and nothing else
    }
}
