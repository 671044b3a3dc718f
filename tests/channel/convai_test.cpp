// The pure parts of the widget's socket: frames both ways, tokens, what is shown of a conversation, and the relay.

#include "channel/convai_frames.hpp"
#include "channel/convai_relay.hpp"
#include "channel/convai_stage.hpp"
#include "channel/convai_ticket.hpp"

#include <chat_centre/base/error.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::channel;
using namespace std::chrono_literals;

namespace {

using stage_time = convai_stage::moment;

const stage_time noon{1000h};

json event_of(const char* type, json data, int id = 0) {
    return {{"type", "events"}, {"events", {{{"id", id}, {"type", type}, {"data", std::move(data)}}}}};
}
json said_by(const char* role, const char* sender, const char* text, int seq, int id = 0) {
    return event_of("message.new", {{"role", role}, {"sender", sender}, {"message", text}, {"seq", seq}}, id);
}
json stands(const char* status, const char* handler, json staff = nullptr, json place = nullptr) {
    return event_of("conversation.update", {{"status", status},
                                            {"handler", handler},
                                            {"assigned_staff", std::move(staff)},
                                            {"queue_position", std::move(place)},
                                            {"estimated_wait_seconds", nullptr}});
}
const json sarah = {{"name", "Sarah Johnson"}};

// "agent_response: text", or only the type.
std::vector<std::string> shown(convai_stage& s) {
    std::vector<std::string> out;
    for (const auto& text : s.take()) {
        const json f = json::parse(text);
        std::string line = f["type"];
        if (line == "agent_response") line = f["agent_response_event"]["agent_response"];
        out.push_back(line);
    }
    return out;
}

struct fake_agent final : agent_socket {
    agent_handlers handlers;
    std::vector<std::string> sent;
    bool forgotten = false;

    bool send(std::string frame) override {
        sent.push_back(json::parse(frame)["type"]);
        last = std::move(frame);
        return true;
    }
    void close(std::string) override {}
    void forget() override { forgotten = true; }
    std::string last;
};

struct relay_bench {
    std::vector<std::shared_ptr<fake_agent>> calls;
    std::vector<std::string> page, stored;
    std::string begun;
    int ended = 0, lost = 0;
    std::shared_ptr<convai_relay> relay;

    relay_bench() {
        convai_relay::hooks h;
        h.began = [this](const std::string& id) { begun = id; };
        h.show = [this](std::string f) { page.push_back(json::parse(f)["type"]); };
        h.said = [this](std::string text, std::int64_t) { stored.push_back(std::move(text)); };
        h.ended = [this] { ++ended; };
        h.lost = [this] { ++lost; };
        relay = std::make_shared<convai_relay>(
            [this](std::string, agent_handlers handlers) -> std::shared_ptr<agent_socket> {
                calls.push_back(std::make_shared<fake_agent>());
                calls.back()->handlers = std::move(handlers);
                return calls.back();
            },
            R"({"type":"conversation_initiation_client_data"})", std::move(h));
        relay->start();
        arrives({{"type", "conversation_initiation_metadata"},
                 {"conversation_initiation_metadata_event", {{"conversation_id", "conv_theirs"}}}});
    }
    void arrives(const json& f) { calls.back()->handlers.frame(f); }
    void answers(const char* text) {
        arrives({{"type", "agent_response"},
                 {"agent_response_event", {{"agent_response", text}, {"event_id", 3}}}});
    }
    void ends(int code, bool opened = true) {
        agent_end e;
        e.code = code;
        e.opened = opened;
        calls.back()->handlers.closed(e);
    }
    static std::string message(const char* text) { return dump({{"type", "user_message"}, {"text", text}}); }
};

} // namespace

TEST_CASE("frames of the widget are read leniently", "[convai]") {
    struct row {
        const char* text;
        convai_kind kind;
        const char* said;
    };
    const row rows[] = {
        {R"({"type":"user_message","text":"hi"})", convai_kind::message, "hi"},
        {R"({"type":"user_message","text":null})", convai_kind::message, ""},
        {R"({"type":"multimodal_message","text":{"type":"user_message","text":"hi"}})", convai_kind::message,
         "hi"},
        {R"({"type":"multimodal_message","text":"hi","file":{}})", convai_kind::message, "hi"},
        {R"({"type":"user_activity"})", convai_kind::activity, ""},
        {R"({"type":"contextual_update","text":"page"})", convai_kind::context, "page"},
        {R"({"type":"pong","event_id":"x"})", convai_kind::pong, ""},
        {R"({"user_audio_chunk":"AAAA"})", convai_kind::audio, ""},
        {R"({"type":"enclave_setup_config"})", convai_kind::other, ""},
        {R"({"type":"something_new","x":[1]})", convai_kind::other, ""},
    };
    for (const auto& r : rows) {
        INFO(r.text);
        const auto f = read_convai_frame(r.text);
        CHECK(f.kind == r.kind);
        CHECK(f.text == r.said);
    }
    for (const char* bad : {"", "[]", "{}", "7", R"({"type":7})", "{"})
        CHECK_THROWS_AS(read_convai_frame(bad), error);
}

TEST_CASE("the first frame", "[convai]") {
    const auto f = read_convai_frame(R"({"type":"conversation_initiation_client_data","user_id":" user_789 ",
        "dynamic_variables":{"user_name":"John","user_phone":"a\nb","language":"en","secret__key":"x","cc_session":"cvt_1",
                             "n":3,"deep":{"x":1}},
        "custom_llm_extra_body":{"cc_session":"cvt_2"},
        "conversation_config_override":{"agent":{"language":"ar","first_message":"Welcome","prompt":{"prompt":"obey"}}},
        "source_info":{"source":"widget","version":"0.14.8"}})");
    CHECK(f.start.user_id == "user_789");
    CHECK(f.start.user_name == "John");
    CHECK(f.start.user_phone.empty()); // a name is one line
    CHECK(f.start.language == "ar");
    CHECK(f.start.first_message == "Welcome");
    CHECK(f.start.ticket == "cvt_2");
    CHECK(f.start.source == "widget");
    CHECK(f.start.variables ==
          json({{"user_name", "John"}, {"user_phone", "a\nb"}, {"language", "en"}, {"n", 3}}));
    const auto hostile = read_convai_frame(
        R"({"type":"conversation_initiation_client_data","user_id":[1],"dynamic_variables":7,
            "conversation_config_override":{"agent":null},"custom_llm_extra_body":"x","source_info":[]})");
    CHECK(hostile.start.user_id.empty());
    CHECK(hostile.start.variables.empty());
}

TEST_CASE("parts put together are the whole", "[convai]") {
    for (const std::string& text :
         {std::string(""), std::string("short"), std::string(500, 'x'),
          std::string("a sentence with many words that goes on and on until it ends somewhere"),
          std::string("كلمات كثيرة بالعربية تتكرر مرات ومرات حتى يطول النص كثيرًا جدًا جدًا")}) {
        std::string whole;
        const auto parts = convai_parts(text, 7);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const json p = json::parse(parts[i])["text_response_part"]; // throws when a character was cut
            CHECK(p["event_id"] == 7);
            CHECK(p["type"] == (i == 0 ? "start" : i + 1 == parts.size() ? "stop" : "delta"));
            whole += p["text"];
        }
        CHECK(whole == text);
    }
}

TEST_CASE("what a visitor carries", "[convai]") {
    const time_point now{std::chrono::seconds(1'000'000)};
    convai_visitor v;
    v.user_id = "user_789";
    v.user_name = "سارة";
    v.expires = now + 60s;
    const auto read = from_ticket_text(to_ticket_text(v), now);
    REQUIRE(read);
    CHECK(read->user_id == "user_789");
    CHECK(read->user_name == "سارة");
    CHECK_FALSE(from_ticket_text(to_ticket_text(v), now + 60s));
    v.user_id.clear();
    CHECK_FALSE(from_ticket_text(to_ticket_text(v), now));
    for (const char* bad : {"", "x", "[]", "{}", R"({"expires":"x","user_id":"u"})"})
        CHECK_FALSE(from_ticket_text(bad, now));

    CHECK(is_unguessable("3f2c8a52-9d0e-4b1a-8c77-0123456789ab"));
    CHECK(is_unguessable("3F2C8A52-9D0E-4B1A-BC77-0123456789AB"));
    for (const char* id :
         {"", "user_789", "c0ffeec0ffeec0ffeec0ffeec0ffee00", "3f2c8a52-9d0e-1b1a-8c77-0123456789ab",
          "3f2c8a52-9d0e-4b1a-7c77-0123456789ab", "3f2c8a52-9d0e-4b1a-8c77-0123456789ag"})
        CHECK_FALSE(is_unguessable(id));
}

TEST_CASE("a conversation as the widget is told of it", "[convai]") {
    convai_stage s({510s, true});
    s.tell(said_by("user", "user", "I want a person", 1, 5), noon);
    s.tell(stands("pending", "queue"), noon);
    CHECK(shown(s).empty());
    s.tell(said_by("system", "bibiana", "A colleague is coming.", 2, 6), noon);
    CHECK(shown(s) == std::vector<std::string>{"A colleague is coming."});
    s.tell(stands("active", "staff", sarah), noon);
    s.tell(event_of("typing", {{"who", "staff"}, {"typing", true}}), noon);
    s.tell(event_of("typing", {{"who", "customer"}, {"typing", true}}), noon);
    s.tell(said_by("staff", "Sarah Johnson", "Hello", 3, 7), noon);
    s.tell(said_by("staff", "Sarah Johnson", "Hello", 3, 7), noon); // a replay
    s.tell(said_by("staff", "Sarah Johnson", "Still here", 4), noon);
    s.tell(said_by("staff", "Bob", "I help, too", 5), noon);
    CHECK(shown(s) == std::vector<std::string>{"external_agent_connected", "agent_typing",
                                               "Sarah Johnson: Hello", "Still here", "Bob: I help, too"});
    CHECK(s.last_event() == 7);
    s.tell(stands("active", "staff", sarah), noon); // nothing has changed
    s.tell(stands("bot", "bot"), noon);
    CHECK(shown(s) == std::vector<std::string>{"external_agent_disconnected"});
    s.tell(stands("active", "staff", sarah), noon);
    s.tell(said_by("staff", "Sarah Johnson", "Me again", 6), noon);
    CHECK(shown(s) == std::vector<std::string>{"external_agent_connected", "Sarah Johnson: Me again"});
    CHECK_FALSE(s.over());
    s.tell(stands("resolved", "staff", sarah), noon);
    CHECK(s.over());
    CHECK(shown(s) == std::vector<std::string>{convai_words(convai_line::ended, "en"),
                                               "external_agent_disconnected", "agent_tool_response"});
    s.tell(said_by("staff", "Bob", "too late", 7), noon);
    CHECK(shown(s).empty());
}

TEST_CASE("what was resolved before the session began does not end it", "[convai]") {
    convai_stage s({510s, true});
    convai_standing at;
    at.status = "resolved";
    at.handler = "staff";
    s.enter(at, 9, noon);
    s.tell(stands("resolved", "staff", sarah), noon); // a rating
    CHECK(shown(s).empty());
    s.tell(stands("active", "staff", sarah), noon);
    CHECK(shown(s) == std::vector<std::string>{"external_agent_connected"});
}

TEST_CASE("notices come while somebody waits, before the widget gives up", "[convai]") {
    convai_stage s({510s, true});
    const auto notice = [&s](std::chrono::seconds after) {
        s.look(noon + after);
        const auto lines = shown(s);
        return lines.empty() ? std::string{} : lines.front();
    };
    s.customer_spoke(noon);
    CHECK(notice(600s).empty()); // the assistant has it
    s.tell(stands("pending", "queue", nullptr, 3), noon);
    CHECK(notice(509s).empty());
    CHECK(notice(510s) == "Thank you for waiting. A colleague will join you. Your place in the queue: 3.");
    CHECK(notice(1019s).empty());
    s.speak("ar-EG");
    CHECK(notice(1020s) == "شكرًا لانتظارك، سينضم إليك أحد زملائنا. ترتيبك في قائمة الانتظار: 3.");
    s.speak("en");
    s.tell(said_by("user", "user", "hello?", 1), noon + 1020s);
    s.tell(stands("active", "staff", sarah), noon + 1020s);
    shown(s);
    CHECK(notice(1530s) == "Thank you for your patience. Sarah Johnson is still with you.");
    s.tell(said_by("staff", "Sarah Johnson", "Yes", 2), noon + 1540s);
    shown(s);
    CHECK(notice(5000s).empty()); // it is the customer's turn
}

TEST_CASE("feedback finds the message, and a resync asks to subscribe again", "[convai]") {
    convai_stage s({510s, true});
    s.tell(said_by("ai", "bibiana", "Answer", 2), noon);
    const json last = json::parse(s.take().back());
    CHECK(s.message_of(last["agent_response_event"]["event_id"]) == 2);
    CHECK_FALSE(s.message_of(4711));
    CHECK(s.tell({{"type", "resync"}, {"head", 9}}, noon));
    CHECK_FALSE(s.tell({{"type", "subscribed"}, {"head", 9}}, noon));
    CHECK_FALSE(s.tell({{"type", "events"}, {"events", {1, "x", json::object()}}}, noon));
}

TEST_CASE("an agent's words pass, and stop where staff have the turn", "[convai][relay]") {
    relay_bench b;
    CHECK(b.begun == "conv_theirs");
    b.answers("Welcome");
    b.arrives({{"type", "agent_chat_response_part"}, {"text_response_part", {{"text", "x"}}}});
    b.arrives({{"type", "audio"}});
    CHECK(b.page == std::vector<std::string>{"agent_response", "agent_chat_response_part"});
    CHECK(b.stored == std::vector<std::string>{"Welcome"});
    b.relay->ask(relay_bench::message("hi"), "");
    b.relay->pass(R"({"type":"user_activity"})");
    CHECK(b.calls[0]->sent == std::vector<std::string>{"user_message", "user_activity"});

    b.relay->pause();
    b.answers("I interrupt");
    b.relay->ask(relay_bench::message("to staff"), "");
    b.relay->pass(R"({"type":"user_activity"})");
    CHECK(b.page.size() == 2);
    CHECK(b.stored.size() == 1);
    CHECK(b.calls[0]->sent.size() == 2);

    b.relay->resume("Customer: to staff\nSarah Johnson: solved\n");
    CHECK(b.calls[0]->sent.back() == "contextual_update");
    CHECK(b.calls[0]->last.find("Sarah Johnson: solved") != std::string::npos);
    b.answers("And I go on");
    CHECK(b.stored.back() == "And I go on");
}

TEST_CASE("a session that died under staff's turn is opened anew, and does not greet again",
          "[convai][relay]") {
    relay_bench b;
    b.relay->pause();
    b.ends(1002);
    CHECK((b.lost == 0 && b.ended == 0));
    b.relay->resume("Sarah Johnson: solved\n");
    REQUIRE(b.calls.size() == 2);
    CHECK(b.calls[1]->sent == std::vector<std::string>{"contextual_update"});
    b.arrives({{"type", "conversation_initiation_metadata"},
               {"conversation_initiation_metadata_event", {{"conversation_id", "conv_second"}}}});
    CHECK(b.begun == "conv_theirs");
    b.answers("Welcome");
    CHECK(b.stored.empty());
    b.relay->ask(relay_bench::message("one more"), "");
    b.answers("Yes?");
    CHECK(b.stored == std::vector<std::string>{"Yes?"});
}

TEST_CASE("the end of an agent's session", "[convai][relay]") {
    SECTION("the agent ends it") {
        relay_bench b;
        b.ends(1000);
        CHECK((b.ended == 1 && b.lost == 0));
    }
    SECTION("it breaks off: the next message opens another") {
        relay_bench b;
        b.ends(1011);
        CHECK((b.ended == 0 && b.lost == 0));
        b.relay->ask(relay_bench::message("hello?"), "Customer: hi\n");
        REQUIRE(b.calls.size() == 2);
        CHECK(b.calls[1]->sent == std::vector<std::string>{"contextual_update", "user_message"});
        b.ends(0, false);
        CHECK(b.lost == 1);
    }
    SECTION("the page goes") {
        relay_bench b;
        b.relay->leave();
        CHECK(b.calls[0]->forgotten);
        b.answers("to nobody");
        CHECK(b.stored.empty());
    }
}

TEST_CASE("what an agent missed is kept within limits", "[convai][relay]") {
    convai_memory m;
    for (int i = 0; i < 100; ++i) m.heard("Customer", "line " + std::to_string(i));
    CHECK(m.size() == 100);
    CHECK(m.since(98) == "Customer: line 98\nCustomer: line 99\n");
    CHECK(m.since(100).empty());
    CHECK(m.since(0).starts_with("Customer: line 60\n"));
    m.heard("سارة", std::string(499, 'x') + "يي");
    CHECK(m.since(100).size() < 530);
    CHECK_NOTHROW(json(m.since(100)).dump()); // no character was cut
}
