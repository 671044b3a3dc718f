// Every action in every status for everybody who may try it: what it makes of the conversation, or that it refuses.

#include "conversation/builders.hpp"
#include "conversation/life.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::conversation;
using tests::conversation_in;
using tests::noon;

namespace {

const principal holder = tests::staff(role::agent, 7);
const principal other = tests::staff(role::agent, 8);
const principal manager = tests::staff(role::manager, 9);
const principal admin = tests::staff(role::admin, 10);

using wish = std::function<step(row, const principal&)>;

const std::map<std::string, wish> wishes{
    {"takeover", [](row c, const principal& p) { return take_over(std::move(c), p, false, noon); }},
    {"takeover!", [](row c, const principal& p) { return take_over(std::move(c), p, true, noon); }},
    {"handback", [](row c, const principal& p) { return hand_back(std::move(c), p, noon); }},
    {"handover",
     [](row c, const principal& p) { return ask_for_staff(std::move(c), p.staff, "staff", "stuck", noon); }},
    {"assign 20",
     [](row c, const principal& p) { return assign_to(std::move(c), p, {20, "Bob"}, "please", noon); }},
    {"assign 7",
     [](row c, const principal& p) { return assign_to(std::move(c), p, {7, "Sarah Johnson"}, {}, noon); }},
    {"move",
     [](row c, const principal& p) {
         return move_to(std::move(c), p, {5, "sales", "Sales", "المبيعات"}, {}, noon);
     }},
    {"hold", [](row c, const principal& p) { return hold(std::move(c), p, true, noon); }},
    {"unhold", [](row c, const principal& p) { return hold(std::move(c), p, false, noon); }},
    {"resolve",
     [](row c, const principal& p) { return resolve(std::move(c), p, "done", "told them", false, noon); }},
    {"close", [](row c, const principal& p) { return resolve(std::move(c), p, {}, {}, true, noon); }},
    {"reopen", [](row c, const principal& p) { return reopen(std::move(c), p, noon); }},
    {"rate", [](row c, const principal&) { return rate(std::move(c), 5, "thanks", noon); }},
};

// "status handler assigned turn", "same" when the wish was already true, or the status code of the refusal.
std::string outcome(const std::string& action, const row& before, const principal& who) {
    try {
        const step s = wishes.at(action)(before, who);
        if (!s.changed) {
            CHECK(s.after.version == before.version);
            CHECK(s.after.status == before.status);
            CHECK_FALSE(s.said);
            return "same";
        }
        CHECK(s.after.version == before.version + 1);
        CHECK(s.after.updated_at == noon);
        CHECK(s.after.id == before.id);
        CHECK(s.after.last_seq == before.last_seq);
        if (s.said) CHECK(s.said->staff == who.staff);
        return s.after.status + " " + s.after.handler + " " + std::to_string(s.after.assigned) + " " +
               (s.said ? s.said->kind : "-");
    } catch (const error& e) {
        CHECK_FALSE(e.title().empty());
        return std::to_string(e.status());
    }
}

struct line {
    const char* action;
    const char* status;
    const char* by_holder; // staff member 7, who has it where somebody has it
    const char* by_other;  // an agent who does not
    const char* by_lead;   // manager 9
};

} // namespace

TEST_CASE("every action in every status", "[conversation][life]") {
    const line table[] = {
        {"takeover", "bot", "active staff 7 takeover", "active staff 8 takeover", "active staff 9 takeover"},
        {"takeover", "pending", "active staff 7 takeover", "active staff 8 takeover",
         "active staff 9 takeover"},
        {"takeover", "active", "same", "409", "409"},
        {"takeover", "resolved", "active staff 7 takeover", "active staff 8 takeover",
         "active staff 9 takeover"},
        {"takeover", "closed", "409", "409", "409"},

        {"takeover!", "bot", "active staff 7 takeover", "active staff 8 takeover", "active staff 9 takeover"},
        {"takeover!", "active", "same", "409", "active staff 9 takeover"},
        {"takeover!", "closed", "409", "409", "409"},

        {"handback", "bot", "same", "same", "same"},
        {"handback", "pending", "bot bot 0 handback", "bot bot 0 handback", "bot bot 0 handback"},
        {"handback", "active", "bot bot 0 handback", "409", "bot bot 0 handback"},
        {"handback", "resolved", "409", "409", "409"},
        {"handback", "closed", "409", "409", "409"},

        {"handover", "bot", "pending queue 0 handover", "pending queue 0 handover", "pending queue 0 handover"},
        {"handover", "pending", "same", "same", "same"},
        {"handover", "active", "same", "same", "same"},
        {"handover", "resolved", "pending queue 0 handover", "pending queue 0 handover",
         "pending queue 0 handover"},
        {"handover", "closed", "409", "409", "409"},

        {"assign 20", "bot", "active staff 20 transfer", "active staff 20 transfer",
         "active staff 20 transfer"},
        {"assign 20", "pending", "active staff 20 transfer", "active staff 20 transfer",
         "active staff 20 transfer"},
        {"assign 20", "active", "active staff 20 transfer", "409", "active staff 20 transfer"},
        {"assign 20", "resolved", "409", "409", "409"},
        {"assign 20", "closed", "409", "409", "409"},
        {"assign 7", "active", "same", "same", "same"},

        {"move", "bot", "pending queue 0 transfer", "pending queue 0 transfer", "pending queue 0 transfer"},
        {"move", "pending", "pending queue 0 transfer", "pending queue 0 transfer", "pending queue 0 transfer"},
        {"move", "active", "pending queue 0 transfer", "409", "pending queue 0 transfer"},
        {"move", "resolved", "409", "409", "409"},
        {"move", "closed", "409", "409", "409"},

        {"hold", "bot", "409", "409", "409"},
        {"hold", "pending", "409", "409", "409"},
        {"hold", "active", "active staff 7 hold", "409", "active staff 7 hold"},
        {"hold", "resolved", "409", "409", "409"},
        {"hold", "closed", "409", "409", "409"},
        {"unhold", "active", "same", "same", "same"},
        {"unhold", "resolved", "409", "409", "409"},

        {"resolve", "bot", "resolved bot 0 resolve", "resolved bot 0 resolve", "resolved bot 0 resolve"},
        {"resolve", "pending", "resolved staff 7 resolve", "resolved staff 8 resolve",
         "resolved staff 9 resolve"},
        {"resolve", "active", "resolved staff 7 resolve", "409", "resolved staff 7 resolve"},
        {"resolve", "resolved", "resolved staff 7 resolve", "409", "resolved staff 7 resolve"},
        {"resolve", "closed", "same", "same", "same"},

        {"close", "bot", "closed bot 0 close", "closed bot 0 close", "closed bot 0 close"},
        {"close", "active", "closed staff 7 close", "409", "closed staff 7 close"},
        {"close", "resolved", "closed staff 7 close", "409", "closed staff 7 close"},
        {"close", "closed", "same", "same", "same"},

        {"reopen", "bot", "same", "same", "same"},
        {"reopen", "pending", "same", "same", "same"},
        {"reopen", "active", "same", "same", "same"},
        {"reopen", "resolved", "active staff 7 reopen", "409", "active staff 7 reopen"},
        {"reopen", "closed", "409", "409", "409"},

        {"rate", "bot", "409", "409", "409"},
        {"rate", "pending", "409", "409", "409"},
        {"rate", "active", "409", "409", "409"},
        {"rate", "resolved", "resolved staff 7 -", "resolved staff 7 -", "resolved staff 7 -"},
        {"rate", "closed", "closed staff 7 -", "closed staff 7 -", "closed staff 7 -"},
    };
    for (const auto& l : table) {
        const row before = conversation_in(l.status);
        INFO(l.action << " while " << l.status);
        CHECK(outcome(l.action, before, holder) == l.by_holder);
        CHECK(outcome(l.action, before, other) == l.by_other);
        CHECK(outcome(l.action, before, manager) == l.by_lead);
        if (std::string(l.by_lead) == "409" || std::string(l.by_lead) == "same")
            CHECK(outcome(l.action, before, admin) == l.by_lead);
    }
}

// What holds of every row that any action leaves behind, whatever the way to it: walks of three actions.
TEST_CASE("no walk leaves a row that contradicts itself", "[conversation][life]") {
    const auto check = [](const row& c) {
        if (c.status == "bot") {
            CHECK(c.handler == "bot");
            CHECK(c.assigned == 0);
            CHECK_FALSE(c.waiting_since);
            CHECK_FALSE(c.handover_at);
        }
        if (c.status == "pending") {
            CHECK(c.handler == "queue");
            CHECK(c.assigned == 0);
            CHECK(c.waiting_since);
            CHECK(c.handover_at);
        }
        if (c.status == "active") {
            CHECK(c.handler == "staff");
            CHECK(c.assigned != 0);
            CHECK(c.handover_at);
            CHECK(c.taken_at);
        }
        const bool over = c.status == "resolved" || c.status == "closed";
        CHECK(c.resolved_at.has_value() == over);
        if (over) CHECK_FALSE(c.waiting_since);
        if (c.status != "active") CHECK_FALSE(c.on_hold);
        CHECK((c.assigned == 0) == c.assigned_name.empty());
        if (!over) CHECK_FALSE(c.outcome);
    };
    const auto may = [](const std::string& action, const row& c, const principal& p) -> std::optional<row> {
        try {
            return wishes.at(action)(c, p).after;
        } catch (const error&) {
            return std::nullopt;
        }
    };
    const principal* people[] = {&holder, &other, &manager};
    for (const char* status : {"bot", "pending", "active", "resolved"})
        for (const auto& [first, x] : wishes)
            for (const auto& [second, y] : wishes)
                for (const auto& [third, z] : wishes)
                    for (const auto* who : people) {
                        const auto one = may(first, conversation_in(status), *who);
                        const auto two = one ? may(second, *one, manager) : std::nullopt;
                        const auto three = two ? may(third, *two, *who) : std::nullopt;
                        INFO(status << ": " << first << ", " << second << ", " << third);
                        if (one) check(*one);
                        if (two) check(*two);
                        if (three) check(*three);
                    }
}

TEST_CASE("the first to take it is named to the second", "[conversation][life]") {
    try {
        (void)take_over(conversation_in("active"), other, false, noon);
        FAIL("taken from a colleague");
    } catch (const error& e) {
        CHECK(e.status() == 409);
        CHECK(e.detail().find("Sarah Johnson") != std::string::npos);
        REQUIRE(e.extra().size() == 1);
        CHECK(json::parse(e.extra()[0].second)["staff_id"] == "STF-7");
    }
}

TEST_CASE("the clocks of a conversation", "[conversation][life]") {
    // Taken without anybody asking: first response counts from here.
    auto taken = take_over(conversation_in("bot"), holder, false, noon).after;
    CHECK(taken.handover_at == noon);
    CHECK(taken.handover_by == "staff");
    CHECK(taken.taken_at == noon);

    // Asked for: it counts from the asking, and a second taker does not move it.
    const auto pending = conversation_in("pending");
    taken = take_over(pending, holder, false, noon).after;
    CHECK(taken.handover_at == pending.handover_at);
    CHECK(taken.handover_by == "user");
    const auto moved = take_over(taken, manager, true, noon + std::chrono::minutes(1)).after;
    CHECK(moved.taken_at == noon);

    // Passed on while waiting: the customer has waited since they asked.
    const auto passed = move_to(pending, holder, {5, "sales", "Sales", "المبيعات"}, {}, noon).after;
    CHECK(passed.waiting_since == pending.waiting_since);
    CHECK(passed.department == 5);
    CHECK(passed.department_slug == "sales");
    // Passed on by somebody who had it: they wait from now.
    CHECK(move_to(conversation_in("active"), holder, {5, "sales", "Sales", "المبيعات"}, {}, noon)
              .after.waiting_since == noon);

    // Handed back and asked for again: new clocks.
    const auto again = ask_for_staff(hand_back(taken, holder, noon).after, 0, "user", "again",
                                     noon + std::chrono::minutes(2))
                           .after;
    CHECK(again.handover_at == noon + std::chrono::minutes(2));
    CHECK(again.waiting_since == noon + std::chrono::minutes(2));
    CHECK(again.handover_reason == "again");
    CHECK_FALSE(again.taken_at);
    CHECK_FALSE(again.first_response_at);

    // Closing what was resolved keeps the time of resolving, and what was said of it.
    auto resolved =
        resolve(conversation_in("active"), holder, "awaiting_documents", "sent a list", false, noon).after;
    CHECK(resolved.resolved_at == noon);
    CHECK(resolved.outcome == "awaiting_documents");
    const auto closed = resolve(resolved, holder, {}, {}, true, noon + std::chrono::hours(1)).after;
    CHECK(closed.resolved_at == noon);
    CHECK(closed.outcome == "awaiting_documents");
    CHECK(closed.resolution == "sent a list");

    CHECK(reopen(resolved, holder, noon).after.reopened_count == resolved.reopened_count + 1);
    CHECK(take_over(resolved, other, false, noon).after.reopened_count == resolved.reopened_count + 1);
}

TEST_CASE("hold ends with whatever ends the talk", "[conversation][life]") {
    auto held = hold(conversation_in("active"), holder, true, noon).after;
    REQUIRE(held.on_hold);
    CHECK(outcome("hold", held, holder) == "same");
    CHECK(outcome("unhold", held, holder) == "active staff 7 unhold");
    CHECK(outcome("unhold", held, other) == "409");
    CHECK_FALSE(hand_back(held, holder, noon).after.on_hold);
    CHECK_FALSE(resolve(held, holder, {}, {}, false, noon).after.on_hold);
    CHECK_FALSE(assign_to(held, holder, {20, "Bob"}, {}, noon).after.on_hold);
}

TEST_CASE("the turn says who did what to whom and why", "[conversation][life]") {
    const auto given = assign_to(conversation_in("active"), holder, {20, "Bob"}, "speaks Arabic", noon);
    REQUIRE(given.said);
    CHECK(given.said->staff == 7);
    CHECK(given.said->to_staff == 20);
    CHECK(given.said->reason == "speaks Arabic");
    CHECK(given.after.assigned_name == "Bob");
    const auto moved =
        move_to(conversation_in("active"), holder, {5, "sales", "Sales", "المبيعات"}, "a price", noon);
    CHECK(moved.said->to_department == 5);
    CHECK(moved.said->to_staff == 0);
    CHECK(moved.said->reason == "a price");
    const auto asked = ask_for_staff(conversation_in("bot"), 0, "user", "asked", noon);
    CHECK(asked.said->staff == 0);
    CHECK(asked.after.handover_by == "user");
}

TEST_CASE("a rating is kept with its words", "[conversation][life]") {
    const auto rated = rate(conversation_in("resolved"), 2, "slow", noon).after;
    CHECK(rated.rating == 2);
    CHECK(rated.rating_comment == "slow");
    CHECK(rate(rated, 4, {}, noon).after.rating == 4); // they may think again
}
