#include <chat_centre/base/newest.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using chat_centre::newest;

TEST_CASE("what was read earlier does not take the place of what was read later", "[base][newest]") {
    newest<std::string> copy;
    const auto put = [&](std::int64_t head, const char* text) {
        copy.put(head, std::make_shared<const std::string>(text));
        return *copy.get();
    };
    CHECK(copy.get()->empty()); // before the first reading
    CHECK(put(0, "a log without events") == "a log without events");
    CHECK(put(7, "seven") == "seven");
    CHECK(put(5, "five, read slowly") == "seven");
    CHECK(put(7, "seven again") == "seven again");
    CHECK(put(8, "eight") == "eight");
}
