#include "builders.hpp"
#include "realtime/topic.hpp"

#include <chat_centre/base/json.hpp>
#include <chat_centre/event/ticket_audience.hpp>
#include <chat_centre/realtime/hub.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::realtime;
using namespace chat_centre::test;
using event::audience;
using event::scope;

TEST_CASE("topic names", "[realtime]") {
    for (const char* name : {"queue", "mine", "staff", "tickets", "all", "conversation:CONV-12"}) {
        const auto t = parse_topic(name);
        REQUIRE(t);
        CHECK(to_string(*t) == name);
    }
    for (const char* name : {"", "Queue", "queue ", "conversation:", "conversation:12", "conversation:CONV-0",
                             "conversation:CONV-012", "conversation:CONV--1",
                             "conversation:CONV-99999999999999999999", "ticket"})
        CHECK_FALSE(parse_topic(name));
}

TEST_CASE("who may see a conversation", "[realtime]") {
    struct row {
        principal who;
        scope where;
        bool expected;
    };
    const auto agent = staff_member(role::agent, 3, {7, 8});
    const scope nobody_bot{0, 7, false};
    const scope waiting_ours{0, 7, true};
    const scope waiting_theirs{0, 9, true};
    const scope waiting_unsorted{0, 0, true};
    const scope mine{3, 9, false};
    const scope other{4, 7, false};
    const std::vector<row> table = {
        {agent, nobody_bot, false},
        {agent, waiting_ours, true},
        {agent, waiting_theirs, false},
        {agent, waiting_unsorted, true},
        {agent, mine, true},
        {agent, other, false},
        {staff_member(role::agent, 3), waiting_ours, false},
        {staff_member(role::agent, 0, {7}), scope{0, 9, false}, false}, // staff 0 is not "assigned to nobody"
        {staff_member(role::engineer, 3, {7}), mine, false},
        {staff_member(role::engineer, 3, {7}), waiting_ours, false},
        {staff_member(role::manager, 5), other, true},
        {staff_member(role::admin, 1), nobody_bot, true},
        {customer_of(12), mine, false},
        {principal{}, waiting_unsorted, false},
    };
    for (std::size_t i = 0; i < table.size(); ++i) {
        INFO("row " << i);
        CHECK(may_see(table[i].who, table[i].where) == table[i].expected);
    }
}

TEST_CASE("what a caller gets of an event", "[realtime]") {
    const auto agent = staff_member(role::agent, 3, {7});
    const auto admin = staff_member(role::admin, 1);
    const auto customer = customer_of(12);
    const scope mine{3, 7, false};
    const scope theirs{4, 7, false};

    CHECK(judge(agent, message_event(12, mine)) == rendition::staff);
    CHECK(judge(agent, message_event(12, theirs)) == rendition::hidden);
    CHECK(judge(customer, message_event(12, theirs)) == rendition::customer);
    CHECK(judge(customer, message_event(13, theirs)) == rendition::hidden);

    CHECK(judge(agent, update_event(12, theirs, waiting)) == rendition::stub);
    CHECK(judge(agent, update_event(12, theirs, theirs)) == rendition::hidden);
    CHECK(judge(agent, update_event(12, mine, theirs)) == rendition::staff);
    CHECK(judge(admin, update_event(12, theirs, waiting)) == rendition::staff);
    CHECK(judge(customer, update_event(12, theirs, waiting)) == rendition::hidden); // no public data

    event::entry open = update_event(12, theirs, waiting);
    open.public_data = R"({"status":"active"})";
    CHECK(judge(customer, open) == rendition::customer);
    CHECK(json::parse(render(open, rendition::customer))["data"]["status"] == "active");
    CHECK(json::parse(render(open, rendition::stub))["data"] ==
          json({{"conversation_id", "CONV-12"}, {"visible", false}}));

    event::entry note = message_event(12, mine);
    note.type = "note.new";
    note.who = audience::conversation_staff;
    CHECK(judge(agent, note) == rendition::staff);
    CHECK(judge(customer, note) == rendition::hidden);

    // Only conversation.update tells that a row has gone; anything else is withheld without a word.
    event::entry moved = message_event(12, theirs);
    moved.before = waiting;
    CHECK(judge(agent, moved) == rendition::hidden);

    event::entry presence;
    presence.type = "presence";
    presence.who = audience::people;
    CHECK(judge(agent, presence) == rendition::staff);
    CHECK(judge(customer, presence) == rendition::hidden);
    presence.who = audience::internal;
    CHECK(judge(admin, presence) == rendition::hidden);

    event::entry personal;
    personal.type = "notification";
    personal.who = audience::person;
    personal.now.assigned = 3;
    CHECK(judge(agent, personal) == rendition::staff);
    CHECK(judge(admin, personal) == rendition::hidden);
    CHECK(judge(customer, personal) == rendition::hidden);
    personal.now.assigned = 0;
    CHECK(judge(staff_member(role::agent, 0), personal) == rendition::hidden);

    principal key;
    key.kind = caller::api_key;
    CHECK(judge(key, message_event(12, mine)) == rendition::hidden);
    CHECK(judge(principal{}, message_event(12, mine)) == rendition::hidden);
}

TEST_CASE("what a caller gets of a ticket's event", "[realtime]") {
    const auto agent = staff_member(role::agent, 3, {7});
    const auto engineer = staff_member(role::engineer, 4);
    const auto customer = customer_of(12);
    const scope listed{0, 7, true};
    const scope theirs{8, 7, false};
    event::entry e;
    e.type = "ticket.update";
    e.conversation = 12;
    e.who = event::ticket_audience;
    e.now = theirs;
    e.data = R"({"ticket_id":"TKT_20241021_XYZ9","status":"open"})";
    CHECK(judge(agent, e) == rendition::hidden);
    e.before = listed;
    CHECK(judge(agent, e) == rendition::stub); // a colleague took it
    CHECK(json::parse(render(e, rendition::stub))["data"] ==
          json({{"ticket_id", "TKT_20241021_XYZ9"}, {"visible", false}}));
    CHECK(judge(engineer, e) == rendition::hidden);
    CHECK(judge(staff_member(role::manager, 5), e) == rendition::staff);
    CHECK(judge(customer, e) == rendition::hidden); // nothing in it is for them
    e.public_data = R"({"status":"open"})";
    CHECK(judge(customer, e) == rendition::customer);
    CHECK(judge(customer_of(13), e) == rendition::hidden);
    e.who = event::ticket_escalated;
    CHECK(judge(engineer, e) == rendition::staff);
    e.who = event::ticket_deescalated;
    CHECK(judge(engineer, e) == rendition::stub);
    e.type = "ticket.new";
    CHECK(judge(engineer, e) == rendition::hidden);
    // Of its conversation they see neither more nor less than before: no place of a ticket counts there.
    CHECK_FALSE(may_see(engineer, theirs));
}

TEST_CASE("which topics carry an event", "[realtime]") {
    struct row {
        std::string type;
        audience who;
        std::int64_t conversation;
        std::string topics; // of all, conversation, mine, queue, staff: the first letters that carry it
    };
    const std::vector<row> table = {
        {"message.new", audience::conversation_public, 12, "acmq"},
        {"conversation.new", audience::conversation_staff, 12, "acmq"},
        {"conversation.update", audience::conversation_public, 12, "acmq"},
        {"handover.requested", audience::conversation_staff, 12, "acmq"},
        {"alert", audience::conversation_staff, 12, "acmq"},
        {"queue.update", audience::people, 0, "aq"},
        {"note.new", audience::conversation_staff, 12, "ac"},
        {"whisper", audience::conversation_staff, 12, "acm"},
        {"presence", audience::people, 0, "as"},
        {"staff.changed", audience::people, 0, "as"},
        {"contact.update", audience::people, 0, "as"},
        {"lead.update", audience::people, 0, "as"},
        {"activity.new", audience::people, 0, "as"},
        {"task.update", audience::people, 0, "as"},
        {"staff.changed", audience::internal, 0, ""},
        {"notification", audience::person, 0, "m"},
        {"session.revoked", audience::internal, 0, ""},
        {"message.new", audience::internal, 12, ""},
        {"ticket.new", event::ticket_audience, 12, "act"},
        {"ticket.update", event::ticket_escalated, 0, "at"},
        {"ticket.moved", audience::internal, 12, ""},
    };
    for (const row& r : table) {
        INFO(r.type);
        event::entry e;
        e.type = r.type;
        e.who = r.who;
        e.conversation = r.conversation;
        e.now.assigned = 3;
        const routing way = route(e);
        std::string carried;
        if (carries(way, {topic_kind::all}, 3)) carried += 'a';
        if (carries(way, {topic_kind::conversation, 12}, 3)) carried += 'c';
        if (carries(way, {topic_kind::mine}, 3)) carried += 'm';
        if (carries(way, {topic_kind::queue}, 3)) carried += 'q';
        if (carries(way, {topic_kind::staff}, 3)) carried += 's';
        if (carries(way, {topic_kind::tickets}, 3)) carried += 't';
        CHECK(carried == r.topics);
        CHECK_FALSE(carries(way, {topic_kind::conversation, 13}, 3));
        CHECK_FALSE(carries(way, {topic_kind::mine}, 4));
        CHECK_FALSE(carries(way, {topic_kind::mine}, 0));
    }
    const auto handed_on = update_event(12, {4, 7, false}, {3, 7, false});
    CHECK(carries(route(handed_on), {topic_kind::mine}, 3));
    CHECK(carries(route(handed_on), {topic_kind::mine}, 4));
}
