// Contacts, merges and what the follower learns, on a real database.

#include "contact/merge.hpp"
#include "contact/store.hpp"
#include "support/database.hpp"

#include <chat_centre/contact/lead_follower.hpp>

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>

using namespace chat_centre;
using namespace chat_centre::contact;

namespace {

constexpr db::query add_conversation{
    "test.conversation",
    "INSERT INTO conversation (contact_id, channel, user_id, user_name, user_phone, status, handover_reason, last_at,"
    " created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'asked', now(), now(), now()) RETURNING conversation_id"};
constexpr db::query add_message{
    "test.message",
    "INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, at, received_at)"
    " VALUES ($1::bigint, $2::integer, 'whatsapp', ($1::bigint)::text || '-' || ($2::integer)::text, 0, $3, 'x', $4, now(), now())"};
constexpr db::query add_identity{
    "test.identity", "INSERT INTO contact_identity (channel, external_id, contact_id) VALUES ($1, $2, $3)"};
constexpr db::query number{"test.number", "SELECT count(*) FROM activity WHERE contact_id = $1"};
constexpr db::query owner_of_identity{
    "test.owner", "SELECT contact_id FROM contact_identity WHERE channel = $1 AND external_id = $2"};
constexpr db::query verified{"test.verified",
                             "SELECT verified FROM contact_identity WHERE channel = $1 AND external_id = $2"};
constexpr db::query owner_of_conversation{"test.of",
                                          "SELECT contact_id FROM conversation WHERE conversation_id = $1"};
constexpr db::query metadata{"test.metadata",
                             "SELECT metadata::text, body FROM activity WHERE contact_id = $1"};

struct fixture {
    tests::database data;
    std::unique_ptr<db::connection> c = db::connect(data.settings());
    time_point now = *parse_time("2026-11-20T10:00:00Z", "UTC");

    template <class F>
    auto run(F work) {
        std::optional<decltype(work(std::declval<db::tx&>()))> out;
        c->transact([&](db::tx& t) { out.emplace(work(t)); });
        return std::move(*out);
    }
    std::int64_t person(const details& d) {
        return run([&](db::tx& t) { return find_or_create(t, d, "", now).id; });
    }
    contact::person look(std::int64_t id) {
        return run([&](db::tx& t) { return get(t, id); });
    }
    std::int64_t conversation(std::int64_t contact, const std::string& channel, const std::string& user,
                              const std::string& phone = "") {
        return run([&](db::tx& t) {
            return t.scalar<std::int64_t>(add_conversation, contact, channel, user, "Bob", phone, "pending");
        });
    }
    void message(std::int64_t conversation, int seq, const char* role, const char* text) {
        run([&](db::tx& t) { return t.exec(add_message, conversation, seq, role, text); });
    }
    void moved(std::int64_t event, std::int64_t conversation, const char* kind, int seq) {
        event::entry e;
        e.id = event;
        e.type = "conversation.moved";
        e.at = now;
        e.conversation = conversation;
        e.data = dump({{"conversation_id", conversation},
                       {"kind", kind},
                       {"channel", "whatsapp"},
                       {"priority", "normal"},
                       {"seq", seq},
                       {"by_staff", 0},
                       {"text", ""}});
        run([&](db::tx& t) {
            learn(t, {e}, "SA");
            return true;
        });
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "somebody is found by number or address, or made", "[contact][db]") {
    const auto id = person({"Sarah", "", "+966 50 123 4567", "", ""});
    CHECK(person({"S. Johnson", "Sarah@Example.org", "00966501234567", "ar", ""}) == id);
    const auto p = look(id);
    CHECK(p.name == "Sarah"); // what is known stays
    CHECK(p.email == "Sarah@Example.org");
    CHECK(p.language == "ar");
    CHECK(p.e164 == "+966501234567");
    CHECK(person({"", "sarah@example.ORG", "", "", ""}) == id);
    const auto bob = person({"Bob", "bob@example.org", "", "", ""});
    CHECK(bob != id);
    // One's number with the other's address: refused, or the number decides.
    const details both{"", "bob@example.org", "+966501234567", "", ""};
    CHECK(person(both) == id);
    int status = 0;
    try {
        run([&](db::tx& t) { return find_or_create(t, both, "", now, {.settle = false}).id; });
    } catch (const error& e) {
        status = e.status();
    }
    CHECK(status == 409);
    // Nobody is found by nothing.
    CHECK(person({"X", "", "", "", ""}) != person({"X", "", "", "", ""}));
}

TEST_CASE_METHOD(fixture, "a merge moves everything, and its undoing gives it back", "[contact][db]") {
    const auto kept = person({"Sarah", "sarah@example.org", "", "", ""});
    const auto other = person({"S. Johnson", "", "+966501234567", "ar", "BGF"});
    run([&](db::tx& t) { return t.exec(add_identity, "whatsapp", "966501234567", other); });
    const auto talk = conversation(other, "whatsapp", "966501234567");
    moved(1, talk, "handover", 0);
    const auto before_kept = look(kept);
    const auto before_other = look(other);

    const auto preview = run([&](db::tx& t) { return preview_merge(t, kept, other); });
    CHECK(preview.merge == 0);
    CHECK(preview.moved.conversations == 1);
    CHECK(preview.moved.leads == 1);
    CHECK(preview.person.e164 == "+966501234567");
    CHECK(preview.warnings == std::vector<std::string>{"different_name"});
    CHECK(look(other).merged_into == 0); // nothing happened yet

    const auto done = run([&](db::tx& t) { return merge(t, kept, other, 0, now); });
    CHECK(done.merge > 0);
    CHECK(to_json(done.moved) == to_json(preview.moved));
    CHECK(done.person.company == "BGF");
    CHECK(done.person.conversations == 1);
    CHECK(done.person.lead->status == "qualified");
    CHECK(look(other).merged_into == kept);
    CHECK(run([&](db::tx& t) { return current_id(t, other); }) == kept);
    CHECK(run([&](db::tx& t) {
              return t.scalar<std::int64_t>(owner_of_identity, "whatsapp", "966501234567");
          }) == kept);
    CHECK_THROWS_AS(run([&](db::tx& t) { return merge(t, kept, other, 0, now).merge; }), error); // once only

    // What came in meanwhile stays with the kept record, and what somebody changed stays changed.
    const auto later = conversation(kept, "widget", "w1");
    run([&](db::tx& t) {
        auto p = get(t, kept);
        p.company = "BGF International";
        update(t, p, now);
        return true;
    });
    const auto undone = run([&](db::tx& t) { return undo_merge(t, done.merge, 0, now); });
    CHECK(undone.moved.conversations == 1);
    CHECK(undone.moved.identities == 1);
    const auto p = look(kept);
    CHECK(p.company == "BGF International");
    CHECK(p.e164 == before_kept.e164);
    CHECK(p.language == before_kept.language);
    CHECK_FALSE(p.lead);
    const auto o = look(other);
    CHECK(o.merged_into == 0);
    CHECK(o.lead->id == before_other.lead->id);
    CHECK(o.conversations == 1);
    CHECK(run([&](db::tx& t) { return t.scalar<std::int64_t>(owner_of_conversation, talk); }) == other);
    CHECK(run([&](db::tx& t) { return t.scalar<std::int64_t>(owner_of_conversation, later); }) == kept);
    CHECK_THROWS_AS(run([&](db::tx& t) { return undo_merge(t, done.merge, 0, now).kept; }), error); // once only
}

TEST_CASE_METHOD(fixture, "merges are undone the latest first", "[contact][db]") {
    const auto a = person({"A", "", "", "", ""});
    const auto b = person({"B", "", "", "", ""});
    const auto d = person({"D", "", "", "", ""});
    const auto first = run([&](db::tx& t) { return merge(t, b, a, 0, now).merge; });
    const auto second = run([&](db::tx& t) { return merge(t, d, b, 0, now).merge; });
    CHECK(run([&](db::tx& t) { return current_id(t, a); }) == d);
    CHECK_THROWS_AS(run([&](db::tx& t) { return undo_merge(t, first, 0, now).kept; }), error);
    CHECK(run([&](db::tx& t) { return undo_merge(t, second, 0, now).kept; }) == d);
    CHECK(run([&](db::tx& t) { return undo_merge(t, first, 0, now).kept; }) == b);
    CHECK(run([&](db::tx& t) { return current_id(t, a); }) == a);
}

TEST_CASE_METHOD(fixture, "a handover counts once", "[contact][db]") {
    const auto id = person({"", "", "", "", ""});
    run([&](db::tx& t) { return t.exec(add_identity, "whatsapp", "966501234567", id); });
    const auto talk = conversation(id, "whatsapp", "966501234567");
    message(talk, 1, "user", "Hello");
    message(talk, 2, "ai", "How can I help you?");
    message(talk, 3, "user", "I need to speak with a human");
    message(talk, 4, "ai", "One moment");
    moved(1, talk, "new", 1);
    CHECK_FALSE(look(id).lead);
    for (int delivery = 0; delivery < 3; ++delivery)
        moved(2, talk, "handover", 4); // the same event, again and again
    auto p = look(id);
    CHECK(p.name == "Bob");
    CHECK(p.phone == "+966501234567"); // WhatsApp's id is a number
    CHECK(p.e164 == "+966501234567");
    CHECK(p.last_contact_at);
    REQUIRE(p.lead);
    CHECK(p.lead->score == 25);
    CHECK(p.lead->status == "qualified");
    CHECK(p.lead->priority == "high");
    CHECK(p.lead->source == "whatsapp");
    CHECK(p.lead->handover_trigger == "I need to speak with a human");
    CHECK(p.lead->handover_at == now);
    CHECK(run([&](db::tx& t) { return t.scalar<std::int64_t>(number, id); }) == 1);
    CHECK(run([&](db::tx& t) { return t.scalar<bool>(verified, "whatsapp", "966501234567"); }));
    const auto context = run([&](db::tx& t) {
        const auto r = t.one(metadata, id);
        return std::pair(parse_json(r.text(0)), r.get<std::string>(1));
    });
    CHECK(context.second == "I need to speak with a human");
    CHECK(context.first["messages"].size() == 4);
    CHECK(context.first["messages"][0]["message"] == "Hello");
    CHECK(context.first["channel"] == "whatsapp");
    CHECK(context.first["reason"] == "asked");

    moved(3, talk, "handover", 4); // another one
    p = look(id);
    CHECK(p.lead->score == 50);
    CHECK(run([&](db::tx& t) { return t.scalar<std::int64_t>(number, id); }) == 2);
}

TEST_CASE_METHOD(fixture, "numbers are made out later, with the country's own way of writing",
                 "[contact][db]") {
    const auto id = person({"", "", "", "", ""});
    const auto talk = conversation(id, "widget", "w1", "050 123 4567");
    moved(1, talk, "new", 0);
    CHECK(look(id).e164 == "+966501234567");
    const auto wrong = person({"", "", "12", "", ""});
    moved(2, talk, "edit", 0);
    CHECK(look(wrong).e164.empty());
}

TEST_CASE_METHOD(fixture, "a conversation that began on a merged record goes to the one that stands for it",
                 "[contact][db]") {
    const auto kept = person({"A", "", "", "", ""});
    const auto other = person({"B", "", "", "", ""});
    run([&](db::tx& t) { return merge(t, kept, other, 0, now).merge; });
    const auto talk = conversation(other, "widget", "w1"); // the lane had read the contact before the merge
    moved(1, talk, "new", 0);
    CHECK(run([&](db::tx& t) { return t.scalar<std::int64_t>(owner_of_conversation, talk); }) == kept);
}
