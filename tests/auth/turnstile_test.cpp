#include "auth/turnstile.hpp"

#include <chat_centre/base/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

using namespace chat_centre;
using namespace chat_centre::auth;

namespace {

struct record {
    std::map<std::string, int> inside;
    int most = 0;
    int refused = 0;
    std::vector<int> order;
};

boost::asio::awaitable<void> pass(turnstile& gate, std::string key, int number, record& r) {
    try {
        const auto ticket = co_await gate.enter(key);
        r.most = std::max(r.most, ++r.inside[key]);
        r.order.push_back(number);
        for (int i = 0; i < 3; ++i) co_await boost::asio::post(boost::asio::use_awaitable);
        --r.inside[key];
        if (number % 7 == 3) throw std::runtime_error("a failure leaves too");
    } catch (const error& e) {
        r.refused += e.status() == 503 ? 1 : 0;
    } catch (const std::runtime_error&) {
    }
}

} // namespace

TEST_CASE("one at a time per account, in order, others beside it", "[auth][turnstile]") {
    boost::asio::io_context io;
    turnstile gate(100);
    record sarah, bob;
    for (int i = 0; i < 40; ++i) {
        boost::asio::co_spawn(io, pass(gate, "sarah", i, sarah), boost::asio::detached);
        boost::asio::co_spawn(io, pass(gate, "bob", i, bob), boost::asio::detached);
    }
    io.run();
    CHECK(sarah.most == 1);
    CHECK(bob.most == 1);
    CHECK(sarah.order.size() == 40);
    CHECK(std::is_sorted(sarah.order.begin(), sarah.order.end()));
    CHECK(bob.order.size() == 40);
    CHECK(gate.lines() == 0);
}

TEST_CASE("a bounded number waits", "[auth][turnstile]") {
    boost::asio::io_context io;
    turnstile gate(5);
    record r;
    for (int i = 0; i < 20; ++i) boost::asio::co_spawn(io, pass(gate, "sarah", i, r), boost::asio::detached);
    io.run();
    CHECK(r.order.size() == 6);
    CHECK(r.refused == 14);
    CHECK(gate.lines() == 0);
}

TEST_CASE("work that is cut off while it waits", "[auth][turnstile]") {
    record r;
    {
        boost::asio::io_context io;
        turnstile gate(5); // goes before the context, as in the server: its lines hold timers of it
        for (int i = 0; i < 4; ++i)
            boost::asio::co_spawn(io, pass(gate, "sarah", i, r), boost::asio::detached);
        io.run_one();
        io.run_one();
    } // the context goes with coroutines inside and waiting
    CHECK(r.order.size() <= 4);
}
