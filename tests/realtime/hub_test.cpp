// A real hub on a loopback port, with everything behind it faked.

#include "fake_centre.hpp"
#include "socket_client.hpp"

#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace chat_centre;
using namespace chat_centre::test;
using namespace std::chrono_literals;
using event::scope;

namespace {

std::vector<std::int64_t> ids_of(const std::vector<json>& events) {
    std::vector<std::int64_t> ids;
    for (const json& e : events)
        if (e["id"] != 0) ids.push_back(e["id"]);
    return ids;
}

realtime::options quick() {
    realtime::options o;
    o.sweep = 20ms;
    o.presence_grace = 150ms;
    o.typing_expiry = 200ms;
    o.close_grace = 300ms;
    o.opening_hold = 100ms;
    return o;
}

} // namespace

TEST_CASE("hello, live events once however many topics carry them, unsubscribe", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, with_3);
    centre.append(message_event(12, with_3));
    socket_client c(centre.port(), "/ws", "agent-3");
    const json hello = *c.next();
    CHECK(hello["type"] == "hello");
    CHECK(hello["you"]["staff_id"] == "STF-3");

    const json answer = c.subscribe({"queue", "mine", "conversation:CONV-12", "weather"});
    CHECK(answer["topics"] == json({"queue", "mine", "conversation:CONV-12"}));
    CHECK(answer["head"] == 1);
    centre.append(message_event(12, with_3, "two"));
    CHECK(c.event("message.new")["data"]["message"] == "two");
    centre.append(message_event(13, with_4, "not for 3"));
    c.send({{"type", "unsubscribe"}, {"topics", {"queue", "mine"}}, {"ref", "u"}});
    c.until("ack");
    centre.append(message_event(12, with_3, "three"));
    c.event([](const json& e) { return e["data"]["message"] == "three"; });
    CHECK(ids_of(c.events) == std::vector<std::int64_t>{2, 4});
}

TEST_CASE("topics are checked when subscribing", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, with_4);
    const auto refused = [&](socket_client& c, const char* topic) {
        c.send({{"type", "subscribe"}, {"topics", {topic}}, {"ref", topic}});
        const json f = c.until([](const json& frame) { return frame.contains("ref"); });
        return f["type"] == "error" ? f["code"].get<std::string>() : f["type"].get<std::string>();
    };
    socket_client agent(centre.port(), "/ws", "agent-3");
    CHECK(refused(agent, "conversation:CONV-12") == "not_found");
    CHECK(refused(agent, "conversation:CONV-99") == "not_found");
    CHECK(refused(agent, "all") == "forbidden");
    CHECK(refused(agent, "weather") == "unknown_topic");
    CHECK(refused(agent, "staff") == "subscribed");
    socket_client customer(centre.port(), "/ws/CONV-12", "customer-12");
    for (const char* topic : {"queue", "mine", "staff", "all"})
        CHECK(refused(customer, topic) == "forbidden");
    CHECK(refused(customer, "conversation:CONV-13") == "not_found");
    CHECK(refused(customer, "conversation:CONV-12") == "subscribed");
    // Events of what was refused do not come.
    centre.append(message_event(13, with_4));
    centre.append(message_event(12, with_4));
    customer.until("events");
    agent.barrier();
    CHECK(agent.events.empty());
    CHECK(ids_of(customer.events) == std::vector<std::int64_t>{2});
}

TEST_CASE("what leaves the caller's sight ends with a stub, and then nothing", "[realtime][threads]") {
    fake_centre centre(quick());
    centre.conversation(12, waiting);
    socket_client bob(centre.port(), "/ws", "agent-4");
    socket_client sarah(centre.port(), "/ws", "agent-3");
    bob.subscribe({"queue", "conversation:CONV-12"});
    sarah.subscribe({"queue", "mine", "conversation:CONV-12"});
    bob.send({{"type", "viewing"}, {"conversation_id", "CONV-12"}, {"viewing", true}});
    CHECK(eventually([&] { return centre.hub().viewers(12).size() == 1; }));

    centre.append(update_event(12, with_3, waiting));
    CHECK(bob.event("conversation.update")["data"] ==
          json({{"conversation_id", "CONV-12"}, {"visible", false}}));
    CHECK(sarah.event("conversation.update")["data"]["status"] == "active");
    CHECK(eventually([&] { return centre.hub().viewers(12).empty(); }));

    centre.append(message_event(12, with_3, "secret"));
    sarah.event("message.new");
    sarah.send({{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}, {"ref", 1}});
    sarah.until("ack");
    bob.barrier();
    CHECK(bob.events.size() == 1);
}

TEST_CASE("customers get their own conversation's public side", "[realtime][threads]") {
    fake_centre centre(quick());
    centre.conversation(12, with_3);
    socket_client customer(centre.port(), "/ws/CONV-12",
                           "customer-12"); // never subscribes, and is served anyway
    CHECK((*customer.next())["you"]["conversation_id"] == "CONV-12");
    auto note = message_event(12, with_3, "internal");
    note.type = "note.new";
    note.who = event::audience::conversation_staff;
    auto update = update_event(12, with_3, waiting);
    update.public_data = R"({"handler":"staff"})";
    centre.append({note, update_event(12, with_3, with_3), update, message_event(12, with_3, "hello")});
    CHECK(customer.event("message.new")["data"]["message"] == "hello");
    CHECK(customer.event("conversation.update")["data"] == json({{"handler", "staff"}}));
    CHECK(ids_of(customer.events) == std::vector<std::int64_t>{3, 4});
}

TEST_CASE("a customer who comes back gets the older messages first", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, with_3);
    for (int i = 0; i < 5; ++i) centre.append(message_event(12, with_3));
    socket_client customer(centre.port(), "/ws/CONV-12", "customer-12");
    customer.next();
    centre.append(message_event(12, with_3)); // live, before the client has subscribed
    std::this_thread::sleep_for(50ms);
    customer.send({{"type", "subscribe"}, {"since", 2}});
    customer.until("subscribed");
    centre.append(message_event(12, with_3));
    customer.event([](const json& e) { return e["id"] == 7; });
    CHECK(ids_of(customer.events) == std::vector<std::int64_t>{3, 4, 5, 6, 7});
}

TEST_CASE("a customer's place: when it changes, to who comes later, never from before what they know",
          "[realtime][threads]") {
    fake_centre centre(quick());
    centre.conversation(12, waiting);
    socket_client customer(centre.port(), "/ws/CONV-12", "customer-12");
    socket_client sarah(centre.port(), "/ws", "agent-3");
    sarah.subscribe({"queue", "conversation:CONV-12"});
    customer.subscribe({"conversation:CONV-12"});
    CHECK(centre.hub().serves_customers());
    const auto publish = [&](std::int64_t head, int place) {
        centre.hub().publish_places({head, {{12, dump({{"place", place}})}, {13, dump({{"place", 99}})}}});
    };
    const auto places = [](const socket_client& c) {
        std::vector<int> out;
        for (const json& e : c.events)
            if (e["id"] == 0 && e["type"] == "conversation.update") out.push_back(e["data"]["place"]);
        return out;
    };
    const auto change = [] {
        auto e = update_event(12, waiting, waiting);
        e.who = event::audience::conversation_public;
        e.public_data = "{}";
        return e;
    };
    const auto hears = [&places](socket_client& c, const std::vector<int>& all) {
        while (places(c).size() < all.size()) c.until("events");
        c.barrier(); // and nothing more
        return places(c) == all;
    };
    publish(0, 3);
    publish(0, 3);
    publish(0, 2);
    CHECK(hears(customer, {3, 2}));

    // An event of theirs does not know the place. What was read before it waits for the next look.
    centre.append(change());
    customer.event([](const json& e) { return e["id"] == 1; });
    publish(0, 5);
    CHECK(hears(customer, {3, 2}));
    publish(1, 2);
    CHECK(hears(customer, {3, 2, 2}));
    // The look was quicker than the event: the place is said again after it.
    publish(2, 1);
    centre.append(change());
    customer.event([](const json& e) { return e["id"] == 2; });
    CHECK(hears(customer, {3, 2, 2, 1, 1}));

    socket_client later(centre.port(), "/ws/CONV-12", "customer-12");
    CHECK(hears(later, {1})); // without subscribing, too
    sarah.barrier();
    CHECK(places(sarah).empty());
    centre.hub().publish_places({2, {}}); // somebody has them
    CHECK(hears(customer, {3, 2, 2, 1, 1}));
}

TEST_CASE("an impossible cursor is a resync, then live", "[realtime][threads]") {
    fake_centre centre;
    for (int i = 0; i < 10; ++i) centre.append(message_event(12, with_3));
    centre.forget_before(5);
    socket_client c(centre.port(), "/ws", "admin-1");
    c.next();
    for (const std::int64_t since : {std::int64_t{2}, std::int64_t{11}, std::int64_t{1} << 50}) {
        c.send({{"type", "subscribe"}, {"topics", {"all"}}, {"since", since}});
        CHECK(c.until("resync")["head"] == 10);
        c.until("subscribed");
    }
    c.send({{"type", "subscribe"}, {"topics", {"all"}}, {"since", -1}});
    CHECK(c.until("error")["code"] == "invalid_frame");
    centre.replay_fails = true;
    c.send({{"type", "subscribe"}, {"topics", {"all"}}, {"since", 6}});
    CHECK(c.until("error")["code"] == "unavailable");
    c.until("resync"); // it must not believe that it has everything
    CHECK(c.events.empty());
    centre.append(message_event(12, with_3));
    CHECK(c.event("message.new")["id"] == 11);
}

TEST_CASE("messages over the socket", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, with_3);
    socket_client c(centre.port(), "/ws", "agent-3");
    c.subscribe({"conversation:CONV-12"});
    const auto ask = [&](json f) {
        f["type"] = "message";
        f["ref"] = "m";
        c.send(f);
        return c.until([](const json& frame) { return frame.contains("ref"); });
    };
    const json ack = ask({{"conversation_id", "CONV-12"}, {"message", "hi"}, {"client_message_id", "c1"}});
    CHECK(ack["type"] == "ack");
    CHECK(ack["message"] == json({{"message", "hi"}, {"client_message_id", "c1"}}));
    CHECK(c.event("message.new")["data"]["message"] == "hi");
    const json conflict = ask({{"conversation_id", "CONV-12"}, {"message", "conflict"}});
    CHECK((conflict["code"] == "conflict" && conflict["status"] == 409 && conflict["title"] == "Conflict"));
    CHECK(ask({{"conversation_id", "CONV-12"}, {"message", "break"}})["code"] == "internal");
    CHECK(ask({{"message", "where"}})["code"] == "invalid");
    socket_client customer(centre.port(), "/ws/CONV-12", "customer-12");
    customer.send({{"type", "message"}, {"message", "from me"}, {"ref", 1}}); // it has only one conversation
    CHECK(customer.until("ack")["ref"] == 1);
    customer.send({{"type", "message"}, {"conversation_id", "CONV-13"}, {"message", "x"}, {"ref", 2}});
    CHECK(customer.until("error")["code"] == "not_found");
}

TEST_CASE("typing and viewing", "[realtime][threads]") {
    fake_centre centre(quick());
    centre.conversation(12, with_3);
    socket_client sarah(centre.port(), "/ws", "agent-3");
    socket_client boss(centre.port(), "/ws", "manager-2");
    socket_client customer(centre.port(), "/ws/CONV-12", "customer-12");
    sarah.subscribe({"conversation:CONV-12"});
    boss.subscribe({"conversation:CONV-12"});
    customer.subscribe({"conversation:CONV-12"});
    const auto typing = [](bool on) {
        return [on](const json& e) { return e["type"] == "typing" && e["data"]["typing"] == on; };
    };

    sarah.send({{"type", "viewing"}, {"conversation_id", "CONV-12"}, {"viewing", true}});
    CHECK(boss.event("viewing")["data"]["staff_id"] == "STF-3");
    sarah.send({{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}, {"kind", "note"}});
    CHECK(boss.event(typing(true))["data"]["kind"] == "note");
    CHECK(eventually(
        [&] { return centre.hub().viewers(12).size() == 1 && centre.hub().viewers(12)[0].writing; }));
    boss.event(typing(false)); // lapsed
    customer.barrier();
    CHECK(customer.events.empty()); // nothing of notes, nothing of who looks on

    sarah.send({{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}});
    const json seen = customer.event(typing(true));
    CHECK((seen["id"] == 0 && seen["data"]["who"] == "staff" && !seen["data"].contains("staff_id")));
    sarah.send({{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}, {"kind", "note"}});
    customer.event(typing(false));
    customer.send({{"type", "typing"}, {"typing", true}});
    CHECK(sarah.event(typing(true))["data"]["who"] == "customer");
    customer.cut();
    sarah.event(typing(false));

    socket_client stranger(centre.port(), "/ws", "agent-4");
    stranger.send({{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}, {"ref", 1}});
    CHECK(stranger.until("error")["code"] == "not_found");
    boss.events.clear();
    sarah.cut();
    CHECK(boss.event("viewing")["data"]["viewing"] == false);
}

TEST_CASE("who looks on silently is not there", "[realtime][threads]") {
    fake_centre centre(quick());
    centre.conversation(12, with_3);
    socket_client sarah(centre.port(), "/ws", "agent-3");
    socket_client boss(centre.port(), "/ws", "manager-99");
    sarah.subscribe({"conversation:CONV-12"});
    boss.subscribe({"conversation:CONV-12"});
    boss.send({{"type", "viewing"}, {"conversation_id", "CONV-12"}, {"viewing", true}});
    boss.send(
        {{"type", "typing"}, {"conversation_id", "CONV-12"}, {"typing", true}, {"kind", "note"}, {"ref", 7}});
    CHECK(boss.until("ack")["ref"] == 7);
    CHECK(centre.hub().viewers(12).empty());
    sarah.barrier();
    CHECK(sarah.events.empty());
}

TEST_CASE("presence: once on, once off, and a reload does not blink", "[realtime][threads]") {
    fake_centre centre(quick());
    {
        socket_client one(centre.port(), "/ws", "agent-3");
        one.next();
        CHECK(centre.hub().online(3));
        socket_client two(centre.port(), "/ws", "agent-3");
        two.next();
        one.cut();
        two.cut();
    }
    socket_client again(centre.port(), "/ws", "agent-3");
    again.next();
    std::this_thread::sleep_for(400ms);
    CHECK(centre.presence() == std::vector<std::pair<std::int64_t, bool>>{{3, true}});
    again.cut();
    CHECK(eventually([&] { return centre.presence().size() == 2; }));
    CHECK(centre.presence().back() == std::pair<std::int64_t, bool>{3, false});
    CHECK_FALSE(centre.hub().online(3));
}

TEST_CASE("changed and lost rights", "[realtime][threads]") {
    fake_centre centre;
    centre.conversation(12, waiting);
    socket_client sarah(centre.port(), "/ws", "agent-3");
    socket_client other(centre.port(), "/ws", "agent-4");
    sarah.subscribe({"queue", "conversation:CONV-12"});
    other.subscribe({"queue"});
    centre.change(3, staff_member(role::agent, 3, {9})); // another department
    sarah.until("resync");
    centre.append(message_event(12, waiting));
    other.event("message.new");
    sarah.barrier();
    CHECK(sarah.events.empty());
    sarah.send({{"type", "auth"}, {"token", "agent-4"}, {"ref", 1}});
    CHECK(sarah.until("error")["code"] == "forbidden");
    sarah.send({{"type", "auth"}, {"token", "nonsense"}, {"ref", 2}});
    CHECK(sarah.until("error")["code"] == "unauthorized");
    sarah.send({{"type", "auth"}, {"token", "agent-3"}, {"ref", 3}});
    CHECK(sarah.until("ack")["ref"] == 3);
    sarah.until("resync"); // the token's rights are the old department's

    centre.change(3, std::nullopt);
    CHECK(sarah.wait_closed() == 4401);
    other.barrier();
}

TEST_CASE("who is a manager no more loses the topic of all events", "[realtime][threads]") {
    fake_centre centre;
    socket_client boss(centre.port(), "/ws", "manager-2");
    socket_client other(centre.port(), "/ws", "admin-1");
    boss.subscribe({"all"});
    other.subscribe({"all"});
    centre.change(2, staff_member(role::agent, 2, {7}));
    boss.until("resync");
    auto presence = message_event(0, {});
    presence.type = "presence";
    presence.who = event::audience::people;
    centre.append({message_event(12, waiting), presence});
    other.until("events");
    boss.barrier();
    CHECK(boss.events.empty());
}

TEST_CASE("what is too much to hold is a resync, never silence", "[realtime][threads]") {
    realtime::options o;
    o.backlog_events = 100;
    o.held_events = 5;
    fake_centre centre(o);
    socket_client c(centre.port(), "/ws", "admin-1");
    c.subscribe({"all"});
    centre.append(std::vector<event::entry>(101, message_event(12, with_3)));
    CHECK(c.until("resync")["head"] == 101);
    CHECK(c.events.empty());
    centre.append(message_event(12, with_3));
    CHECK(c.event("message.new")["id"] == 102);

    centre.delay_up_to_us = 100'000;
    centre.page_size = 10;
    c.send({{"type", "subscribe"}, {"topics", {"all"}}, {"since", 0}, {"ref", "s"}});
    c.barrier();
    for (int i = 0; i < 10; ++i) centre.append(message_event(12, with_3));
    CHECK(c.until([](const json& f) { return f["type"] == "resync" || f["type"] == "subscribed"; })["type"] ==
          "resync");
    c.until("subscribed");
    c.events.clear();
    centre.append(message_event(12, with_3));
    CHECK(c.event("message.new")["id"] == 113);
}

TEST_CASE("stop closes everybody with 1012 within its deadline", "[realtime][threads]") {
    fake_centre centre(quick());
    std::vector<std::unique_ptr<socket_client>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<socket_client>(centre.port(), "/ws", "admin-1"));
        clients.back()->next();
    }
    const auto began = std::chrono::steady_clock::now();
    std::thread stopping([&] { centre.hub().stop(2s); });
    for (std::size_t i = 1; i < clients.size(); ++i)
        CHECK(clients[i]->wait_closed() == 1012); // the first one sleeps
    stopping.join();
    CHECK(std::chrono::steady_clock::now() - began < 2500ms);
    CHECK(centre.hub().count().open == 0);
    CHECK(socket_client(centre.port(), "/ws", "admin-1").status != 101);
}
