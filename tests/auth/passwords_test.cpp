#include <chat_centre/auth/accounts.hpp>
#include <chat_centre/auth/passwords.hpp>
#include <chat_centre/base/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>
#include <sodium.h>

#include <chrono>
#include <set>
#include <string>

using namespace chat_centre;
using namespace chat_centre::auth;

TEST_CASE("which passwords may be chosen", "[auth][password]") {
    struct line {
        std::string password;
        bool good;
    };
    const line table[] = {
        {"green lantern by the river", true},
        {"twelve chars", true},
        {"eleven char", false},
        {"", false},
        {std::string(128, 'a') + "b", false},
        {std::string(127, 'a') + "b", true},
        {std::string(20, 'a'), false}, // one letter only
        {"كلمة سر طويلة", true},
        {"ñandú-ñandú", true}, // 11 characters, 14 bytes
        {"password1234", false},
        {"PassWord1234", false},
        {"administrator", false},
        {"correcthorsebatterystaple", false},
        {"password1234 of mine", true},
    };
    for (const auto& l : table) {
        INFO(l.password);
        CHECK(password_fault(l.password).has_value() != l.good);
    }
    CHECK_FALSE(is_common_password("green lantern by the river"));
}

TEST_CASE("a generated password is good and never the same", "[auth][password]") {
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) {
        const auto p = generate_password();
        CHECK(p.size() == 23);
        CHECK_FALSE(password_fault(p));
        seen.insert(p);
    }
    CHECK(seen.size() == 50);
}

TEST_CASE("hashes are argon2id with the costs we state", "[auth][password]") {
    const auto hash = hash_password("green lantern by the river");
    CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(hash_password("green lantern by the river") != hash);
    const auto right = verify_password(hash, "green lantern by the river");
    CHECK(right.matches);
    CHECK_FALSE(right.needs_rehash);
    CHECK_FALSE(verify_password(hash, "green lantern by the rive").matches);
    CHECK_FALSE(verify_password(hash, "").matches);
    CHECK_FALSE(verify_password("", "x").matches);
    CHECK_FALSE(verify_password("not a hash", "x").matches);
    CHECK_FALSE(verify_password(std::string(500, '$'), "x").matches);
}

TEST_CASE("a hash of other costs is right and wants to be made anew", "[auth][password]") {
    char weak[crypto_pwhash_STRBYTES];
    REQUIRE(crypto_pwhash_str(weak, "secret", 6, 1, 8192 * 1024) == 0);
    const auto verdict = verify_password(weak, "secret");
    CHECK(verdict.matches);
    CHECK(verdict.needs_rehash);
    CHECK_FALSE(verify_password(weak, "secreT").needs_rehash);
}

TEST_CASE("the pool answers a bounded number and refuses the rest at once", "[auth][password][threads]") {
    boost::asio::io_context io;
    int right = 0, refused = 0;
    {
        password_pool pool(2, 4);
        const auto hash = hash_password("green lantern by the river");
        const auto once = [](password_pool& p, std::string h, int& good,
                             int& full) -> boost::asio::awaitable<void> {
            try {
                const auto verdict = co_await p.verify(std::move(h), "green lantern by the river");
                good += verdict.matches ? 1 : 0;
            } catch (const error& e) {
                full += e.status() == 503 && e.retry_after() ? 1 : 0;
            }
        };
        for (int i = 0; i < 20; ++i)
            boost::asio::co_spawn(io, once(pool, hash, right, refused), boost::asio::detached);
        io.run();
        CHECK(right == 6);
        CHECK(refused == 14);

        // And there is room again.
        io.restart();
        boost::asio::co_spawn(io, once(pool, hash, right, refused), boost::asio::detached);
        io.run();
        CHECK(right == 7);
    }
}

TEST_CASE("an unknown account costs what a known one costs, and never matches", "[auth][password]") {
    boost::asio::io_context io;
    password_pool pool;
    bool matched = true;
    std::chrono::microseconds known{}, unknown{};
    const auto run = [](password_pool& p, std::string hash, bool& out,
                        std::chrono::microseconds& took) -> boost::asio::awaitable<void> {
        for (int i = 0; i < 10; ++i) {
            const auto start = std::chrono::steady_clock::now();
            const auto verdict = co_await p.verify(hash, "a wrong password");
            took += std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                          start);
            out = verdict.matches;
        }
    };
    boost::asio::co_spawn(io, run(pool, "", matched, unknown), boost::asio::detached);
    io.run();
    CHECK_FALSE(matched);
    io.restart();
    boost::asio::co_spawn(io, run(pool, hash_password("green lantern by the river"), matched, known),
                          boost::asio::detached);
    io.run();
    CHECK_FALSE(matched);
    // Generous, since other work shares the machine; a missing hash would be a factor of hundreds.
    CHECK(unknown * 4 > known);
    CHECK(known * 4 > unknown);
}

TEST_CASE("e-mail addresses and names", "[auth][account]") {
    for (const char* good :
         {"admin@localhost", "sarah@example.org", "s.j+tag@mail.example.org", "ß@example.org"}) {
        INFO(good);
        CHECK_FALSE(email_fault(good));
    }
    const std::string long_local = std::string(65, 'a') + "@example.org";
    const std::string long_all = "a@" + std::string(300, 'b');
    for (const std::string& bad : std::vector<std::string>{
             "", "@", "sarah", "sarah@", "@example.org", "a@b@c", "a b@example.org", "a@.org", "a@org.",
             "a@b..c", "Sarah <s@example.org>", "a@b,c@d", "a\n@example.org", long_local, long_all}) {
        INFO(bad);
        CHECK(email_fault(bad));
    }
    CHECK_FALSE(name_fault("Sarah Johnson"));
    CHECK_FALSE(name_fault("سارة"));
    CHECK(name_fault("Sarah\nJohnson"));
    CHECK(name_fault("Sarah\x7f"));
    CHECK(name_fault("Sarah\xe2\x80\xae"));
    CHECK(name_fault("\xe2\x81\xa6Sarah"));
}
