// What servers answer when they are asked for embeddings.

#include "assistant/embedding_answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>

using chat_centre::assistant::read_embeddings;

TEST_CASE("embeddings are read, in order and of length one", "[assistant]") {
    const auto two = read_embeddings(
        R"({"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],"model":"x"})", 2);
    REQUIRE(two);
    CHECK(std::abs((*two)[0][0] - 0.6F) < 1e-6F);
    CHECK(std::abs((*two)[0][1] - 0.8F) < 1e-6F);
    CHECK((*two)[1] == std::vector<float>{0, 1});
    CHECK(read_embeddings(R"({"data":[{"embedding":[1]},{"embedding":[-5]}]})", 2));
}

TEST_CASE("what are no embeddings is refused", "[assistant]") {
    std::string huge = R"({"data":[{"embedding":[1)";
    for (int i = 0; i < 5000; ++i) huge += ",1";
    huge += "]}]}";
    const std::string table[] = {
        "",
        "oops",
        "[]",
        "{}",
        R"({"data":{}})",
        R"({"data":[]})",
        R"({"data":[1]})",
        R"({"data":[{}]})",
        R"({"data":[{"embedding":[]}]})",
        R"({"data":[{"embedding":"AAAA"}]})",
        R"({"data":[{"embedding":[0,0]}]})",
        R"({"data":[{"embedding":[1,"2"]}]})",
        R"({"data":[{"embedding":[1e300,1]}]})",
        R"({"data":[{"embedding":[null]}]})",
        R"({"data":[{"index":1,"embedding":[1]}]})",
        R"({"data":[{"index":-1,"embedding":[1]}]})",
        R"({"data":[{"embedding":[1]},{"embedding":[1]}]})",
        huge,
    };
    for (const auto& body : table) {
        INFO(body.substr(0, 60));
        CHECK_FALSE(read_embeddings(body, 1));
    }
    CHECK_FALSE(read_embeddings(R"({"data":[{"embedding":[1]},{"embedding":[1,2]}]})", 2));
    CHECK_FALSE(read_embeddings(R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", 2));
}
