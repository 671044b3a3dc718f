// Signatures of webhooks against the specification's vector and one worked out with Python's hmac.

#include "notify/retry.hpp"
#include "notify/signature.hpp"
#include "support/database.hpp"
#include <chat_centre/base/secret_box.hpp>

#include <chat_centre/base/error.hpp>

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

using namespace chat_centre;
using namespace chat_centre::notify;
using namespace std::chrono_literals;

TEST_CASE("the reference vector of Standard Webhooks", "[notify][signature]") {
    CHECK(sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
               R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK(sign_all({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                   R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("secrets", "[notify][signature]") {
    std::set<std::string> made;
    for (int i = 0; i < 20; ++i) {
        const auto s = new_secret();
        CHECK(s.starts_with("whsec_"));
        REQUIRE(secret_bytes(s));
        CHECK(secret_bytes(s)->size() == 32);
        CHECK(made.insert(s).second);
    }
    for (const char* bad : {"", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
        CHECK_FALSE(secret_bytes(bad));
        CHECK_THROWS_AS(sign(bad, "a", "1", "x"), std::invalid_argument);
    }
    const auto a = new_secret();
    const auto b = new_secret();
    CHECK(sign_all({a, b}, "m", "1", "x") == sign(a, "m", "1", "x") + " " + sign(b, "m", "1", "x"));
    CHECK(sign(a, "m", "1", "x") != sign(a, "m", "2", "x"));
}

TEST_CASE("the retry schedule is the specification's", "[notify][retry]") {
    const std::vector<std::chrono::milliseconds> expected{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    std::chrono::milliseconds all{0};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(webhook_pause(static_cast<int>(i) + 1) == expected[i]);
        all += expected[i];
        for (int n = 0; n < 50; ++n) {
            const auto p = webhook_retry(static_cast<int>(i) + 1);
            REQUIRE(p);
            CHECK(*p >= expected[i]);
            CHECK(*p <= expected[i] + expected[i] / 10);
        }
    }
    CHECK(all == 75h + 35min + 5s);
    CHECK_FALSE(webhook_pause(10));
    CHECK(webhook_pause(0) == 0ms);
    CHECK(never_give_up(&webhook_retry)(10) == 1h);
    CHECK(*never_give_up(&webhook_retry)(1) < 6s);
}

TEST_CASE("stored secrets open with the same key and purpose only", "[notify][secrets]") {
    const tests::temporary_folder folder;
    const auto data = (folder.path() / "data").string();
    const secret_box box(key_of_folder(data));
    const auto sealed = box.seal("whsec_abc", "webhook secret");
    CHECK(sealed.find("whsec") == std::string::npos);
    CHECK(sealed != box.seal("whsec_abc", "webhook secret"));
    CHECK(box.open(sealed, "webhook secret") == "whsec_abc");
    CHECK_FALSE(box.open(sealed, "integration url"));
    CHECK_FALSE(box.open("whsec_abc", "webhook secret"));
    CHECK_FALSE(box.open("v1:AAAA", "webhook secret"));
    auto changed = sealed;
    changed[10] = changed[10] == 'A' ? 'B' : 'A';
    CHECK_FALSE(box.open(changed, "webhook secret"));

    const auto file = folder.path() / "data" / "secret.key";
    CHECK(secret_box(key_of_folder(data)).open(sealed, "webhook secret") == "whsec_abc"); // the next start
    namespace fs = std::filesystem;
    CHECK((fs::status(file).permissions() & fs::perms(077)) == fs::perms::none);
    CHECK_FALSE(secret_box(key_of_text("another key of this test")).open(sealed, "webhook secret"));
    fs::permissions(file, fs::perms(0644));
    CHECK_THROWS_AS(key_of_folder(data), startup_error);
    fs::permissions(file, fs::perms(0600));
    std::ofstream(file) << "not a key";
    CHECK_THROWS_AS(key_of_folder(data), startup_error);
    const secret_box given(key_of_text("a key of the environment"));
    CHECK(given.open(given.seal("", "x"), "x") == "");
}
