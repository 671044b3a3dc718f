// Who gets a conversation, line by line.

#include "routing/choose.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

using namespace chat_centre::routing;

namespace {

candidate person(std::int64_t id, std::function<void(candidate&)> change = {}) {
    candidate c;
    c.id = id;
    c.name = "P" + std::to_string(id);
    c.online = true;
    if (change) change(c);
    return c;
}

std::int64_t chosen(const std::vector<candidate>& all, const need& wanted) {
    const auto c = choose(all, wanted);
    return c.chosen ? all[*c.chosen].id : 0;
}

std::string why(const candidate& c, const need& wanted) { return choose({c}, wanted).candidates[0].why.en; }

} // namespace

TEST_CASE("what keeps somebody from getting a conversation", "[routing][choose]") {
    struct line {
        std::function<void(candidate&)> change;
        need wanted;
        const char* why;
    };
    const auto nothing = [](candidate&) {};
    const line table[] = {
        {nothing, {}, "free"},
        {[](auto& c) { c.online = false; }, {}, "not online"},
        {[](auto& c) { c.availability = "away"; }, {}, "is away"},
        {[](auto& c) { c.availability = "offline"; }, {}, "is offline"},
        {[](auto& c) { c.load = c.capacity = 5; }, {}, "at capacity 5/5"},
        {[](auto& c) { c.load = 6; }, {}, "at capacity 6/5"},
        {[](auto& c) { c.capacity = 0; }, {}, "at capacity 0/0"},
        {[](auto& c) { c.languages = {"en"}; }, {.language = "ar"}, "lacks language ar"},
        {[](auto& c) { c.languages = {"en", "ar"}; }, {.language = "ar"}, "free"},
        {[](auto& c) { c.languages = {"ar"}; }, {.language = "ar-SA"}, "free"},
        {[](auto& c) { c.languages = {"ar-SA"}; }, {.language = "ar"}, "free"},
        {[](auto& c) { c.languages = {"en"}; }, {.language = "mixed"}, "free"},
        {[](auto& c) { c.languages = {"en"}; }, {.language = ""}, "free"},
        {nothing, {.language = "ar"}, "free"}, // no languages stated: any
        {nothing, {.skills = {"billing"}}, "lacks skill billing"},
        {[](auto& c) { c.skills = {{"billing", 2}}; }, {.skills = {"billing"}}, "free"},
        {[](auto& c) { c.skills = {{"billing", 2}}; }, {.skills = {"billing", "legal"}}, "lacks skill legal"},
        {nothing, {.passed = {7}}, "was offered it before"},
        {nothing, {.passed = {8}}, "free"},
    };
    for (const auto& l : table) {
        INFO(l.why);
        CHECK(why(person(7, l.change), l.wanted) == l.why);
        CHECK_FALSE(choose({person(7, l.change)}, l.wanted).candidates[0].why.ar.empty());
    }
}

TEST_CASE("least loaded, then the longest idle", "[routing][choose]") {
    const need least{.how = method::least_loaded};
    const auto with = [](std::int64_t id, int load, std::int64_t idle, int weight = 1) {
        return person(id, [=](auto& c) {
            c.load = load;
            c.idle_seconds = idle;
            c.weight = weight;
        });
    };
    CHECK(chosen({with(1, 2, 0), with(2, 1, 0), with(3, 2, 90)}, least) == 2);
    CHECK(chosen({with(1, 1, 10), with(2, 1, 90), with(3, 1, 20)}, least) == 2);
    CHECK(chosen({with(1, 1, 10), with(2, 1, 10)}, least) == 1);
    CHECK(chosen({with(1, 1, 0), with(2, 3, 0, 4)}, least) == 2); // 3 of a share of 4 is less than 1 of 1
    CHECK(chosen({with(1, 5, 0), with(2, 4, 0)}, least) == 2);
    CHECK(chosen({with(1, 5, 0)}, least) == 0);
    CHECK(chosen({}, least) == 0);
    // Tickets weigh like conversations, but fill nobody's capacity.
    auto many = with(1, 1, 500), few = with(2, 1, 0);
    many.tickets = 9;
    few.tickets = 3;
    CHECK(chosen({many, few}, least) == 2);
    few.load = 5;
    CHECK(chosen({many, few}, least) == 1);
    // Of two alike the more skilled comes first.
    auto expert = with(2, 1, 0), beginner = with(1, 1, 500);
    expert.skills = {{"legal", 5}};
    beginner.skills = {{"legal", 1}};
    CHECK(chosen({beginner, expert}, {.how = method::least_loaded, .skills = {"legal"}}) == 2);
}

TEST_CASE("round robin goes round, in proportion to weights", "[routing][choose]") {
    std::vector<candidate> all{person(1), person(2), person(3, [](auto& c) { c.weight = 2; })};
    std::map<std::int64_t, int> given;
    std::vector<std::int64_t> order;
    for (int i = 0; i < 40; ++i) {
        auto c = choose(all, {.how = method::round_robin});
        REQUIRE(c.chosen);
        auto& p = all[*c.chosen];
        p.turn += 1.0 / p.weight;
        order.push_back(p.id);
        ++given[p.id];
    }
    CHECK(given[1] == 10);
    CHECK(given[2] == 10);
    CHECK(given[3] == 20);
    CHECK(std::vector<std::int64_t>(order.begin(), order.begin() + 4) == std::vector<std::int64_t>{1, 2, 3, 3});
}

TEST_CASE("what is said when nobody is chosen", "[routing][choose]") {
    CHECK(choose({}, {}).reason.en == "the department has nobody");
    CHECK(choose({person(1, [](auto& c) { c.online = false; })}, {}).reason.en == "nobody is free");
    CHECK(choose({person(1)}, {.passed = {1}}).reason.en == "nobody accepted it, and nobody else is free");
}

TEST_CASE("the reason names what decided", "[routing][choose]") {
    const auto one = person(1, [](auto& c) { c.idle_seconds = 90; });
    const auto two = person(2, [](auto& c) { c.idle_seconds = 10; });
    const auto busy = person(3, [](auto& c) { c.load = 2; });
    const auto full = person(4, [](auto& c) { c.load = c.capacity; });
    const auto arab = person(5, [](auto& c) { c.languages = {"ar"}; });
    const auto lawyer = person(6, [](auto& c) { c.skills = {{"legal", 5}}; });
    const auto beginner = person(7, [](auto& c) {
        c.skills = {{"legal", 1}};
        c.idle_seconds = 500;
    });
    const auto worker = person(8, [](auto& c) {
        c.load = 1;
        c.tickets = 2;
    });
    constexpr auto least = method::least_loaded;
    struct line {
        std::vector<candidate> team;
        need wanted;
        const char* why;
    };
    const line table[] = {
        {{one}, {}, "P1 is the only one who is free for it"},
        {{full, one}, {}, "P1 is the only one who is free for it"},
        {{one, two}, {}, "P1 is next in turn"},
        {{busy, one}, {.how = least}, "P1 has the least to do (0)"},
        {{worker, busy}, {.how = least}, "P3 has the least to do (2)"},
        {{two, one}, {.how = least}, "P1 has no more to do than others (0) and has been idle longest"},
        {{busy, two, one}, {.how = least}, "P1 has no more to do than others (0) and has been idle longest"},
        {{one, busy, two}, {.how = least}, "P1 has no more to do than others (0) and has been idle longest"},
        {{beginner, lawyer},
         {.how = least, .skills = {"legal"}},
         "P6 has no more to do than others (0) and is the most skilled, has the skill legal"},
        {{full, arab}, {.language = "ar-SA"}, "P5 is the only one who is free for it, speaks Arabic"},
        {{one}, {.language = "ar"}, "P1 is the only one who is free for it"}, // says nothing of languages
        {{one, two}, {.vip = true}, "P1 is next in turn; a VIP is served first"},
    };
    for (const auto& l : table) {
        INFO(l.why);
        const auto reason = choose(l.team, l.wanted).reason;
        CHECK(reason.en == l.why);
        CHECK_FALSE(reason.ar.empty());
    }
}
