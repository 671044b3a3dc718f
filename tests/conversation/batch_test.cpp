// What a batch of messages does, decided without a database: retries, order, threads, and where a message goes.

#include "conversation/builders.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using namespace chat_centre::tests;

namespace {

// Facts of an empty database with enough spare ids.
facts nothing_known(const std::vector<incoming>& items) {
    facts f;
    f.by_message_id.resize(items.size());
    f.by_idempotency.resize(items.size());
    for (int i = 0; i < 9; ++i) {
        f.spare_conversation_ids.push_back(108 - i); // taken from the back: 100, 101, ...
        f.spare_contact_ids.push_back(208 - i);
    }
    return f;
}

facts knowing(const std::vector<incoming>& items, const row& c) {
    facts f = nothing_known(items);
    f.conversations.emplace(c.id, c);
    f.threads[{c.channel, "u:" + c.user_id}] = c.id;
    if (c.session_id) f.threads[{c.channel, "s:" + *c.session_id}] = c.id;
    f.contacts[{c.channel, c.user_id}] = c.contact;
    return f;
}

known_message stored_before(const incoming& m, std::int64_t conversation, int seq) {
    known_message k;
    k.message.conversation = conversation;
    k.message.seq = seq;
    k.message.message_id = m.message_id;
    k.message.text = m.text;
    k.body_hash = m.body_hash;
    return k;
}

// "CONV.seq", with "=" before it for a replay, or the status of a refusal.
std::string told(const plan& p, std::size_t i) {
    if (const auto* e = std::get_if<error>(&p.answers.at(i))) return std::to_string(e->status());
    const auto& r = std::get<receipt>(p.answers.at(i));
    return (r.duplicate ? "=" : "") + std::to_string(r.message.conversation) + "." +
           std::to_string(r.message.seq);
}

std::string told(const plan& p) {
    std::string out;
    for (std::size_t i = 0; i < p.answers.size(); ++i) out += (i == 0 ? "" : " ") + told(p, i);
    return out;
}

} // namespace

TEST_CASE("a first message makes a contact, a conversation and its thread", "[conversation][batch]") {
    auto m = said("USER-1", "m1");
    m.user_name = "John";
    m.language = "en";
    const auto p = decide({m}, nothing_known({m}), noon);
    CHECK(told(p) == "100.1");
    REQUIRE(p.created.size() == 1);
    CHECK(p.created[0].id == 100);
    CHECK(p.created[0].contact == 200);
    CHECK(p.created[0].user_name == "John");
    CHECK(p.created[0].last_seq == 1);
    CHECK(p.created[0].last_text == "hello");
    CHECK(p.created[0].version == 1);
    CHECK(p.created[0].created_at == noon);
    CHECK(p.touched.empty());
    CHECK(p.changed.empty());
    REQUIRE(p.contacts.size() == 1);
    CHECK(p.contacts[0].external_id == "USER-1");
    CHECK(p.contacts[0].language == "en");
    REQUIRE(p.threads.size() == 1);
    CHECK(p.threads[0].key == thread_key{"elevenlabs", "u:USER-1"});
    CHECK_FALSE(p.threads[0].replaces);
    CHECK(event_types(p) == "conversation.new message.new conversation.moved");
    const auto& r = std::get<receipt>(p.answers[0]);
    CHECK(r.status == "bot");
    CHECK(r.handler == "bot");
    CHECK(r.message.received_at == noon);
    CHECK(r.message.at == noon); // nothing claimed
}

TEST_CASE("a claimed time is kept beside the receive time", "[conversation][batch]") {
    auto m = said("USER-1", "m1");
    m.at = noon - std::chrono::hours(24);
    const auto p = decide({m}, nothing_known({m}), noon);
    CHECK(p.messages[0].message.at == noon - std::chrono::hours(24));
    CHECK(p.messages[0].message.received_at == noon);
}

TEST_CASE("seq is dense over a batch whatever else it holds", "[conversation][batch]") {
    const auto c = conversation_in("active"); // last_seq 4
    std::vector<incoming> items{said(c.user_id, "m1"),
                                said("USER-2", "n1"),
                                said(c.user_id, "m1"),
                                said(c.user_id, "m2"),
                                said_by(speaker::ai, c.user_id, "m3"),
                                said("USER-2", "n2"),
                                said(c.user_id, "m4")};
    const auto p = decide(items, knowing(items, c), noon);
    // The replay and the refused assistant take no number.
    CHECK(told(p) == "12.5 100.1 =12.5 12.6 409 100.2 12.7");
    CHECK(p.messages.size() == 5);
    REQUIRE(p.touched.size() == 1);
    CHECK(p.touched[0].last_seq == 7);
    CHECK(p.touched[0].version == c.version + 3);
    REQUIRE(p.created.size() == 1);
    CHECK(p.created[0].last_seq == 2);
    CHECK(p.created[0].version == 2);
    for (std::size_t i = 0; i < p.messages.size(); ++i) {
        const auto& m = p.messages[i];
        CHECK(m.message.message_id == items[m.item].message_id);
    }
}

TEST_CASE("a retry gets the first answer", "[conversation][batch][retry]") {
    const auto c = conversation_in("bot");
    auto other_text = said(c.user_id, "m1", "something else");
    auto keyed = said(c.user_id, "k1");
    keyed.idempotency_key = "key";
    auto keyed_again = keyed;
    keyed_again.message_id = "k2"; // a caller without ids: the server made another one
    auto keyed_other = keyed_again;
    keyed_other.body_hash = 1;

    SECTION("within one batch") {
        struct {
            std::vector<incoming> items;
            const char* told;
        } const table[] = {
            {{said(c.user_id, "m1"), said(c.user_id, "m1")}, "12.5 =12.5"},
            {{said(c.user_id, "m1"), other_text}, "12.5 409"},
            {{other_text, said(c.user_id, "m1"), other_text}, "12.5 409 =12.5"},
            {{keyed, keyed_again}, "12.5 =12.5"},
            {{keyed, keyed_other}, "12.5 409"},
            {{keyed, keyed_again, keyed}, "12.5 =12.5 =12.5"},
            {{said("USER-9", "n1"), said("USER-9", "n1")}, "100.1 =100.1"},
        };
        for (const auto& t : table) {
            const auto p = decide(t.items, knowing(t.items, c), noon);
            CHECK(told(p) == t.told);
            CHECK(p.messages.size() == 1);
        }
    }
    SECTION("after it was stored") {
        const std::vector<incoming> items{said(c.user_id, "m1"), other_text, keyed_again, keyed_other};
        facts f = knowing(items, c);
        f.by_message_id[0] = f.by_message_id[1] = stored_before(items[0], c.id, 2);
        f.by_idempotency[2] = f.by_idempotency[3] = stored_before(keyed, c.id, 3);
        const auto p = decide(items, f, noon);
        CHECK(told(p) == "=12.2 409 =12.3 409");
        CHECK(p.messages.empty());
        CHECK(p.events.empty());
        CHECK(p.touched.empty());
        CHECK(std::get<receipt>(p.answers[2]).message.message_id == "k1");
        CHECK(std::get<receipt>(p.answers[0]).status == "bot");
        CHECK(std::get<error>(p.answers[1]).extra()[0] ==
              std::pair<std::string, std::string>{"message_id", "\"m1\""});
    }
    SECTION("a new key on a stored message id is that message") {
        const std::vector<incoming> items{keyed};
        facts f = knowing(items, c);
        f.by_message_id[0] = stored_before(items[0], c.id, 2);
        CHECK(told(decide(items, f, noon)) == "=12.2");
    }
    SECTION("the same id on two channels is two messages") {
        auto whatsapp = said("USER-1", "m1");
        whatsapp.channel = "whatsapp";
        const std::vector<incoming> items{said("USER-1", "m1"), whatsapp};
        CHECK(told(decide(items, nothing_known(items), noon)) == "100.1 101.1");
    }
    SECTION("a replay answers with what the conversation has become") {
        const auto taken = conversation_in("active");
        const std::vector<incoming> items{said_by(speaker::ai, taken.user_id, "m1")};
        facts f = knowing(items, taken);
        f.by_message_id[0] = stored_before(items[0], taken.id, 2);
        const auto p = decide(items, f, noon); // and is not refused for the turn
        CHECK(told(p) == "=12.2");
        CHECK(std::get<receipt>(p.answers[0]).handler == "staff");
    }
}

TEST_CASE("which conversation a message belongs to", "[conversation][batch][thread]") {
    auto in_session = [](std::string session, std::string id) {
        auto m = said("USER-1", std::move(id));
        m.session_id = std::move(session);
        return m;
    };
    auto fresh = said("USER-1", "f");
    fresh.start_new = true;
    struct {
        const char* what;
        std::vector<incoming> items;
        const char* told;
        std::size_t contacts;
    } const table[] = {
        {"one user, one thread", {said("USER-1", "a"), said("USER-1", "b")}, "100.1 100.2", 1},
        {"two users, two threads", {said("USER-1", "a"), said("USER-2", "b")}, "100.1 101.1", 2},
        {"a session of its own", {in_session("s1", "a"), in_session("s1", "b")}, "100.1 100.2", 1},
        {"two sessions of one user", {in_session("s1", "a"), in_session("s2", "b")}, "100.1 101.1", 1},
        {"without the session, the latest",
         {in_session("s1", "a"), in_session("s2", "b"), said("USER-1", "c")},
         "100.1 101.1 101.2",
         1},
        {"the first session is still its own",
         {in_session("s1", "a"), in_session("s2", "b"), in_session("s1", "c")},
         "100.1 101.1 100.2",
         1},
        {"a new one on demand", {said("USER-1", "a"), fresh, said("USER-1", "c")}, "100.1 101.1 101.2", 1},
    };
    for (const auto& t : table) {
        const auto p = decide(t.items, nothing_known(t.items), noon);
        INFO(t.what);
        CHECK(told(p) == t.told);
        CHECK(p.contacts.size() == t.contacts);
        CHECK(conversations_needed(t.items, nothing_known(t.items)) >= p.created.size());
    }
}

TEST_CASE("a thread that moves says from where", "[conversation][batch][thread]") {
    const auto c = conversation_in("bot");
    auto fresh = said(c.user_id, "f");
    fresh.start_new = true;
    const auto p = decide({fresh}, knowing({fresh}, c), noon);
    CHECK(told(p) == "100.1");
    REQUIRE(p.threads.size() == 1);
    CHECK(p.threads[0].replaces == c.id);
    CHECK(p.contacts.empty()); // the person is known
    CHECK(p.created[0].contact == c.contact);
}

TEST_CASE("a conversation named outright", "[conversation][batch][thread]") {
    const auto c = conversation_in("bot");
    auto m = said("somebody-else", "m1");
    m.conversation = c.id;
    CHECK(told(decide({m}, knowing({m}, c), noon)) == "12.5");
    m.conversation = 999;
    const auto p = decide({m}, knowing({m}, c), noon);
    CHECK(told(p) == "404");
    CHECK(p.messages.empty());
}

TEST_CASE("a customer who writes again reopens", "[conversation][batch][reopen]") {
    const auto c = conversation_in("resolved");
    SECTION("to the person who had it") {
        const std::vector<incoming> items{said(c.user_id, "m1"), said(c.user_id, "m2")};
        const auto p = decide(items, knowing(items, c), noon);
        CHECK(told(p) == "12.5 12.6");
        REQUIRE(p.changed.size() == 1);
        CHECK(p.touched.empty());
        CHECK(p.changed[0].status == "active");
        CHECK(p.changed[0].handler == "staff");
        CHECK(p.changed[0].assigned == 7);
        CHECK(p.changed[0].reopened_count == 1);
        CHECK_FALSE(p.changed[0].resolved_at);
        CHECK_FALSE(p.changed[0].outcome);
        REQUIRE(p.turns.size() == 1); // once for the batch
        CHECK(std::string(p.turns[0].kind) == "reopen");
        CHECK(p.turns[0].after_seq == 4);
        CHECK(event_types(p) == "message.new conversation.update conversation.moved message.new");
        CHECK(std::get<receipt>(p.answers[0]).status == "active");
    }
    SECTION("to the assistant where nobody had it") {
        auto alone = c;
        alone.assigned = 0;
        alone.assigned_name.clear();
        alone.handler = "queue";
        const std::vector<incoming> items{said(c.user_id, "m1")};
        const auto p = decide(items, knowing(items, alone), noon);
        REQUIRE(p.changed.size() == 1);
        CHECK(p.changed[0].status == "bot");
        CHECK(p.changed[0].handler == "bot");
    }
    SECTION("nobody else does") {
        for (const auto role : {speaker::ai, speaker::staff, speaker::system}) {
            auto alone = c;
            alone.handler = "bot";
            const std::vector<incoming> items{said_by(role, c.user_id, "m1")};
            const auto p = decide(items, knowing(items, alone), noon);
            INFO(to_string(role));
            CHECK(told(p) == "12.5");
            REQUIRE(p.touched.size() == 1);
            CHECK(p.touched[0].status == "resolved");
        }
    }
}

TEST_CASE("a closed conversation goes on in one linked successor", "[conversation][batch][reopen]") {
    const auto c = conversation_in("closed");
    auto named = [&](std::string id) {
        auto m = said("", std::move(id));
        m.conversation = c.id;
        return m;
    };
    const std::vector<incoming> items{named("m1"), said(c.user_id, "m2"), named("m3")};
    const auto known = knowing(items, c);
    CHECK(conversations_needed(items, known) >= 1);
    const auto p = decide(items, known, noon);
    CHECK(told(p) == "100.1 100.2 100.3");
    REQUIRE(p.created.size() == 1);
    CHECK(p.created[0].previous == c.id);
    CHECK(p.created[0].user_id == c.user_id);
    CHECK(p.created[0].user_name == c.user_name);
    CHECK(p.created[0].contact == c.contact);
    CHECK(p.touched.empty()); // the old one stays as it is
    CHECK(p.changed.empty());
    REQUIRE(p.threads.size() == 1);
    CHECK(p.threads[0].replaces == c.id);

    SECTION("a later message that names the old one finds the successor") {
        auto open = conversation_in("active", 30);
        open.user_id = c.user_id;
        const std::vector<incoming> late{named("m9")};
        facts f = knowing(late, c);
        f.conversations.emplace(open.id, open);
        f.threads[{c.channel, "u:" + c.user_id}] = open.id;
        const auto q = decide(late, f, noon);
        CHECK(told(q) == "30.5");
        CHECK(q.created.empty());
    }
    SECTION("only the customer goes on") {
        for (const auto role : {speaker::ai, speaker::staff, speaker::system}) {
            auto by_name = named("m1");
            by_name.role = role;
            const std::vector<incoming> others{by_name, said_by(role, c.user_id, "m2")};
            INFO(to_string(role));
            const auto q = decide(others, knowing(others, c), noon);
            CHECK(told(q) == "409 409");
            CHECK(q.created.empty());
            CHECK(q.threads.empty());
        }
    }
}

TEST_CASE("a preview ends between characters", "[conversation][batch]") {
    for (const std::size_t pad : {0, 1, 2, 3}) {
        std::string text(pad, 'a');
        while (text.size() < 400) text += "ع😀";
        const auto p = decide({said("USER-1", "m1", text)}, nothing_known({said("USER-1", "m1")}), noon);
        const auto& preview = p.created[0].last_text;
        CHECK(preview.size() < 260);
        CHECK_NOTHROW(json(preview).dump()); // throws for half a character
        CHECK(p.messages[0].message.text == text);
    }
}
