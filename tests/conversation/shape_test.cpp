// What the world sees of a message and a conversation: exactly these members, and for the customer no others.

#include "conversation/builders.hpp"
#include "conversation/card.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using namespace chat_centre::tests;

namespace {

std::set<std::string> names(const json& j) {
    std::set<std::string> out;
    for (const auto& [key, value] : j.items()) out.insert(key);
    return out;
}

stored_message message(speaker role, std::string text) {
    stored_message m;
    m.conversation = 12;
    m.seq = 3;
    m.message_id = "MSG-1";
    m.role = role;
    m.sender = "John";
    m.text = std::move(text);
    m.at = noon;
    m.received_at = noon + std::chrono::milliseconds(1500);
    return m;
}

} // namespace

TEST_CASE("the shape of a message", "[conversation][shape]") {
    auto m = message(speaker::user, "say \"hi\"\n\t\\ \x01 عربي 😀");
    auto j = json::parse(to_json(m));
    CHECK(j == json{{"message_id", "MSG-1"},
                    {"conversation_id", "CONV-12"},
                    {"seq", 3},
                    {"role", "user"},
                    {"sender", "John"},
                    {"message", m.text},
                    {"at", "2026-11-20T12:00:00.000Z"},
                    {"received_at", "2026-11-20T12:00:01.500Z"},
                    {"staff_id", nullptr},
                    {"client_message_id", nullptr},
                    {"feedback", nullptr}});
    m.role = speaker::staff;
    m.staff = 7;
    m.client_message_id = "c\"1";
    m.feedback = "up";
    j = json::parse(to_json(m));
    CHECK(j["role"] == "staff");
    CHECK(j["staff_id"] == "STF-7");
    CHECK(j["client_message_id"] == "c\"1");
    CHECK(j["feedback"] == "up");
    for (const auto role : {speaker::user, speaker::ai, speaker::staff, speaker::system})
        CHECK(parse_speaker(to_string(role)) == role);
}

TEST_CASE("the shape of a conversation", "[conversation][shape]") {
    auto c = conversation_in("pending");
    c.department = 2;
    c.department_slug = "sales";
    c.tags = {"vip"};
    c.last_at = noon;
    c.last_role = "user";
    c.last_text = "hello";
    const auto j = to_json(c, noon + std::chrono::seconds(1));
    CHECK(names(j) ==
          std::set<std::string>{"conversation_id", "contact_id",      "status",
                                "handler",         "priority",        "department",
                                "category",        "channel",         "user_id",
                                "user_name",       "user_email",      "user_phone",
                                "language",        "assigned_staff",  "tags",
                                "created_at",      "updated_at",      "resolved_at",
                                "resolution",      "outcome",         "rating",
                                "last_message",    "waiting_seconds", "waiting_since",
                                "on_hold",         "own_assistant",   "last_seq",
                                "handover",        "version",         "previous_conversation_id"});
    CHECK(j["waiting_seconds"] == 301);
    CHECK(j["waiting_since"] == "2026-11-20T11:55:00.000Z");
    CHECK(j["handover"]["by"] == "user");
    CHECK(j["department"]["slug"] == "sales");
    CHECK(j["assigned_staff"].is_null());
    CHECK(j["last_message"]["message"] == "hello");
    CHECK(to_json(c, noon - std::chrono::hours(1))["waiting_seconds"] == 0); // a clock that stepped back

    c.unread = 3;
    c.draft = true;
    CHECK(to_json(c, noon)["unread"] == 3);
    CHECK(to_json(c, noon)["draft"] == true);

    for (const char* status : {"bot", "active", "resolved", "closed"}) {
        auto stale = conversation_in(status);
        stale.waiting_since = noon - std::chrono::hours(1); // an old one says nothing
        INFO(status);
        CHECK(to_json(stale, noon)["waiting_seconds"] == 0);
        CHECK(to_json(stale, noon)["waiting_since"].is_null());
    }
}

TEST_CASE("what the customer may know of it", "[conversation][shape]") {
    auto c = conversation_in("active");
    c.user_phone = "+966501234567";
    c.category = "Medical";
    c.tags = {"difficult"};
    const auto j = to_public_json(c, 2);
    CHECK(names(j) == std::set<std::string>{"conversation_id", "status", "handler", "created_at",
                                            "updated_at", "last_seq", "rating", "assigned_staff",
                                            "queue_position", "estimated_wait_seconds"});
    CHECK(j["assigned_staff"] == json{{"name", "Sarah Johnson"}}); // a name, no number
    CHECK(j["queue_position"] == 2);
    CHECK(to_public_json(c)["queue_position"].is_null());

    // The event of a change carries both renditions, each for its readers.
    const auto e = change_event(c, "conversation.update", noon, event::scope{7, 0, false});
    CHECK(e.public_data.find("difficult") == std::string::npos);
    CHECK(e.public_data.find("STF-7") == std::string::npos);
    CHECK(json::parse(e.data)["tags"][0] == "difficult");
    CHECK_FALSE(e.before); // the same sight as before: nobody loses the row
    CHECK(change_event(c, "conversation.update", noon, event::scope{0, 0, true}).before);
}

TEST_CASE("the card that staff get on a handover", "[conversation][shape]") {
    std::vector<stored_message> talk{
        message(speaker::ai, "How can I help?"),      message(speaker::user, "My visa"),
        message(speaker::ai, "ما رقم الطلب؟"),        message(speaker::user, "12"),
        message(speaker::ai, "Thank you."),           message(speaker::ai, "Anything else?"),
        message(speaker::ai, "Are you still there?"),
    };
    auto c = conversation_in("pending");
    c.handover_at = noon;
    for (auto& m : talk) m.received_at = noon;
    talk.push_back(message(speaker::user, "Hello?"));
    talk.back().received_at = noon + std::chrono::minutes{1};
    auto card = handover_card(c, talk);
    CHECK(card["status"] == "ready_for_staff");
    CHECK(card["issue"] == "My visa"); // what the customer last said of their matter before the handover
    talk.pop_back();
    CHECK(card["finding"] == "asked");
    REQUIRE(card["asked"].size() == 4);
    CHECK(card["asked"][0] == json{{"question", "How can I help?"}, {"answer", "My visa"}});
    CHECK(card["recommended_action"] == "Take over, say who you are, and answer: “My visa”");
    CHECK(card["asked"][1]["answer"] == "12");
    CHECK(card["asked"][2]["answer"].is_null());
    CHECK(card["recommended_action"].is_string());

    // An answer of the assistant is no question, and who asks back has not answered.
    std::vector<stored_message> documents{
        message(speaker::ai, "Do you need help?"),
        message(speaker::user, "Which documents do you want?"),
        message(speaker::ai, "Which documents do I need?\nID, transcripts, bank statements."),
        message(speaker::user, "I have no bank statements"),
        message(speaker::user, "none of these, I need help from a specialist"),
    };
    for (std::size_t i = 0; i < documents.size(); ++i) {
        documents[i].seq = static_cast<int>(i) + 1;
        documents[i].received_at = noon;
    }
    card_judges judges;
    judges.answers = {3};
    judges.asks_person = [](const std::string& text) { return text.find("specialist") != std::string::npos; };
    card = handover_card(c, documents, judges);
    CHECK(card["asked"] == json::array({{{"question", "Do you need help?"}, {"answer", nullptr}}}));
    CHECK(card["issue"] == "I have no bank statements");

    CHECK(handover_card(conversation_in("active"), talk)["status"] == "with_staff");
    card = handover_card(conversation_in("bot"), {});
    CHECK(card["status"] == "none");
    CHECK(card["issue"].is_null());
    CHECK(card["asked"].empty());
    CHECK(handover_card(conversation_in("bot"), std::vector(40, talk[0]))["asked"].size() == 12);
}
