#include "auth/throttle.hpp"

#include "auth/login_subject.hpp"
#include "support/clock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::auth;
using namespace std::chrono_literals;

namespace {
const time_point start = *parse_time("2026-11-20T10:00:00Z", "UTC");
}

TEST_CASE("the delay of an account grows from one second to a quarter of an hour", "[auth][throttle]") {
    // The delay after the n-th failure in a row, in seconds.
    const std::vector<std::int64_t> delays{0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900};
    throttle_state s;
    auto now = start;
    for (std::size_t i = 0; i < delays.size(); ++i) {
        s = after_account_failure(s, now);
        INFO("failure " << i + 1);
        CHECK(s.failures == static_cast<std::int64_t>(i) + 1);
        CHECK(remaining(s, now).count() == delays[i]);
        CHECK(remaining(s, now + std::chrono::seconds(delays[i])).count() == 0);
        now += std::chrono::seconds(delays[i]);
    }
}

TEST_CASE("many failures do not overflow the delay", "[auth][throttle]") {
    const auto s = after_account_failure({1'000'000, start, start}, start);
    CHECK(remaining(s, start) == longest_delay);
}

TEST_CASE("a day without failures starts anew", "[auth][throttle]") {
    const throttle_state old{14, start, start};
    CHECK(after_account_failure(old, start + forget_after).failures == 15);
    const auto s = after_account_failure(old, start + forget_after + 1us);
    CHECK(s.failures == 1);
    CHECK(remaining(s, start + forget_after + 1us).count() == 0);
}

TEST_CASE("waiting is told in whole seconds, never too short", "[auth][throttle]") {
    const throttle_state s{5, start + 1500ms, start};
    CHECK(remaining(s, start).count() == 2);
    CHECK(remaining(s, start + 500ms).count() == 1);
    CHECK(remaining(s, start + 1499ms).count() == 1);
    CHECK(remaining(s, start + 1500ms).count() == 0);
    CHECK(remaining(s, start + 1h).count() == 0);
}

TEST_CASE("an address has twenty failures, then one every three seconds", "[auth][throttle]") {
    throttle_state s;
    for (int i = 1; i <= 20; ++i) {
        s = after_address_failure(s, start, 20);
        INFO("failure " << i);
        CHECK(remaining(s, start).count() == 0);
    }
    s = after_address_failure(s, start, 20);
    CHECK(remaining(s, start).count() == 3);
    CHECK(remaining(s, start + 3s).count() == 0);
    CHECK(after_address_failure(s, start + 3s, 20).blocked_until == start + 6s);
    const auto later = after_address_failure(s, start + 1min + 3s, 20);
    CHECK(later.failures == 1);
    CHECK(remaining(later, start + 1min + 3s).count() == 0);
}

TEST_CASE("steady guessing from one address stays at the rate", "[auth][throttle]") {
    // Tries every 100 ms for ten minutes; counts those that got through.
    for (const std::int64_t per_minute : {1, 20, 200}) {
        throttle_state s;
        std::int64_t through = 0;
        for (auto now = start; now < start + 10min; now += 100ms) {
            if (remaining(s, now).count() > 0) continue;
            ++through;
            s = after_address_failure(s, now, per_minute);
        }
        INFO(per_minute << " a minute");
        CHECK(through <= per_minute * 11 + 1); // the first burst, then the rate
        CHECK(through >= per_minute * 10 - 1);
    }
}

TEST_CASE("a clock that steps back does not break the arithmetic", "[auth][throttle]") {
    throttle_state s;
    std::mt19937 random(7);
    for (int i = 0; i < 1000; ++i) {
        const auto now = start + std::chrono::seconds(static_cast<int>(random() % 4000));
        s = after_address_failure(s, now, 20);
        CHECK(s.failures >= 1);
        CHECK(s.blocked_until >= now);
    }
    CHECK(after_address_failure({}, start, 0).failures == 1); // a scale that rounds to nothing
}

TEST_CASE("whose failures are counted", "[auth][throttle]") {
    CHECK(account_subject(7) == "account:STF-7");
    CHECK(unknown_subject("Sarah@Example.org") == unknown_subject("sarah@example.ORG"));
    CHECK(unknown_subject("sarah@example.org") != unknown_subject("bob@example.org"));
    CHECK(unknown_subject("my secret password").find("secret") == std::string::npos);
    CHECK(address_subject("192.0.2.7") == "address:192.0.2.7");
    CHECK(address_subject("::ffff:192.0.2.7") == "address:192.0.2.7");
    CHECK(address_subject("2001:db8:1:2:3:4:5:6") == "address:2001:db8:1:2::/64");
    CHECK(address_subject("2001:db8:1:2:ffff::1") == address_subject("2001:db8:1:2::9"));
    CHECK(address_subject("2001:db8:1:3::1") != address_subject("2001:db8:1:2::1"));
    CHECK(address_subject("unknown") == "address:unknown");
    CHECK(address_subject(std::string(10'000, 'x')).size() < 100);
}
