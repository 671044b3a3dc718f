#include "realtime/presence.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace chat_centre::realtime;
using namespace std::chrono_literals;

namespace {

const presence_board::moment start{};
const participant sarah{3, "Sarah"};
const participant bob{4, "Bob"};
const participant visitor{};

} // namespace

TEST_CASE("staff stay online through a reload and go offline once", "[realtime]") {
    presence_board board;
    CHECK_FALSE(board.online(3));
    CHECK(board.opened(3));
    CHECK_FALSE(board.opened(3)); // a second tab
    board.closed(3, start + 10s);
    CHECK(board.gone(start + 1h).empty()); // the other tab is still open
    board.closed(3, start + 10s);
    CHECK(board.online(3));
    CHECK(board.gone(start + 9s).empty());
    CHECK_FALSE(board.opened(3)); // back within the grace: nobody hears of it
    CHECK(board.gone(start + 1h).empty());
    board.closed(3, start + 20s);
    CHECK(board.gone(start + 20s) == std::vector<std::int64_t>{3});
    CHECK(board.gone(start + 30s).empty());
    CHECK_FALSE(board.online(3));
    CHECK(board.opened(3));
}

TEST_CASE("viewers are people, not tabs", "[realtime]") {
    presence_board board;
    CHECK(board.view(1, 12, sarah, true));
    CHECK_FALSE(board.view(1, 12, sarah, true));
    CHECK_FALSE(board.view(2, 12, sarah, true));
    CHECK(board.view(3, 12, bob, true));
    REQUIRE(board.viewers(12).size() == 2);
    CHECK(board.viewers(12)[0].name == "Sarah");
    CHECK(board.viewers(13).empty());
    CHECK_FALSE(board.view(1, 12, sarah, false)); // the other tab looks on
    const auto ended = board.leave(2);
    REQUIRE(ended.size() == 1);
    CHECK((ended[0].conversation == 12 && ended[0].who.staff == 3 && !ended[0].typing));
    CHECK(board.viewers(12).size() == 1);
    CHECK(board.leave(2).empty());
    CHECK_FALSE(board.view(9, 99, sarah, false));
}

TEST_CASE("typing lapses without a renewal", "[realtime]") {
    presence_board board;
    board.view(1, 12, sarah, true);
    CHECK(board.type(1, 12, sarah, true, typing_kind::reply, start + 6s).person);
    CHECK(board.viewers(12)[0].writing);
    CHECK_FALSE(board.type(1, 12, sarah, true, typing_kind::reply, start + 10s).person); // renewed
    CHECK(board.type(5, 12, visitor, true, typing_kind::reply, start + 7s).person);
    auto ended = board.lapsed(start + 8s);
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].who.staff == 0);
    ended = board.lapsed(start + 10s);
    REQUIRE(ended.size() == 1);
    CHECK((ended[0].who.staff == 3 && ended[0].typing));
    CHECK_FALSE(board.viewers(12)[0].writing);
    CHECK_FALSE(board.type(1, 12, sarah, false, typing_kind::reply, start).person);
}

TEST_CASE("from a reply to a note: the customer must see the typing end", "[realtime]") {
    presence_board board;
    CHECK_FALSE(board.type(1, 12, sarah, true, typing_kind::reply, start + 6s).left_reply);
    CHECK(board.type(1, 12, sarah, true, typing_kind::note, start + 6s).left_reply);
    CHECK_FALSE(board.type(1, 12, sarah, true, typing_kind::note, start + 6s).left_reply);
}

TEST_CASE("a socket is in as many places as it has not left", "[realtime]") {
    presence_board board;
    for (int round = 0; round < 100; ++round) {
        board.view(1, 12, sarah, true);
        board.view(1, 12, sarah, false);
        board.type(1, 13, sarah, true, typing_kind::reply, start + 6s);
        board.type(1, 13, sarah, false, typing_kind::reply, start);
        board.type(1, 14, sarah, true, typing_kind::reply, start + 6s);
        board.lapsed(start + 7s);
    }
    CHECK(board.places(1) == 0);
    board.view(1, 12, sarah, true);
    board.type(1, 12, sarah, true, typing_kind::reply, start + 6s);
    CHECK(board.places(1) == 1);
    CHECK(board.leave(1, 12).size() == 2);
    CHECK(board.places(1) == 0);
}
