// A real hub with a made-up protocol beside its own: what a session of it may rely on.

#include "fake_centre.hpp"
#include "socket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <boost/asio/steady_timer.hpp>

using namespace chat_centre;
using namespace chat_centre::test;
using namespace std::chrono_literals;

namespace {

// Says what it is told as {"told":type}, and follows {"do":...}.
class parrot final : public realtime::dialect_session, public std::enable_shared_from_this<parrot> {
public:
    explicit parrot(std::atomic<int>& gone) : gone_(gone) {}

    void opened(std::shared_ptr<realtime::line> l) override {
        line_ = std::move(l);
        line_->send(R"({"said":"welcome"})");
    }
    void heard(std::string_view frame) override {
        const json f = json::parse(frame, nullptr, false);
        if (!f.is_object()) throw std::runtime_error("a frame that the session does not expect");
        const std::string what = f.value("do", "");
        if (what == "join") line_->join(customer_of(f["conversation"]), f["since"]);
        if (what == "act") line_->act(f["frame"].dump());
        if (what == "later") line_->spawn(later(shared_from_this()));
        if (what == "leave") {
            for (int i = 0; i < 100; ++i) line_->send(R"({"said":"last words"})");
            line_->close(4000, "that was all " + std::string(200, 'x'));
            line_->send(R"({"said":"too late"})");
        }
    }
    void told(std::string_view frame) override {
        json f = json::parse(frame);
        line_->send(json({{"told", f["type"]}, {"frame", f}}).dump());
    }
    void looked_at() override {}
    std::string parting(std::uint16_t) const override { return "in the customer's language"; }
    void gone() override { ++gone_; }

private:
    static boost::asio::awaitable<void> later(std::shared_ptr<parrot> self) {
        boost::asio::steady_timer pause(self->line_->executor(), 10ms);
        co_await pause.async_wait(boost::asio::use_awaitable);
        self->line_->send(R"({"said":"later"})");
    }

    std::atomic<int>& gone_;
    std::shared_ptr<realtime::line> line_;
};

realtime::dialect parrots(std::atomic<int>& gone) {
    return {{"/parrot", "/other/parrot", "/no/parrot"}, "parrot.v1", [&gone](const http::request& r) {
                if (r.path == "/no/parrot") throw error::unauthorized("Not you.");
                return std::make_shared<parrot>(gone);
            }};
}

json said(socket_client& c, const char* name, const std::string& value) {
    return c.until([&](const json& f) { return f.value(name, "") == value; });
}

} // namespace

TEST_CASE("a session of another protocol is a customer's page towards the hub", "[realtime][threads]") {
    std::atomic<int> gone{0};
    fake_centre centre({}, {parrots(gone)});
    centre.conversation(12, with_3);
    centre.append(message_event(12, with_3, "before"));
    socket_client p(centre.port(), "/other/parrot", "");
    CHECK(p.status == 101);
    CHECK(p.subprotocol.empty());
    said(p, "said", "welcome");

    centre.append(message_event(12, with_3, "not yet theirs"));
    p.send({{"do", "join"}, {"conversation", 12}, {"since", 1}});
    CHECK(said(p, "told", "events")["frame"]["events"][0]["data"]["message"] == "not yet theirs");
    said(p, "told", "subscribed");
    centre.append({message_event(13, with_3, "another's"), message_event(12, with_3, "live")});
    CHECK(said(p, "told", "events")["frame"]["events"][0]["data"]["message"] == "live");
    auto note = message_event(12, with_3, "internal");
    note.who = event::audience::conversation_staff;
    note.type = "note.new";
    centre.append({note, message_event(12, with_3, "after the note")});
    CHECK(said(p, "told", "events")["frame"]["events"][0]["data"]["message"] == "after the note");

    socket_client sarah(centre.port(), "/ws", "agent-3");
    sarah.subscribe({"conversation:CONV-12"});
    p.send({{"do", "act"}, {"frame", {{"type", "typing"}, {"typing", true}, {"ref", 1}}}});
    CHECK(sarah.event("typing")["data"]["who"] == "customer");
    CHECK(said(p, "told", "ack")["frame"]["ref"] == 1);
    p.send({{"do", "later"}});
    said(p, "said", "later");

    // Into another conversation: the first is theirs no more.
    centre.conversation(14, with_4);
    p.send({{"do", "join"}, {"conversation", 14}, {"since", 1000}});
    said(p, "told", "subscribed");
    centre.append({message_event(12, with_3, "gone"), message_event(14, with_4, "the other")});
    CHECK(said(p, "told", "events")["frame"]["events"][0]["data"]["message"] == "the other");
}

TEST_CASE("what a session said last goes out before its close", "[realtime][threads]") {
    std::atomic<int> gone{0};
    fake_centre centre({}, {parrots(gone)});
    socket_client p(centre.port(), "/parrot", "");
    p.send_text("not for the session"); // its exception does not end the socket
    p.send({{"do", "leave"}});
    int last_words = 0;
    while (const auto f = p.next()) {
        CHECK(f->value("said", "") != "too late");
        last_words += f->value("said", "") == "last words" ? 1 : 0;
    }
    CHECK(last_words == 100);
    CHECK(p.close_code == 4000);
    CHECK(eventually([&] { return gone == 1; }));
}

TEST_CASE("handshakes of another protocol are refused by its own rules", "[realtime]") {
    std::atomic<int> gone{0};
    fake_centre centre({}, {parrots(gone)});
    CHECK(socket_client(centre.port(), "/no/parrot", "").status == 401);
    CHECK(socket_client(centre.port(), "/parrot/x", "").status == 404);
    CHECK(socket_client(centre.port(), "/ws", "").status == 401);
}

TEST_CASE("a restart is told in the session's words", "[realtime][threads]") {
    std::atomic<int> gone{0};
    fake_centre centre({}, {parrots(gone)});
    socket_client p(centre.port(), "/parrot", "");
    said(p, "said", "welcome");
    centre.hub().stop(2s);
    while (p.next()) {
    }
    CHECK(p.close_code == 1012);
    CHECK(gone == 1);
}
