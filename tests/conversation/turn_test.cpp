// Who may speak when: the assistant's compare-and-set, the holder rule for staff, and how a message hands over.

#include "conversation/builders.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using namespace chat_centre::tests;

namespace {

plan decide_in(const row& c, const std::vector<incoming>& items) {
    facts f;
    f.by_message_id.resize(items.size());
    f.by_idempotency.resize(items.size());
    f.conversations.emplace(c.id, c);
    f.threads[{c.channel, "u:" + c.user_id}] = c.id;
    f.contacts[{c.channel, c.user_id}] = c.contact;
    f.spare_conversation_ids = {101, 100};
    f.spare_contact_ids = {201, 200};
    return decide(items, f, noon);
}

int status_of(const plan& p, std::size_t i = 0) {
    const auto* e = std::get_if<error>(&p.answers.at(i));
    return e == nullptr ? 0 : e->status();
}

incoming spoken(const row& c, speaker role, std::string id) {
    auto m = said_by(role, c.user_id, std::move(id));
    m.conversation = c.id;
    m.channel = c.channel;
    return m;
}

handover_signal asked(bool urgent = false) {
    handover_signal s;
    s.reason = "asked for a person";
    s.urgent = urgent;
    return s;
}

} // namespace

TEST_CASE("the assistant speaks only in its turn", "[conversation][turn]") {
    struct {
        const char* status;
        int foreign;  // another system's assistant, by the webhook
        int own;      // ours
        int own_note; // ours, "a person is coming"
    } const table[] = {
        {"bot", 0, 0, 409},        {"pending", 0, 409, 0},
        {"active", 409, 409, 409}, {"resolved", 409, 409, 409}, // staff had it last
        {"closed", 409, 409, 409},
    };
    for (const auto& t : table) {
        const auto c = conversation_in(t.status);
        auto foreign = spoken(c, speaker::ai, "a");
        auto own = foreign;
        own.own_assistant = true;
        auto note = spoken(c, speaker::system, "b");
        note.own_assistant = true;
        INFO(t.status);
        CHECK(status_of(decide_in(c, {foreign})) == t.foreign);
        CHECK(status_of(decide_in(c, {own})) == t.own);
        CHECK(status_of(decide_in(c, {note})) == t.own_note);
        // What is refused leaves nothing behind.
        if (t.own == 409) {
            const auto p = decide_in(c, {own});
            CHECK(p.messages.empty());
            CHECK(p.events.empty());
            CHECK(p.touched.empty());
            CHECK(p.changed.empty());
        }
    }
}

TEST_CASE("the turn changes within a batch", "[conversation][turn]") {
    const auto c = conversation_in("bot");
    auto ask = spoken(c, speaker::user, "1");
    ask.handover = asked();
    auto own = spoken(c, speaker::ai, "2");
    own.own_assistant = true;
    auto note = spoken(c, speaker::system, "3");
    note.own_assistant = true;
    const auto p = decide_in(c, {ask, own, note});
    CHECK(status_of(p, 0) == 0);
    CHECK(status_of(p, 1) == 409);
    CHECK(status_of(p, 2) == 0);
    CHECK(std::get<receipt>(p.answers[0]).status == "pending");
}

TEST_CASE("staff answer what they have", "[conversation][turn]") {
    struct {
        const char* status;
        int holder;
        int other;
        int webhook; // "staff" said by another system: there is nobody to check
    } const table[] = {
        {"bot", 409, 409, 0},      {"pending", 409, 409, 0},  {"active", 0, 409, 0},
        {"resolved", 409, 409, 0}, {"closed", 409, 409, 409},
    };
    for (const auto& t : table) {
        const auto c = conversation_in(t.status);
        auto mine = spoken(c, speaker::staff, "a");
        mine.staff = 7;
        auto theirs = mine;
        theirs.staff = 8;
        INFO(t.status);
        CHECK(status_of(decide_in(c, {mine})) == t.holder);
        CHECK(status_of(decide_in(c, {theirs})) == t.other);
        CHECK(status_of(decide_in(c, {spoken(c, speaker::staff, "a")})) == t.webhook);
    }
    // The refusal names the colleague.
    const auto c = conversation_in("active");
    auto theirs = spoken(c, speaker::staff, "a");
    theirs.staff = 8;
    CHECK(std::get<error>(decide_in(c, {theirs}).answers[0]).detail().find("Sarah Johnson") !=
          std::string::npos);
}

TEST_CASE("a supervisor writes beside the colleague with whom they joined", "[conversation][turn]") {
    struct {
        const char* what;
        const char* status;
        std::int64_t beside;
        int expected;
    } const table[] = {
        {"joined the holder", "active", 7, 0},
        {"joined somebody who passed it on", "active", 9, 409},
        {"joined nobody", "active", 0, 409},
        {"nobody has it", "pending", 7, 409},
        {"the assistant has it", "bot", 7, 409},
        {"resolved", "resolved", 7, 409},
        {"closed", "closed", 7, 409},
    };
    for (const auto& t : table) {
        const auto c = conversation_in(t.status);
        auto m = spoken(c, speaker::staff, "a");
        m.staff = 8;
        m.beside = t.beside;
        INFO(t.what);
        const auto p = decide_in(c, {m});
        CHECK(status_of(p) == t.expected);
        if (t.expected == 0) {
            REQUIRE(p.touched.size() == 1);
            CHECK(p.touched[0].assigned == 7); // nothing is taken away
        }
    }
}

TEST_CASE("the first answer of staff stops the clock once", "[conversation][turn]") {
    const auto c = conversation_in("active");
    auto one = spoken(c, speaker::staff, "1");
    one.staff = 7;
    auto p = decide_in(c, {one});
    REQUIRE(p.touched.size() == 1);
    CHECK(p.touched[0].first_response_at == noon);

    auto answered = c;
    answered.first_response_at = noon - std::chrono::minutes(3);
    p = decide_in(answered, {one});
    CHECK(p.touched[0].first_response_at == noon - std::chrono::minutes(3));

    for (const auto role : {speaker::user, speaker::system}) {
        p = decide_in(c, {spoken(c, role, "1")});
        CHECK_FALSE(p.touched[0].first_response_at);
    }
    // Nobody asked: there is no clock.
    const auto bot = conversation_in("bot");
    CHECK_FALSE(decide_in(bot, {spoken(bot, speaker::staff, "1")}).touched[0].first_response_at);
}

TEST_CASE("a message that asks for a person", "[conversation][turn][handover]") {
    auto c = conversation_in("bot");
    auto m = spoken(c, speaker::user, "1");
    m.handover = asked();
    const auto p = decide_in(c, {m});
    REQUIRE(p.changed.size() == 1);
    const auto& after = p.changed[0];
    CHECK(after.status == "pending");
    CHECK(after.handler == "queue");
    CHECK(after.waiting_since == noon);
    CHECK(after.handover_at == noon);
    CHECK(after.handover_reason == "asked for a person");
    CHECK(after.handover_by == "user");
    CHECK(after.priority == "normal");
    REQUIRE(p.turns.size() == 1);
    CHECK(std::string(p.turns[0].kind) == "handover");
    CHECK(p.turns[0].after_seq == 5);
    REQUIRE(p.intents.size() == 1);
    CHECK(p.intents[0].decision);
    CHECK(event_types(p) == "message.new conversation.update handover.requested alert conversation.moved");
    // Whoever watches the waiting list sees it come.
    REQUIRE(p.events[1].before);
    CHECK_FALSE(p.events[1].before->waiting);
    CHECK(p.events[1].now.waiting);
    CHECK(json::parse(p.events[2].data)["by"] == "user");
    CHECK(json::parse(p.events[3].data)["level"] == "waiting");
}

TEST_CASE("what asks for a person does not always get one", "[conversation][turn][handover]") {
    struct {
        const char* what;
        const char* status;
        speaker role;
        bool needed;
        const char* after;
    } const table[] = {
        {"the assistant announces it", "bot", speaker::ai, true, "pending"},
        {"judged and declined", "bot", speaker::user, false, "bot"},
        {"waiting already", "pending", speaker::user, true, "pending"},
        {"somebody is there", "active", speaker::user, true, "active"},
        {"a person had it before", "resolved", speaker::user, true, "active"},
    };
    for (const auto& t : table) {
        const auto c = conversation_in(t.status);
        auto m = spoken(c, t.role, "1");
        m.handover = asked();
        m.handover->needed = t.needed;
        const auto p = decide_in(c, {m});
        const auto& r = std::get<receipt>(p.answers[0]);
        INFO(t.what);
        CHECK(r.status == t.after);
        REQUIRE(p.intents.size() == 1); // logged in any case
        CHECK(p.intents[0].decision == (std::string(t.status) == "bot" && t.needed));
    }
    // After staff resolved what only the assistant had, its late words do not put it back on the list.
    auto done = conversation_in("resolved");
    done.handler = "bot";
    done.assigned = 0;
    done.assigned_name.clear();
    auto late = spoken(done, speaker::ai, "1");
    late.handover = asked();
    const auto p = decide_in(done, {late});
    CHECK(std::get<receipt>(p.answers[0]).status == "resolved");
    CHECK_FALSE(p.intents[0].decision);
}

TEST_CASE("urgency raises the priority and never lowers it", "[conversation][turn][handover]") {
    for (const auto& [before, after] : {std::pair{"low", "high"}, std::pair{"normal", "high"},
                                        std::pair{"high", "high"}, std::pair{"emergency", "emergency"}}) {
        auto c = conversation_in("bot");
        c.priority = before;
        auto m = spoken(c, speaker::user, "1");
        m.handover = asked(true);
        const auto p = decide_in(c, {m});
        INFO(before);
        CHECK(p.changed[0].priority == after);
        const auto alert =
            std::find_if(p.events.begin(), p.events.end(), [](const auto& e) { return e.type == "alert"; });
        REQUIRE(alert != p.events.end());
        CHECK(json::parse(alert->data)["level"] == "urgent");
    }
}

TEST_CASE("our assistant is called in our channels only", "[conversation][turn]") {
    struct {
        const char* channel;
        const char* status;
        speaker role;
        bool asks;
        const char* cause; // "": not called
    } const table[] = {
        {"widget", "bot", speaker::user, false, "message"},
        {"portal", "bot", speaker::user, false, "message"},
        {"widget", "bot", speaker::user, true, "handover"},
        {"elevenlabs", "bot", speaker::user, false, ""},
        {"elevenlabs", "bot", speaker::user, true, ""},
        {"widget", "pending", speaker::user, false, ""},
        {"widget", "active", speaker::user, false, ""},
        {"widget", "active", speaker::user, true, ""},
        {"widget", "bot", speaker::ai, false, ""},
        {"widget", "bot", speaker::system, false, ""},
        {"widget", "resolved", speaker::user, false, ""},
    };
    for (const auto& t : table) {
        auto c = conversation_in(t.status);
        c.channel = t.channel;
        c.own_assistant = is_own_channel(t.channel);
        auto m = spoken(c, t.role, "1");
        if (t.asks) m.handover = asked();
        const auto p = decide_in(c, {m});
        std::string cause;
        for (const auto& e : p.events)
            if (e.type == "assistant.call") {
                CHECK(e.who == event::audience::internal);
                cause = json::parse(e.data)["cause"].get<std::string>();
            }
        INFO(t.channel << " " << t.status << " " << to_string(t.role));
        CHECK(cause == t.cause);
    }
}

TEST_CASE("the edge says whose assistant speaks, and may change it", "[conversation][turn]") {
    auto c = conversation_in("bot");
    auto m = spoken(c, speaker::user, "1");
    CHECK(std::get<receipt>(decide_in(c, {m}).answers[0]).called_assistant == false);
    m.own_brain = true;
    const auto p = decide_in(c, {m});
    CHECK(std::get<receipt>(p.answers[0]).called_assistant);
    REQUIRE(p.changed.size() == 1);
    CHECK(p.changed[0].own_assistant);
    c.own_assistant = true;
    m.own_brain.reset();
    CHECK(std::get<receipt>(decide_in(c, {m}).answers[0]).called_assistant);
    m.own_brain = false;
    CHECK_FALSE(std::get<receipt>(decide_in(c, {m}).answers[0]).called_assistant);
}

TEST_CASE("what a message says of its sender is taken over", "[conversation][turn]") {
    auto c = conversation_in("bot");
    c.user_email = "john@example.org";
    auto m = spoken(c, speaker::user, "1");
    m.user_name = "John Smith";
    m.user_phone = "+966501234567";
    m.category = "Medical";
    m.priority = "low";
    const auto p = decide_in(c, {m});
    REQUIRE(p.changed.size() == 1);
    CHECK(p.changed[0].user_name == "John Smith");
    CHECK(p.changed[0].user_email == "john@example.org"); // not given: kept
    CHECK(p.changed[0].category == "Medical");
    CHECK(p.changed[0].priority == "low");
    CHECK(event_types(p) == "message.new conversation.update");
    // The same again is no change: one message event and no more.
    auto again = spoken(p.changed[0], speaker::user, "2");
    again.user_name = "John Smith";
    again.category = "Medical";
    const auto q = decide_in(p.changed[0], {again});
    CHECK(q.touched.size() == 1);
    CHECK(event_types(q) == "message.new");
}
