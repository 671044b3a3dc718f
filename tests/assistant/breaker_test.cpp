// The circuit breaker over times that a test makes up.

#include <chat_centre/assistant/breaker.hpp>

#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <string>
#include <vector>

using chat_centre::assistant::breaker;
using chat_centre::assistant::breaker_settings;
using namespace std::chrono_literals;

namespace {

using state = breaker::state;
using result = breaker::outcome;

breaker::moment second(int s) { return breaker::moment{} + std::chrono::hours(1) + std::chrono::seconds(s); }

breaker_settings small() {
    breaker_settings s;
    s.failures = 3;
    s.window = 10s;
    s.pause = 5s;
    s.longest_pause = 20s;
    return s;
}

// One call that begins and ends at this second. False: not let through.
bool call(breaker& b, int at, result r) {
    const auto pass = b.enter(second(at));
    if (pass) b.leave(*pass, r, second(at));
    return pass.has_value();
}

} // namespace

TEST_CASE("a breaker, step by step", "[breaker]") {
    struct step {
        int at;
        result what;
        bool through;
        state after;
    };
    struct path {
        const char* name;
        std::vector<step> steps;
    };
    constexpr auto ok = result::success;
    constexpr auto bad = result::failure;
    constexpr auto none = result::neither;
    const std::vector<path> paths{
        {"fewer than enough",
         {{0, bad, true, state::closed}, {1, bad, true, state::closed}, {2, ok, true, state::closed}}},
        {"successes between them do not hide a failing provider",
         {{0, bad, true, state::closed},
          {1, ok, true, state::closed},
          {2, bad, true, state::closed},
          {3, ok, true, state::closed},
          {4, bad, true, state::open}}},
        {"old ones are forgotten",
         {{0, bad, true, state::closed},
          {1, bad, true, state::closed},
          {12, bad, true, state::closed},
          {13, bad, true, state::closed},
          {14, bad, true, state::open}}},
        {"given up by the caller is no failure",
         {{0, none, true, state::closed}, {0, none, true, state::closed}, {0, none, true, state::closed}}},
        {"open, then a try that succeeds",
         {{0, bad, true, state::closed},
          {0, bad, true, state::closed},
          {0, bad, true, state::open},
          {4, ok, false, state::open},
          {5, ok, true, state::closed},
          {6, bad, true, state::closed}}},
        {"each try that fails doubles the pause, to its limit; a success makes it short again",
         {{0, bad, true, state::closed},
          {0, bad, true, state::closed},
          {0, bad, true, state::open},
          {5, bad, true, state::open},
          {14, ok, false, state::open},
          {15, bad, true, state::open},
          {34, ok, false, state::open},
          {35, bad, true, state::open},
          {54, ok, false, state::open},
          {55, ok, true, state::closed},
          {56, bad, true, state::closed},
          {56, bad, true, state::closed},
          {56, bad, true, state::open},
          {61, ok, true, state::closed}}},
        {"a try without a result leaves the place to the next",
         {{0, bad, true, state::closed},
          {0, bad, true, state::closed},
          {0, bad, true, state::open},
          {5, none, true, state::half_open},
          {5, ok, true, state::closed}}},
    };
    for (const auto& p : paths) {
        breaker b(small());
        int n = 0;
        for (const auto& s : p.steps) {
            INFO(p.name << ", step " << ++n);
            CHECK(call(b, s.at, s.what) == s.through);
            CHECK(b.now(second(s.at)) == s.after);
        }
    }
}

TEST_CASE("a breaker lets one through to try, however many ask", "[breaker]") {
    breaker b(small());
    for (int i = 0; i < 3; ++i) call(b, 0, result::failure);
    CHECK(b.now(second(4)) == state::open);
    CHECK(b.now(second(5)) == state::half_open);
    const auto first = b.enter(second(5));
    REQUIRE(first);
    CHECK_FALSE(b.enter(second(5)));
    CHECK_FALSE(b.enter(second(60)));
    b.leave(*first, result::success, second(60));
    CHECK(b.enter(second(60)));
    CHECK(b.enter(second(60)));
}

TEST_CASE("what began before the state changed does not count after it", "[breaker]") {
    breaker b(small());
    std::vector<breaker::pass> slow;
    for (int i = 0; i < 5; ++i) slow.push_back(*b.enter(second(0)));
    for (int i = 0; i < 3; ++i) b.leave(slow[static_cast<std::size_t>(i)], result::failure, second(1));
    REQUIRE(b.now(second(1)) == state::open);
    b.leave(slow[3], result::success, second(2));
    CHECK(b.now(second(2)) == state::open);
    const auto probe = b.enter(second(6));
    REQUIRE(probe);
    b.leave(slow[4], result::failure, second(6)); // not the probe's outcome
    b.leave(*probe, result::success, second(6));
    CHECK(b.now(second(6)) == state::closed);
}
